/** Which job of a run somebody probably wants to see. */
import type { RunJob } from '../../../shared/model.ts';

/** The first that failed, else the first that runs, else the only one, if it ran; null where none stands out. */
export function jobToOpen(jobs: readonly RunJob[]): string | null {
  const failed = jobs.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out');
  const running = jobs.find(({ status }) => status === 'in_progress');
  const only = jobs.length === 1 && jobs[0]?.startedAt !== null ? jobs[0] : undefined;
  return (failed ?? running ?? only)?.key ?? null;
}
