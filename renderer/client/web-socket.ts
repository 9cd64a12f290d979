/** The way to the engine in a browser: a WebSocket that is opened again when it breaks. */
import { RPCLink } from '@orpc/client/websocket';
import { callOn } from './calls.ts';
import { ConnectionLostError, createStateHolder, type Transport } from './connection.ts';

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** The one subscription that waits for a connection instead of being refused, because it only reads and is restarted. */
const patientCall = 'board.watch';

export interface WebSocketTransportOptions {
  url: string;
  /** Whether the server would still accept this browser; rejects when nobody answers. */
  isSignedIn: () => Promise<boolean>;
  openSocket?: (url: string) => WebSocket;
  /** Calls back once after `delayMs` milliseconds; the returned function cancels it. */
  after?: (delayMs: number, callback: () => void) => () => void;
  /** A number from 0 up to 1, so that many panels do not come back at the same moment. */
  random?: () => number;
}

interface Live {
  socket: WebSocket;
  link: RPCLink<Record<never, never>>;
}

/**
 * Opens a WebSocket and keeps it open, with growing pauses between attempts. Calls made while it is lost are refused at
 * once, calls that were under way when it broke are rejected, and none is ever sent twice.
 */
export function createWebSocketTransport(options: WebSocketTransportOptions): Transport {
  const { url, isSignedIn, random = Math.random } = options;
  const openSocket = options.openSocket ?? ((address) => new WebSocket(address));
  const after = options.after ?? afterOnHost;
  const state = createStateHolder('connecting');
  let live: Live | null = null;
  let failedAttempts = 0;
  let cancelRetry: (() => void) | null = null;
  let socket: WebSocket | null = null;
  let closed = false;

  function connect(): void {
    cancelRetry = null;
    const opened = openSocket(url);
    socket = opened;
    const link = new RPCLink<Record<never, never>>({ websocket: opened });
    opened.addEventListener('open', () => {
      failedAttempts = 0;
      live = { socket: opened, link };
      state.set('live');
    });
    opened.addEventListener('close', () => {
      live = null;
      if (closed) return;
      if (state.get() !== 'signed-out') state.set('lost');
      scheduleRetry();
      isSignedIn().then(
        (signedIn) => !closed && !live && state.set(signedIn ? 'lost' : 'signed-out'),
        () => !closed && !live && state.set('lost'),
      );
    });
  }

  function scheduleRetry(): void {
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failedAttempts);
    failedAttempts += 1;
    cancelRetry = after(pauseMs * (0.5 + random() / 2), connect);
  }

  connect();
  return {
    link: {
      async call(path, input, callOptions) {
        if (!live) await whenLive(state, path.join('.') === patientCall, callOptions.signal, () => closed);
        if (!live) throw new ConnectionLostError(false);
        const { link, socket: used } = live;
        return callOn(link, () => used.readyState !== used.OPEN, path, input, callOptions);
      },
    },
    state: state.get,
    subscribe: state.subscribe,
    retry() {
      if (!cancelRetry) return;
      cancelRetry();
      connect();
    },
    close() {
      closed = true;
      cancelRetry?.();
      socket?.close();
      live = null;
      state.set('lost');
    },
  };
}

/** Resolves when the state is live; rejects once it is lost, unless the caller is patient, and when it is closed. */
function whenLive(
  state: ReturnType<typeof createStateHolder>,
  patient: boolean,
  signal: AbortSignal | undefined,
  isClosed: () => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      unsubscribe();
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const check = (): void => {
      const now = state.get();
      if (now === 'live') settle(resolve);
      else if (isClosed() || (now !== 'connecting' && !patient)) {
        settle(() => reject(new ConnectionLostError(false)));
      }
    };
    const unsubscribe = state.subscribe(check);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    else check();
  });
}

function afterOnHost(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
