/** Follows the board for as long as the page lives. */
import type { BoardEvent } from '../../shared/board.ts';
import type { TracksideClient } from './client.ts';

/** Pause before asking again after a stream ended or failed. */
const pauseMs = 500;

export interface WatchBoardOptions {
  /** Told of what ended a stream, before the next one is asked for. */
  onInterruption?: (error: unknown) => void;
  /** Calls back once after `delayMs` milliseconds. */
  after?: (delayMs: number, callback: () => void) => void;
}

/**
 * Calls `onEvent` with a snapshot and then with every change in order. When a sequence number is missing, or the stream
 * ends, it asks for a new one, which begins with a snapshot again; a change after a gap is never passed on.
 * @returns a function that ends it
 */
export function watchBoard(
  client: Pick<TracksideClient, 'board'>,
  onEvent: (event: BoardEvent) => void,
  options: WatchBoardOptions = {},
): () => void {
  const { onInterruption = () => {} } = options;
  const after = options.after ?? ((delayMs, callback) => void setTimeout(callback, delayMs));
  const ending = new AbortController();

  async function follow(): Promise<void> {
    while (!ending.signal.aborted) {
      let gap = false;
      try {
        gap = await followOnce(client, onEvent, ending.signal);
      } catch (error) {
        if (!ending.signal.aborted) onInterruption(error);
      }
      if (!gap && !ending.signal.aborted) await new Promise<void>((resolve) => after(pauseMs, resolve));
    }
  }
  void follow();
  return () => ending.abort();
}

/** Follows one stream; resolves with true when a sequence number was missing, with false when the stream ended. */
async function followOnce(
  client: Pick<TracksideClient, 'board'>,
  onEvent: (event: BoardEvent) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let next: number | null = null;
  for await (const event of await client.board.watch(undefined, { signal })) {
    if (signal.aborted) return false;
    if (event.kind === 'changes' && event.sequence !== next) return true;
    next = event.sequence + 1;
    onEvent(event);
  }
  return false;
}
