/**
 * What a look at a repository leaves open, asked for seldom: the runner groups above it while a job finds no runner in it,
 * and the forge's status page while a job waits for a runner of the forge's own, or the forge fails.
 */
import { TracksideError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { hostedStanding } from '../workflows/queue/hosted-labels.ts';
import { lackedLabels } from '../workflows/queue/labels.ts';
import type { ForgeJob, ForgeRunner, ForgeStatus, RunnerGroup } from './forge.ts';

interface SurroundingsOptions {
  clock: Clock;
  /** Costs several requests; null where they may not be seen. */
  readGroups(): Promise<RunnerGroup[] | null>;
  readStatus(): Promise<ForgeStatus | null>;
  /** Something else is known now. */
  onNews(): void;
}

interface Surroundings {
  /** After a look that succeeded: asks for what is due, without waiting for it. */
  seen(jobs: readonly ForgeJob[], runners: readonly ForgeRunner[]): void;
  /** After a look that failed. */
  failed(error: Error): void;
  /** The same objects until something else is known; null where it was not asked for. */
  current(): { groups: RunnerGroup[] | null; status: ForgeStatus | null };
}

/** Least time between two readings of the groups; what was read is good for as long. */
const groupsMs = 600_000;
/** The same for the status page. */
const statusMs = 300_000;
/** A runner of the forge's own comes within seconds on good days. */
const hostedWaitMs = 180_000;

/** Asks for nothing before it is told of a look. */
export function createSurroundings(options: SurroundingsOptions): Surroundings {
  const { clock, readGroups, readStatus, onNews } = options;
  const groups = createSeldom(clock, groupsMs, readGroups, onNews);
  const status = createSeldom(clock, statusMs, readStatus, onNews);
  return {
    seen(jobs, runners) {
      const now = clock.now();
      const queued = jobs.filter((job) => job.status === 'queued');
      groups.want(queued.some(({ labels }) => !isHosted(labels, now) && !fitsAny(labels, runners)));
      status.want(
        queued.some(({ labels, queuedAt }) => isHosted(labels, now) && now - queuedAt > hostedWaitMs),
      );
    },
    failed(error) {
      if (error instanceof TracksideError && error.code === 'FORGE_UNREACHABLE') status.want(true);
    },
    current: () => ({ groups: groups.current(), status: status.current() }),
  };
}

function isHosted(labels: readonly string[], now: number): boolean {
  const [label] = labels;
  return labels.length === 1 && label !== undefined && hostedStanding(label, now) === 'offered';
}

/** A job without labels asks for a group, which no runner of the repository is in. */
function fitsAny(labels: readonly string[], runners: readonly ForgeRunner[]): boolean {
  return (
    labels.length > 0 && runners.some((runner) => lackedLabels(labels, runner.labels, true).length === 0)
  );
}

/** Reads something while it is wanted, at most once in a period. When it cannot be read, nothing is known. */
function createSeldom<T extends object>(
  clock: Clock,
  periodMs: number,
  read: () => Promise<T | null>,
  onNews: () => void,
) {
  let known: T | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  const settle = (answer: T | null): void => {
    const isNews = known !== answer;
    known = answer;
    if (isNews) onNews();
  };
  return {
    want(isWanted: boolean): void {
      // A clock that was set back must not keep what is old.
      if (Math.abs(clock.now() - readAt) < periodMs) return;
      if (isWanted) {
        readAt = clock.now();
        read().then(settle, () => settle(null));
      } else known = null;
    },
    current: () => known,
  };
}

/** What the status page says, asked once in a period for all who share it. */
export function createSharedStatus(
  clock: Clock,
  read: () => Promise<ForgeStatus | null>,
): () => Promise<ForgeStatus | null> {
  let last: { askedAt: number; answer: Promise<ForgeStatus | null> } | null = null;
  return () => {
    if (!last || Math.abs(clock.now() - last.askedAt) >= statusMs) {
      last = { askedAt: clock.now(), answer: read() };
    }
    return last.answer;
  };
}
