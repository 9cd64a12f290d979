/** Sessions and the long poll through which runners are told of jobs (docs/practice-runner.md, calls 5, 6, 12). */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import type { RunnerMessage, RunnerRecord, SessionRecord } from '../model.ts';
import type { Store } from '../store.ts';
import type { JobQueue, OfferRound } from '../workflow/queue.ts';
import type { ForcedUpdates } from './forced-updates.ts';

const pollMs = 50_000;
const sessionMs = 100_000;

interface PollOptions {
  /** Whether the runner can take a job. */
  isReady: boolean;
  /** `http://HOST`, from which the addresses in messages are made. */
  root: string;
  /** The version that polls. */
  version: string;
  /** Whether it may update itself. */
  mayUpdate: boolean;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

export interface Broker {
  /** Opens a session; `undefined` while another of this runner is alive. */
  open(runner: RunnerRecord, ownerName: string): SessionRecord | undefined;
  /** The runner's session of this id. */
  session(runner: RunnerRecord, id: string): SessionRecord | undefined;
  /** Waits for a message, at most 50 s; `undefined` when there was none or `signal` aborted. */
  poll(session: SessionRecord, options: PollOptions): Promise<RunnerMessage | undefined>;
  close(session: SessionRecord): void;
  /** Whether the runner has a session that polled within the last 100 s. */
  isOnline(runner: RunnerRecord): boolean;
  dispose(): void;
}

interface Waiter extends Omit<PollOptions, 'signal'> {
  session: SessionRecord;
  answer(message: RunnerMessage | undefined): void;
}

/** What a waiting runner is to be told: what was left for it, else a job that fits it. */
function nextMessage(store: Store, waiter: Waiter, round: OfferRound): RunnerMessage | undefined {
  const { session, isReady, root } = waiter;
  const waiting = session.messages.shift();
  if (waiting) return waiting;
  const runner = store.runner(session.runnerId);
  const job = isReady && runner ? round.offerTo(runner) : undefined;
  if (!job) return undefined;
  const body = { runner_request_id: job.requestId, run_service_url: `${root}/_runner/run` };
  return { messageId: store.nextId('message'), messageType: 'RunnerJobRequest', body: JSON.stringify(body) };
}

/** Waits in the list until it is answered, the time is over or the client is gone. */
function waitIn(
  waiters: Map<string, Waiter>,
  clock: Clock,
  { signal, ...poll }: PollOptions & { session: SessionRecord },
): Promise<RunnerMessage | undefined> {
  const { session } = poll;
  return new Promise((resolve) => {
    const waiter: Waiter = { ...poll, answer };
    const giveUp = () => answer(undefined);
    const cancelTimer = clock.after(pollMs, giveUp);
    function answer(message: RunnerMessage | undefined) {
      cancelTimer();
      signal.removeEventListener('abort', giveUp);
      if (waiters.get(session.id) === waiter) waiters.delete(session.id);
      resolve(message);
    }
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp);
    waiters.set(session.id, waiter);
  });
}

/** Creates the broker; it looks for work for the waiting runners at every change of the state. */
export function createBroker({
  store,
  clock,
  queue,
  updates,
}: {
  store: Store;
  clock: Clock;
  queue: JobQueue;
  updates: ForcedUpdates;
}): Broker {
  const { data } = store;
  const waiters = new Map<string, Waiter>();
  const isAlive = (session: SessionRecord) =>
    waiters.has(session.id) || session.lastPollAtMs + sessionMs > clock.now();

  /** Session and version of the updates that were ordered: each once. */
  const ordered = new Set<string>();
  const orderUpdate = ({ session, root, version, mayUpdate, answer }: Waiter): void => {
    const runner = store.runner(session.runnerId);
    const wanted = runner && updates.wanted({ name: runner.name, version });
    if (!runner || !wanted) return;
    // Its next poll is refused.
    if (!mayUpdate) {
      answer(undefined);
      return;
    }
    const order = `${session.id}:${wanted}`;
    if (ordered.has(order)) return;
    ordered.add(order);
    updates.take(runner);
    updates.body(runner, wanted, root).then(
      (body) => {
        session.messages.push({
          messageId: store.nextId('message'),
          messageType: 'RunnerRefreshMessage',
          body,
        });
        store.changed();
      },
      () => ordered.delete(order),
    );
  };

  const deliver = () => {
    if (waiters.size === 0) return;
    const round = queue.round();
    for (const waiter of [...waiters.values()]) {
      if (!data.sessions.includes(waiter.session)) {
        waiter.answer(undefined);
        continue;
      }
      orderUpdate(waiter);
      if (waiters.get(waiter.session.id) !== waiter) continue;
      const message = nextMessage(store, waiter, round);
      if (message) waiter.answer(message);
    }
  };
  store.changes.addEventListener('change', deliver);

  const close: Broker['close'] = (session) => {
    data.sessions = data.sessions.filter((other) => other.id !== session.id);
    // What it was sent and has not taken is for others.
    for (const job of store.openJobs()) if (job.offer?.runnerId === session.runnerId) job.offer = null;
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
    async poll(session, options) {
      waiters.get(session.id)?.answer(undefined);
      stamp(session);
      const answered = waitIn(waiters, clock, { ...options, session });
      // A change, so that whoever watches sees the runner online; it also looks for a message for it.
      store.touched();
      const message = await answered;
      stamp(session);
      return message;
    },
    close,
    isOnline: (runner) =>
      runner.pose === 'online' ||
      data.sessions.some((session) => session.runnerId === runner.id && isAlive(session)),
    dispose() {
      store.changes.removeEventListener('change', deliver);
      for (const waiter of [...waiters.values()]) waiter.answer(undefined);
    },
  };
}
