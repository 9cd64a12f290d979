/** Carries out what the autoscaler decides for one pool. */
import type { Hold, Pool, PoolState } from '../../shared/model.ts';
import { defaultIdleTimeoutMs } from '../../shared/pool-defaults.ts';
import type { Clock } from '../platform/clock.ts';
import { decideScale } from './autoscaler/decide.ts';
import type { ScalableRunner, ScalableState, ScaleDecision } from './autoscaler/scaling.ts';
import type { LiveRunner } from './live-runner.ts';

/** What is known of a pool beside its record, as long as the engine lives. */
export interface PoolContext {
  lastJobEndedAt: number | null;
  /** Runners that are leaving or could not leave; the value is when that may be tried again. */
  retiring: Map<string, number>;
  /** Busy runners that were asked to leave after their job by a pause. */
  drained: Set<string>;
  /** What the last deploy failed with; null since one has succeeded. */
  trouble: string | null;
  /** Nothing is started before: not even the records of the last ones could be written. Epoch milliseconds. */
  blockedUntil: number;
}

/** A runner that could not leave (the forge did not answer, a job came) is asked again after so long. */
const retryLeavingMs = 15_000;
/** How long nothing is started after runners could not even be written down. */
const blockedMs = 15_000;
/** A failed runner of a pool that manages itself is taken away after so long when nothing waits. */
const keepFailedMs = 10 * 60_000;

export interface PoolScalingInput {
  pool: Pool;
  runners: readonly LiveRunner[];
  queuedAt: readonly number[];
  pause: Hold | null;
  nextChangeAt: number | null;
  context: PoolContext;
  clock: Clock;
  admit(): Promise<{ count: number; hold: Hold | null }>;
  add(count: number, cause: string): Promise<unknown>;
  remove(runnerId: string): void;
  /** Asks the forge once more whether a job waits that the pool could take. */
  isWantedNow(): Promise<boolean>;
  /** Whether the queue was last read too long ago to let a runner go for want of jobs. */
  isStale(): boolean;
  onFault(error: unknown): void;
}

/** Decides for one pool, begins what follows, and tells how the pool stands. */
export async function scalePool(input: PoolScalingInput): Promise<PoolState> {
  const { pool, queuedAt, pause, nextChangeAt, context, clock } = input;
  const { lifecycle } = pool;
  const room = await roomFor(input);
  const now = clock.now();
  const decision = decideScale({
    ...pool.scaling,
    now,
    mode: lifecycle.mode === 'ephemeral' ? 'ephemeral' : 'auto',
    idleTimeoutMs: lifecycle.mode === 'auto' ? lifecycle.idleTimeoutMs : defaultIdleTimeoutMs,
    queuedAt,
    runners: input.runners.map(scalable),
    lastJobEndedAt: context.lastJobEndedAt,
    room,
    pause,
  });
  showDeadlines(input.runners, decision);
  drainBusy(input);
  retire(input, decision);
  removeFailed(input, now);
  await start(input, decision);
  return {
    id: pool.id,
    demand: queuedAt.length,
    wanted: decision.wanted,
    cause: decision.cause,
    hold: decision.hold,
    nextAt: earliest([
      decision.nextAt,
      nextChangeAt,
      ...context.retiring.values(),
      ...(context.blockedUntil > now ? [context.blockedUntil] : []),
    ]),
  };
}

async function start({ add, context, clock, onFault }: PoolScalingInput, decision: ScaleDecision) {
  if (decision.start === 0) return;
  try {
    await add(decision.start, decision.cause);
    context.blockedUntil = 0;
  } catch (error) {
    onFault(error);
    context.trouble = error instanceof Error ? error.message : String(error);
    context.blockedUntil = clock.now() + blockedMs;
  }
}

/** After a failed deploy others would fail likewise: the pool waits until that one has come through or was removed. */
async function roomFor({ runners, context, queuedAt, pool, admit, clock }: PoolScalingInput) {
  const failed = runners.find(({ entry }) => entry.runner().state === 'failed');
  const blocked = context.blockedUntil > clock.now();
  if (blocked || (failed && context.trouble !== null)) {
    const hold: Hold = {
      kind: 'failing',
      sentence: `The last runner could not be started. ${context.trouble}`,
    };
    return { count: 0, hold };
  }
  const couldStart = queuedAt.length > 0 || pool.scaling.minRunners > 0;
  // Measuring the host costs something: not done where nothing could be started.
  return couldStart ? admit() : { count: pool.scaling.maxRunners, hold: null };
}

const stateOf: Record<string, ScalableState> = {
  deploying: 'coming',
  starting: 'coming',
  idle: 'idle',
  busy: 'busy',
  reconnecting: 'away',
  stopping: 'leaving',
  removing: 'leaving',
  stopped: 'away',
  failed: 'away',
};

/** A runner as the autoscaler sees it. */
export function scalable({ entry }: LiveRunner): ScalableRunner {
  const { id, state, stateSince, keptUntil, retryAt, draining } = entry.runner();
  const leaves = entry.record().wanted === 'removed' || (draining && state === 'idle');
  const waits = retryAt !== null && state === 'starting';
  const seen = leaves && state !== 'busy' ? 'leaving' : waits ? 'away' : (stateOf[state] ?? 'away');
  return { id, state: seen, since: stateSince, keptUntil };
}

function showDeadlines(runners: readonly LiveRunner[], { stopsAt }: ScaleDecision): void {
  for (const { entry } of runners) {
    const deadline = stopsAt.get(entry.id) ?? null;
    if (entry.runner().stopsAt !== deadline) entry.show({ stopsAt: deadline });
  }
}

/** In a pause busy runners leave after their job; when the pause ends before, they stay. */
function drainBusy({ runners, pause, context, remove }: PoolScalingInput): void {
  const { drained } = context;
  for (const live of runners) {
    const { id, state, draining } = live.entry.runner();
    const { wanted } = live.entry.record();
    if (pause && state === 'busy' && wanted === 'running' && !draining) {
      drained.add(id);
      remove(id);
    }
    if (!pause && drained.delete(id) && draining) live.keep();
  }
}

function retire(input: PoolScalingInput, decision: ScaleDecision): void {
  const { runners, context, clock, pool, pause } = input;
  const { retiring } = context;
  for (const id of retiring.keys()) if (!runners.some(({ entry }) => entry.id === id)) retiring.delete(id);
  for (const id of decision.retire) {
    const live = runners.find(({ entry }) => entry.id === id);
    if (!live || (retiring.get(id) ?? 0) > clock.now()) continue;
    retiring.set(id, Number.POSITIVE_INFINITY);
    const cause = pause
      ? pause.sentence
      : `Idle since its time was over; ${pool.name} has nothing to do for it.`;
    letGo(live, cause, input)
      .catch((error: unknown) => {
        input.onFault(error);
        return false;
      })
      .then((gone) => {
        if (gone) retiring.delete(id);
        else retiring.set(id, clock.now() + retryLeavingMs);
      });
  }
}

/** The last check before a runner leaves for want of jobs: is there really none, on either side? */
async function letGo(live: LiveRunner, cause: string, input: PoolScalingInput): Promise<boolean> {
  if (!input.pause && input.isStale() && (await input.isWantedNow())) return false;
  return live.retire(cause);
}

function removeFailed({ runners, queuedAt, remove }: PoolScalingInput, now: number): void {
  if (queuedAt.length > 0) return;
  for (const { entry } of runners) {
    const { id, state, stateSince, retryAt } = entry.runner();
    if (state === 'failed' && retryAt === null && now - stateSince > keepFailedMs) remove(id);
  }
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time): time is number => time !== null && Number.isFinite(time));
  return known.length > 0 ? Math.min(...known) : null;
}
