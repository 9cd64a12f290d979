import { expect, test } from 'vitest';
import type { BoardEvent } from '../../shared/board.ts';
import { emptyBoard } from '../../shared/board-apply.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import type { TracksideClient } from './client.ts';
import { watchBoard } from './watch-board.ts';

const board = emptyBoard({
  now: 0,
  version: '0',
  demo: false,
  host: null,
  load: null,
  tokenStore: 'memory',
  dataFolder: '/data',
  settings: defaultSettings,
  surroundings: null,
  quitting: null,
});
const snapshot = (sequence: number): BoardEvent => ({ kind: 'snapshot', sequence, board });
const changes = (sequence: number): BoardEvent => ({ kind: 'changes', sequence, changes: [] });

/** A client whose n-th subscription yields the n-th list, then fails when it is an error, else stays open. */
function scripted(streams: (BoardEvent | Error)[][]) {
  let subscriptions = 0;
  async function* stream(signal: AbortSignal | undefined) {
    const items = streams[subscriptions++] ?? [];
    for (const item of items) {
      if (item instanceof Error) throw item;
      yield item;
    }
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  }
  const watch = async (_input: unknown, options?: { signal?: AbortSignal }) => stream(options?.signal);
  return { board: { watch } } as unknown as Pick<TracksideClient, 'board'>;
}

/** Follows until `count` events have come. */
function collect(client: Pick<TracksideClient, 'board'>, count: number) {
  const seen: BoardEvent[] = [];
  const interruptions: unknown[] = [];
  return new Promise<{ seen: BoardEvent[]; interruptions: unknown[] }>((resolve) => {
    const stop = watchBoard(
      client,
      (event) => {
        seen.push(event);
        if (seen.length < count) return;
        stop();
        resolve({ seen, interruptions });
      },
      {
        onInterruption: (error) => interruptions.push(error),
        after: (_delayMs, callback) => void setImmediate(callback),
      },
    );
  });
}

test('changes in order are passed on', async () => {
  const client = scripted([[snapshot(7), changes(8), changes(9)]]);
  const { seen } = await collect(client, 3);
  expect(seen.map((event) => event.sequence)).toEqual([7, 8, 9]);
});

test('a snapshot in the middle of a stream starts the count anew', async () => {
  const client = scripted([[snapshot(0), changes(1), snapshot(40), changes(41)]]);
  const { seen } = await collect(client, 4);
  expect(seen.map((event) => event.sequence)).toEqual([0, 1, 40, 41]);
});

test.each([
  ['a gap', [snapshot(0), changes(1), changes(3)]],
  ['a repetition', [snapshot(0), changes(1), changes(1)]],
])('after %s a new stream is asked for and the change is not passed on', async (_name, first) => {
  const client = scripted([first, [snapshot(50), changes(51)]]);
  const { seen } = await collect(client, 4);
  expect(seen.map((event) => event.sequence)).toEqual([0, 1, 50, 51]);
});

test('a stream that begins with changes is not believed', async () => {
  const client = scripted([[changes(4)], [snapshot(9)]]);
  const { seen } = await collect(client, 1);
  expect(seen.map((event) => event.sequence)).toEqual([9]);
});

test('a stream that fails is asked for again and the failure told', async () => {
  const failure = new Error('broken');
  const client = scripted([[snapshot(0), failure], [snapshot(3)]]);
  const { seen, interruptions } = await collect(client, 2);
  expect(seen.map((event) => event.sequence)).toEqual([0, 3]);
  expect(interruptions).toEqual([failure]);
});
