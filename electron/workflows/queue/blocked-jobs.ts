/** Jobs of a run that exist in its workflow file only, because the jobs they need have not ended. Pure. */
import type { ParsedJob } from '../file/workflow-file.ts';
import { jobsNamed } from '../runs/job-keys.ts';

export interface BlockedJob {
  key: string;
  name: string;
  labels: string[];
  /** Names of the jobs that come before it and have not ended. */
  needs: string[];
}

const nameOf = ({ key, name }: ParsedJob): string => (name === null || name.includes('${{') ? key : name);

/**
 * Only what a job that has not ended leads to is known to be blocked: of the others the forge tells nothing while they
 * wait, and nothing when they have ended.
 * @param active names of the run's jobs that have not ended, as the forge tells them
 */
export function blockedJobs(jobs: readonly ParsedJob[], active: readonly string[]): BlockedJob[] {
  const begun = new Set<string>();
  const open = new Set<string>();
  for (const name of active) {
    const named = jobsNamed(jobs, name);
    for (const { key } of named) begun.add(key);
    const [only] = named;
    if (only && named.length === 1) open.add(only.key);
  }
  for (let before = -1; before !== open.size; ) {
    before = open.size;
    for (const { key, needs } of jobs) if (needs.some((need) => open.has(need))) open.add(key);
  }
  return jobs
    .filter(({ key }) => open.has(key) && !begun.has(key))
    .map((job) => ({
      key: job.key,
      name: nameOf(job),
      labels: labelsOf(job),
      needs: jobs.filter(({ key }) => job.needs.includes(key) && open.has(key)).map(nameOf),
    }));
}

function labelsOf({ runsOn }: ParsedJob): string[] {
  if (runsOn.kind !== 'labels') return [];
  const [only, ...more] = runsOn.sets;
  return only && more.length === 0 ? only.labels : [];
}
