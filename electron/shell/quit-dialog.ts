/** The question in a window of the system's own when the application is to end while jobs run. */
import type { MessageBoxOptions } from 'electron';
import { formatCount, formatRoughly } from '../../shared/format.ts';
import type { QuitManner } from '../../shared/model.ts';

/** What its buttons do, in their order; null: nothing. */
const answers: readonly (QuitManner | null)[] = ['finish-jobs', 'leave-running', 'stop-now', null];

/** What a pressed button, or a closed question, asks for. @param button its index */
export function answerOf(button: number): QuitManner | null {
  return answers[button] ?? null;
}

/**
 * The question.
 * @param jobs how many run now, at least one
 */
export function quitQuestion(jobs: number, drainBoundMs: number): MessageBoxOptions {
  const them = jobs === 1 ? 'it is' : 'they are';
  return {
    type: 'question',
    message: `${formatCount(jobs, 'job runs', 'jobs run')} on this machine.`,
    detail: [
      `Finish jobs: no new one begins, and Trackside quits when ${them} done, after ${formatRoughly(drainBoundMs)} at the latest.`,
      'Leave runners running: they go on without Trackside, which finds them again at its next start.',
    ].join('\n\n'),
    buttons: [
      'Finish jobs, then quit',
      'Leave runners running',
      `Stop now (cancels ${formatCount(jobs, 'job')})`,
      'Cancel',
    ],
    defaultId: 0,
    cancelId: answers.indexOf(null),
    noLink: true,
  };
}
