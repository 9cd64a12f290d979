/** What mends a waiting job: computed from why it waits. */
import type { Job } from '../../../shared/model.ts';
import { ownLabels } from './serving-pool.ts';

export interface Repair {
  label: string;
  /** A place in the panel (`#/…`) or a page of the forge. */
  href: string;
}

/** The button beside a waiting job; null where waiting is the answer. */
export function repairFor(job: Job): Repair | null {
  const wanted = job.labels.filter((label) => !ownLabels.test(label));
  switch (job.wait?.kind) {
    case 'label-missing':
      if (job.wait.nearest !== null)
        return job.url === null ? null : { label: 'Open the job', href: job.url };
      if (job.wait.missing.some((label) => ownLabels.test(label))) return null;
      return deploy(
        wanted.length === 1 ? 'Deploy a runner with this label' : 'Deploy a runner with these labels',
        wanted,
      );
    case 'no-runner':
      return deploy('Deploy a runner', wanted);
    case 'all-busy':
      return deploy('Deploy one more', wanted);
    case 'offline':
      return { label: 'See the runners', href: '#/runners' };
    default:
      return null;
  }
}

function deploy(label: string, labels: readonly string[]): Repair {
  const query = labels.length === 0 ? '' : `?labels=${labels.map(encodeURIComponent).join(',')}`;
  return { label, href: `#/deploy${query}` };
}

/** Jobs that wait, the longest first. */
export function waitingJobs(jobs: Readonly<Record<string, Job>>): Job[] {
  return Object.values(jobs)
    .filter(({ status }) => status === 'queued')
    .sort((a, b) => a.queuedAt - b.queuedAt);
}

/** Jobs that wait for the same reason with the same labels, the longest first; never empty. */
export interface WaitGroup {
  key: string;
  jobs: [Job, ...Job[]];
}

/** Jobs that wait, gathered by what would mend them; the group that waits longest comes first. */
export function waitGroups(jobs: readonly Job[]): WaitGroup[] {
  const groups = new Map<string, WaitGroup>();
  for (const job of jobs) {
    const key = JSON.stringify([job.repositoryId, job.wait?.sentence ?? null, [...job.labels].sort()]);
    const group = groups.get(key);
    if (group) group.jobs.push(job);
    else groups.set(key, { key, jobs: [job] });
  }
  return [...groups.values()];
}
