/** Which queued job is whose to take: every job counts for one pool only, so that two pools never start for it. */

export interface DemandJob {
  id: string;
  repositoryId: string;
  labels: readonly string[];
  /** Epoch milliseconds. */
  queuedAt: number;
}

export interface DemandPool {
  id: string;
  repositoryId: string;
  /** All labels that its runners have, those that the forge adds included. */
  labels: readonly string[];
  maxRunners: number;
  /** Whether it takes new jobs at all. */
  taking: boolean;
}

const folded = (labels: readonly string[]): Set<string> =>
  new Set(labels.map((label) => label.toLowerCase()));

/**
 * Gives each job to a pool of its repository whose runners have all labels that it asks for, whatever their case: to the
 * one with the fewest labels beyond those, in the order of ids where several have as few. A pool that takes no jobs, or
 * has as many as it may have runners, gets a job only when no other could take it.
 * @returns the jobs of every pool, longest waiting first; jobs that none could take are in no list
 */
export function assignDemand<J extends DemandJob>(
  jobs: readonly J[],
  pools: readonly DemandPool[],
): Map<string, J[]> {
  const offers = pools
    .map((pool) => ({ pool, labels: folded(pool.labels), jobs: [] as J[] }))
    .toSorted((one, other) => one.labels.size - other.labels.size || compareIds(one.pool, other.pool));
  const byWait = jobs.toSorted((one, other) => one.queuedAt - other.queuedAt || compareIds(one, other));
  for (const job of byWait) {
    const wanted = folded(job.labels);
    // A job without labels asks for a runner group, and a repository's runners are in none.
    if (wanted.size === 0) continue;
    const able = offers.filter(
      ({ pool, labels }) =>
        pool.repositoryId === job.repositoryId && [...wanted].every((label) => labels.has(label)),
    );
    const taker =
      able.find(({ pool, jobs: own }) => pool.taking && own.length < pool.maxRunners) ??
      able.find(({ pool }) => pool.taking) ??
      able[0];
    taker?.jobs.push(job);
  }
  return new Map(offers.map(({ pool, jobs: own }) => [pool.id, own]));
}

function compareIds(one: { id: string }, other: { id: string }): number {
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
