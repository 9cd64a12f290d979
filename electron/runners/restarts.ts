/** Brings a runner back after a failure: at once, later, or not before a person has looked. */
import type { Problem } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { RunnerEntry } from './entry.ts';
import { healthyAfterMs, planRestart } from './health/restart-policy.ts';

export interface Restarts {
  /**
   * Plans what follows a listener's end, shows it, and does it when its time has come.
   * @param exitCode the listener's; null when nobody recorded it
   */
  after(problem: Problem, exitCode: number | null): Promise<void>;
  /** Plans another deploy after one that failed; the runner stays `failed` until then. */
  afterFailedDeploy(problem: Problem): Promise<void>;
  /** The listener listens: after a time of health the count begins anew. */
  listens(): void;
  /** Forgets what was planned: somebody has asked for something else. */
  cancel(): void;
  dispose(): void;
}

export function createRestarts(options: {
  entry: RunnerEntry;
  clock: Clock;
  /** 0 ≤ n < 1 */
  random: () => number;
  start(cause: string): void;
  redeploy(cause: string): void;
}): Restarts {
  const { entry, clock, random } = options;
  let cancelPlanned = (): void => {};
  let cancelReset = (): void => {};

  const planFor = (problem: Problem, exitCode: number | null) =>
    planRestart({
      problemCode: problem.code,
      exitCode,
      message: problem.message,
      restarts: entry.record().restarts.count,
      redeploys: entry.record().restarts.redeploys,
      random,
    });
  const count = (reason: string, afresh: boolean) => {
    const { count: before, redeploys } = entry.record().restarts;
    const at = clock.now();
    return { restarts: { count: before + 1, redeploys: redeploys + (afresh ? 1 : 0), at, reason } };
  };
  const later = (delayMs: number, work: () => void): void => {
    cancelPlanned();
    cancelPlanned = clock.after(delayMs, work);
  };

  return {
    async after(problem, exitCode) {
      cancelReset();
      const plan = planFor(problem, exitCode);
      if (plan.action === 'ask') return entry.fail(plan.problem);
      const { delayMs, reason, counted } = plan;
      // A runner for one job has no second start: its configuration is spent.
      const afresh = plan.action === 'redeploy' || entry.record().ephemeral;
      if (counted) await entry.note(count(reason, afresh));
      const retryAt = delayMs > 0 ? clock.now() + delayMs : null;
      await entry.move('starting', reason, { job: null, retryAt, updating: !counted });
      later(delayMs, () => (afresh ? options.redeploy(reason) : options.start(reason)));
    },
    async afterFailedDeploy(problem) {
      const plan = planFor(problem, null);
      if (plan.action === 'ask') return entry.fail(plan.problem);
      await entry.note(count(plan.reason, false));
      await entry.fail(problem);
      entry.show({ retryAt: clock.now() + plan.delayMs });
      later(plan.delayMs, () => options.redeploy('Tries again by itself.'));
    },
    listens() {
      cancelReset();
      cancelReset = clock.after(healthyAfterMs, () => {
        if (entry.record().restarts.count === 0) return;
        void entry.note({ restarts: { ...entry.record().restarts, count: 0, redeploys: 0 } });
      });
    },
    cancel: () => cancelPlanned(),
    dispose() {
      cancelPlanned();
      cancelReset();
    },
  };
}
