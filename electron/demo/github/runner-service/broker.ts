/** Sessions and the long poll through which runners are told of jobs (docs/practice-runner.md, calls 5, 6, 12). */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import type { RunnerMessage, RunnerRecord, SessionRecord } from '../model.ts';
import type { Store } from '../store.ts';
import type { JobQueue } from '../workflow/queue.ts';

const pollMs = 50_000;
const sessionMs = 100_000;

export interface Broker {
  /** Opens a session; `undefined` while another of this runner is alive. */
  open(runner: RunnerRecord, ownerName: string): SessionRecord | undefined;
  /** The runner's session of this id. */
  session(runner: RunnerRecord, id: string): SessionRecord | undefined;
  /** Waits for a message, at most 50 s; `undefined` when there was none or `signal` aborted. */
  poll(
    session: SessionRecord,
    options: { isReady: boolean; addressOfRunService: string; signal: AbortSignal },
  ): Promise<RunnerMessage | undefined>;
  close(session: SessionRecord): void;
  /** Whether the runner has a session that polled within the last 100 s. */
  isOnline(runner: RunnerRecord): boolean;
  dispose(): void;
}

interface Waiter {
  session: SessionRecord;
  isReady: boolean;
  addressOfRunService: string;
  answer(message: RunnerMessage | undefined): void;
}

/** Creates the broker; it looks for work for the waiting runners at every change of the state. */
export function createBroker({
  store,
  clock,
  queue,
}: {
  store: Store;
  clock: Clock;
  queue: JobQueue;
}): Broker {
  const { data } = store;
  const waiters = new Map<string, Waiter>();
  const isAlive = (session: SessionRecord) =>
    waiters.has(session.id) || session.lastPollAtMs + sessionMs > clock.now();

  const nextMessage = ({ session, isReady, addressOfRunService }: Waiter): RunnerMessage | undefined => {
    const waiting = session.messages.shift();
    if (waiting) return waiting;
    const runner = store.runner(session.runnerId);
    const job = isReady && runner ? queue.offerTo(runner) : undefined;
    if (!job) return undefined;
    const body = { runner_request_id: job.requestId, run_service_url: addressOfRunService };
    return {
      messageId: store.nextId('message'),
      messageType: 'RunnerJobRequest',
      body: JSON.stringify(body),
    };
  };

  const deliver = () => {
    for (const waiter of [...waiters.values()]) {
      if (!data.sessions.includes(waiter.session)) {
        waiter.answer(undefined);
        continue;
      }
      const message = nextMessage(waiter);
      if (message) waiter.answer(message);
    }
  };
  store.changes.addEventListener('change', deliver);

  const close: Broker['close'] = (session) => {
    data.sessions = data.sessions.filter((other) => other.id !== session.id);
    waiters.get(session.id)?.answer(undefined);
    store.changed();
  };

  const stamp = (session: SessionRecord) => {
    session.lastPollAtMs = clock.now();
    const runner = store.runner(session.runnerId);
    if (runner) runner.lastSeenAtMs = clock.now();
  };

  return {
    open(runner, ownerName) {
      const present = data.sessions.filter((session) => session.runnerId === runner.id);
      if (present.some(isAlive)) return undefined;
      for (const session of present) close(session);
      const session = {
        id: randomUUID(),
        runnerId: runner.id,
        ownerName,
        lastPollAtMs: clock.now(),
        messages: [],
      };
      data.sessions.push(session);
      stamp(session);
      store.changed();
      return session;
    },
    session: (runner, id) =>
      data.sessions.find((session) => session.id === id && session.runnerId === runner.id),
    poll(session, { isReady, addressOfRunService, signal }) {
      waiters.get(session.id)?.answer(undefined);
      stamp(session);
      return new Promise((resolve) => {
        const waiter: Waiter = { session, isReady, addressOfRunService, answer };
        function answer(message: RunnerMessage | undefined) {
          cancelTimer();
          signal.removeEventListener('abort', giveUp);
          if (waiters.get(session.id) === waiter) waiters.delete(session.id);
          stamp(session);
          resolve(message);
        }
        const giveUp = () => answer(undefined);
        const cancelTimer = clock.after(pollMs, giveUp);
        signal.addEventListener('abort', giveUp);
        if (signal.aborted) return giveUp();
        waiters.set(session.id, waiter);
        // A change, so that whoever watches sees the runner online; it also looks for a message for it.
        store.touched();
      });
    },
    close,
    isOnline: (runner) => data.sessions.some((session) => session.runnerId === runner.id && isAlive(session)),
    dispose() {
      store.changes.removeEventListener('change', deliver);
      for (const waiter of [...waiters.values()]) waiter.answer(undefined);
    },
  };
}
