/** Follows one of a runner's logs for as long as it is shown. */
import { type RefObject, useEffect, useState } from 'react';
import type { LogChunk } from '../../../shared/contract.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient, useConnection } from '../../store/session.ts';
import { addChunk, emptyLog, type LogBuffer, maxLines } from './log-buffer.ts';

export type LogSource = 'listener' | 'job';

export interface FollowedLog {
  buffer: LogBuffer;
  /** `loading`: nothing has come yet. */
  state: 'loading' | 'live' | 'ended' | 'failed';
  problem: ShownProblem | null;
}

const notYet: FollowedLog = { buffer: emptyLog, state: 'loading', problem: null };

/** Pieces that come within this time are shown together. */
const gatherMs = 80;

/**
 * @param reading whether somebody reads further up, so that no line is taken away yet
 */
export function useLog(runnerId: string, source: LogSource, reading: RefObject<boolean>): FollowedLog {
  const client = useClient();
  const connected = useConnection().state === 'live';
  const [log, setLog] = useState(notYet);
  useEffect(() => {
    if (!connected) return;
    const ending = new AbortController();
    const gathered = gather((chunks) =>
      setLog((before) => ({
        buffer: chunks.reduce((buffer, chunk) => addChunk(buffer, chunk, reading.current), before.buffer),
        state: 'live',
        problem: null,
      })),
    );
    const follow = async (): Promise<void> => {
      const { signal } = ending;
      const chunks = await client.runners.log({ runnerId, source, lines: maxLines }, { signal });
      for await (const chunk of chunks) {
        if (signal.aborted) return;
        gathered.add(chunk);
      }
    };
    follow().then(
      () => finish('ended', null),
      (error: unknown) => finish('failed', problemOf(error)),
    );
    const finish = (state: 'ended' | 'failed', problem: ShownProblem | null): void => {
      if (ending.signal.aborted) return;
      gathered.flush();
      setLog((before) => ({ ...before, state, problem }));
    };
    return () => {
      ending.abort();
      gathered.drop();
    };
  }, [client, runnerId, source, connected, reading]);
  return log;
}

/** Hands what was added over in one go, a moment after the first of it. */
function gather(handOver: (chunks: LogChunk[]) => void) {
  let waiting: LogChunk[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const chunks = waiting;
    waiting = [];
    if (chunks.length > 0) handOver(chunks);
  };
  return {
    add(chunk: LogChunk): void {
      waiting.push(chunk);
      timer ??= setTimeout(flush, gatherMs);
    },
    flush,
    drop(): void {
      if (timer !== null) clearTimeout(timer);
      waiting = [];
    },
  };
}
