/** What a client knows about its way to the engine, whichever door it uses. */
import type { ClientLink } from '@orpc/client';

/**
 * `connecting`: the first attempt is under way. `live`: calls go through. `lost`: nobody answers; the client keeps
 * trying. `signed-out`: somebody answers but no longer accepts this browser, so a new link is needed.
 */
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'signed-out';

export interface Connection {
  state(): ConnectionState;
  /** Calls back after every change of state; the returned function ends it. Fits `useSyncExternalStore`. */
  subscribe(callback: () => void): () => void;
  /** Tries again now instead of after the pause. Does nothing unless the connection is lost. */
  retry(): void;
  /** Ends the connection for good and rejects what still waits. */
  close(): void;
}

/** A connection that oRPC can make calls on. */
export interface Transport extends Connection {
  readonly link: ClientLink<Record<never, never>>;
}

/** A call could not be made, or its answer did not arrive. It is never made again by itself. */
export class ConnectionLostError extends Error {
  /** True when the call had been sent: it may have been done or not. */
  readonly sent: boolean;

  constructor(sent: boolean, cause?: unknown) {
    super(
      sent
        ? 'The connection to Trackside broke before the answer came, so this may or may not have been done.'
        : 'Trackside does not answer, so this was not done.',
      { cause },
    );
    this.name = 'ConnectionLostError';
    this.sent = sent;
  }
}

/** Holds a connection's state and tells about its changes. */
export function createStateHolder(initial: ConnectionState) {
  let state = initial;
  const callbacks = new Set<() => void>();
  return {
    get: () => state,
    set(next: ConnectionState): void {
      if (next === state) return;
      state = next;
      for (const callback of [...callbacks]) callback();
    },
    subscribe(callback: () => void): () => void {
      callbacks.add(callback);
      return () => {
        callbacks.delete(callback);
      };
    },
  };
}
