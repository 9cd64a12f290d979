/** The log of a job: live from the runner here that runs it, else as the forge keeps it. */
import type { RunJob } from '../../../shared/model.ts';
export function JobLog(_: { repositoryId: string; job: RunJob }) {
  return <div />;
}
