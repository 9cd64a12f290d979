/** Brings the runners of each pool to the version that the forge offers, one that tries it first. */
import type { Notice, Pool, Runner, Shift } from '../../../shared/model.ts';
import type { BoardPublisher } from '../../board.ts';
import type { PackageTarget, RunnerPackage } from '../../forges/forge.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SharedAnswers } from '../../platform/shared-answers.ts';
import type { Archive } from '../archive.ts';
import type { ForgeRepository } from '../deploy.ts';
import { isOlder, isOnTrial, planUpdate, type UpdatableRunner, type UpdatePlan } from './plan.ts';

export interface RunnerUpdates {
  /**
   * The package a new runner takes. While one of its pool tries the offered version, others take the one known to be
   * good, but only when it is in the cache still: forges withdraw old versions, so it is never downloaded for that.
   */
  choosePackage(runner: Runner, offered: RunnerPackage): Promise<RunnerPackage>;
  /** Looks at all pools now. Resolves when what follows has been begun. */
  look(): Promise<void>;
  dispose(): void;
}

/** How often a forge is asked for its newest version. */
export const askEveryMs = 6 * 3_600_000;
/** After a question that was not answered. */
const askAgainMs = 30 * 60_000;
const lookEveryMs = 60_000;

interface Offer {
  latest: RunnerPackage | null;
  /** The one before the latest, which the runners were made from. */
  earlier: RunnerPackage | null;
  askAt: number;
}

/**
 * @param packages the answers that deploys share
 * @param isIdle whether a runner's own listener says that it has no job, asked right before it is replaced
 * @param redeploy replaces a runner; one that got a job meanwhile finishes it first
 * @param notify tells of a roll-out that stopped; told with the same id every time
 */
export function createRunnerUpdates(options: {
  board: Pick<BoardPublisher, 'current'>;
  packages: SharedAnswers<RunnerPackage>;
  target: PackageTarget;
  archive: Pick<Archive, 'holds'>;
  forgeOf(repositoryId: string): ForgeRepository;
  isIdle(runnerId: string): Promise<boolean>;
  redeploy(runnerId: string, cause: string): void;
  notify(notice: Pick<Notice, 'id' | 'kind' | 'message' | 'remedy'>): void;
  clock: Clock;
  onFault(error: unknown): void;
}): RunnerUpdates {
  const { board, packages, target, archive, forgeOf, isIdle, redeploy, notify, clock, onFault } = options;
  const disposed = new AbortController();
  const { signal } = disposed;
  const offers = new Map<string, Offer>();
  /** Who is being brought to which version: it takes the new package whatever the others do. */
  const chosen = new Map<string, string>();
  const stopped = new Set<string>();

  const seen = (repositoryId: string, latest: RunnerPackage): void => {
    const known = offers.get(repositoryId);
    const isNew = known?.latest && known.latest.version !== latest.version;
    offers.set(repositoryId, {
      latest,
      earlier: isNew ? known.latest : (known?.earlier ?? null),
      askAt: known?.askAt ?? clock.now() + askEveryMs,
    });
  };

  const ask = async (repositoryId: string): Promise<RunnerPackage | null> => {
    const known = offers.get(repositoryId);
    if (known && known.askAt > clock.now()) return known.latest;
    const later = (delayMs: number): void => {
      const { latest = null, earlier = null } = offers.get(repositoryId) ?? {};
      offers.set(repositoryId, { latest, earlier, askAt: clock.now() + delayMs });
    };
    try {
      const { forge, fullName } = forgeOf(repositoryId);
      const question = () => forge.runnerPackage(fullName, target);
      seen(repositoryId, await packages.get(repositoryId, question, signal));
      later(askEveryMs);
    } catch {
      // The deploys and the watch tell of a forge that cannot be asked.
      later(askAgainMs);
    }
    return offers.get(repositoryId)?.latest ?? null;
  };

  const runnersOf = (pool: Pool): UpdatableRunner[] => {
    const { runners, shifts } = board.current();
    const done = Object.values(shifts);
    const own = Object.values(runners).filter(({ poolId }) => poolId === pool.id);
    return own.map((runner) => asUpdatable(runner, pool, done));
  };

  const carryOut = async (pool: Pool, offered: string, plan: UpdatePlan): Promise<void> => {
    const trouble = `update:${pool.id}:${offered}`;
    if (plan.action === 'stop' && !stopped.has(trouble)) {
      stopped.add(trouble);
      notify({
        id: trouble,
        kind: 'trouble',
        message: `${pool.name}: ${plan.sentence}`,
        remedy: plan.remedy,
      });
    }
    if (plan.action !== 'replace' || !(await isIdle(plan.runnerId)) || signal.aborted) return;
    chosen.set(plan.runnerId, offered);
    redeploy(plan.runnerId, plan.cause);
  };

  const lookAt = async (pool: Pool): Promise<void> => {
    if (pool.lifecycle.mode === 'ephemeral') return;
    if (runnersOf(pool).length === 0) return;
    const offered = (await ask(pool.repositoryId))?.version;
    if (offered === undefined) return;
    await carryOut(pool, offered, planUpdate({ runners: runnersOf(pool), offered, now: clock.now() }));
  };

  let looking: Promise<void> | null = null;
  const look = (): Promise<void> => {
    const lookAtAll = async (): Promise<void> => {
      for (const pool of Object.values(board.current().pools)) await lookAt(pool).catch(onFault);
    };
    looking ??= lookAtAll().finally(() => {
      looking = null;
    });
    return looking;
  };
  const stopLooking = clock.every(lookEveryMs, () => void look());

  return {
    async choosePackage(runner, offered) {
      seen(runner.repositoryId, offered);
      const pool = board.current().pools[runner.poolId];
      const earlier = offers.get(runner.repositoryId)?.earlier;
      if (!pool || !earlier || !isOlder(earlier.version, offered.version)) return offered;
      if (chosen.get(runner.id) === offered.version) return offered;
      if (!isOnTrial(runnersOf(pool), offered.version, clock.now())) return offered;
      return (await archive.holds(earlier)) ? earlier : offered;
    },
    look,
    dispose() {
      stopLooking();
      disposed.abort(new Error('The engine stops.'));
    },
  };
}

function asUpdatable(runner: Runner, pool: Pool, shifts: readonly Shift[]): UpdatableRunner {
  const since = runner.startedAt ?? Number.POSITIVE_INFINITY;
  const hasDoneJob = shifts.some(
    ({ runnerId, startedAt, result }) =>
      runnerId === runner.id && startedAt >= since - 1000 && result === 'Succeeded',
  );
  return { ...runner, ephemeral: pool.lifecycle.mode === 'ephemeral', hasDoneJob };
}
