/** What the check of a workflow file says about its jobs, in words and looks. */
import type { CheckedJob, CheckedWorkflow } from '../../../shared/model.ts';
import type { StateLook } from '../../components/runner-state.ts';

export type CheckVerdict = CheckedJob['verdict'];

/** In the order in which they are counted: what needs somebody first. */
export const verdictLooks: Record<CheckVerdict, StateLook> = {
  nobody: { tone: 'wait', shape: 'triangle', word: 'Nobody' },
  invalid: { tone: 'fail', shape: 'cross', word: 'Invalid' },
  dynamic: { tone: 'off', shape: 'half', word: 'Dynamic' },
  reusable: { tone: 'off', shape: 'ring', word: 'Elsewhere' },
  hosted: { tone: 'busy', shape: 'square', word: 'Hosted' },
  ours: { tone: 'ok', shape: 'disc', word: 'Ours' },
};
export const verdicts = Object.keys(verdictLooks) as CheckVerdict[];

/** How many jobs have each verdict; those that none has are left out. */
export function countVerdicts(files: readonly CheckedWorkflow[]): { verdict: CheckVerdict; count: number }[] {
  const jobs = files.flatMap((file) => file.jobs);
  return verdicts
    .map((verdict) => ({ verdict, count: jobs.filter((job) => job.verdict === verdict).length }))
    .filter(({ count }) => count > 0);
}

/** The sentence above the list. */
export function checkHeadline(files: readonly CheckedWorkflow[]): { words: string; tone: 'plain' | 'wait' } {
  const jobs = files.flatMap((file) => file.jobs);
  const lost = jobs.filter(({ verdict }) => verdict === 'nobody').length;
  const broken =
    files.filter(({ problems }) => problems.length > 0).length +
    jobs.filter(({ verdict }) => verdict === 'invalid').length;
  if (lost > 0) {
    return {
      words: lost === 1 ? '1 job would wait for nobody' : `${lost} jobs would wait for nobody`,
      tone: 'wait',
    };
  }
  if (broken > 0) return { words: 'Something is wrong in the workflow files', tone: 'wait' };
  if (jobs.length === 0) return { words: 'There is no job to check', tone: 'plain' };
  return { words: 'Every job finds a runner, as far as can be told', tone: 'plain' };
}

/** Files with something to do first, else as they come. */
export function troubledFirst(files: readonly CheckedWorkflow[]): CheckedWorkflow[] {
  const trouble = (file: CheckedWorkflow): number =>
    file.problems.length +
    file.jobs.filter(({ verdict }) => verdict === 'nobody' || verdict === 'invalid').length;
  return [...files].sort((a, b) => Number(trouble(b) > 0) - Number(trouble(a) > 0));
}
