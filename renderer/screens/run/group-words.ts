/** Several jobs of one matrix or called workflow, told as one. */
import type { RunJob } from '../../../shared/model.ts';
import type { StateLook } from '../../components/runner-state.ts';
import { runLook } from '../runs/run-words.ts';

/** From what needs a look most to what needs none. */
const order: readonly ((job: RunJob) => boolean)[] = [
  ({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out',
  ({ status }) => status === 'in_progress',
  ({ status }) => status === 'queued' || status === 'waiting' || status === 'pending',
  ({ status }) => status === 'blocked',
  ({ conclusion }) => conclusion === 'cancelled',
];

/** The look of the job that counts most. */
export function groupLook(jobs: readonly RunJob[]): StateLook {
  const telling = order.map((fits) => jobs.find(fits)).find((job) => job !== undefined) ?? jobs[0];
  return runLook(telling ?? { status: 'blocked', conclusion: null });
}

/** `3 of 40, 1 failed`: how many have ended. */
export function groupWords(jobs: readonly RunJob[]): string {
  const ended = jobs.filter(({ status }) => status === 'completed').length;
  const failed = jobs.filter(
    ({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out',
  ).length;
  const counted = ended === jobs.length ? `${ended}` : `${ended} of ${jobs.length}`;
  return failed === 0 ? counted : `${counted}, ${failed} failed`;
}
