/** The sentence of the queue: how many wait, how many run, and whether anybody has to do something. */
import { formatCount } from '../../../shared/format.ts';
import type { Clause } from '../overview/headline.ts';
import { type Cause, needsPerson } from './waiting-jobs.ts';

/** @param causes of all jobs that wait, whatever the screen is narrowed to */
export function queueHeadline(causes: readonly Cause[], running: number): Clause[] {
  const waiting = countJobs(causes);
  const runs = formatCount(running, 'job runs', 'jobs run');
  if (waiting === 0) {
    return [{ text: running === 0 ? 'Nothing waits.' : `Nothing waits; ${runs}.`, tone: 'plain' }];
  }
  const alsoRun = running === 0 ? '' : `, ${running.toLocaleString('en')} ${running === 1 ? 'runs' : 'run'}`;
  const first = `${formatCount(waiting, 'job waits', 'jobs wait')}${alsoRun}.`;
  return [{ text: first, tone: 'plain' }, whoNeeds(causes, waiting)];
}

function whoNeeds(causes: readonly Cause[], waiting: number): Clause {
  const pressing = causes.filter(needsPerson);
  const needy = countJobs(pressing);
  if (needy === 0) return { text: 'Nothing needs you.', tone: 'plain' };
  const tone = pressing.some(({ wait }) => wait !== null && wait.failsAt !== null) ? 'fail' : 'wait';
  if (needy === waiting) return { text: waiting === 1 ? 'It needs you.' : 'They need you.', tone };
  const some = needy.toLocaleString('en');
  return { text: `${some} of them ${needy === 1 ? 'needs' : 'need'} you.`, tone };
}

const countJobs = (causes: readonly Cause[]): number =>
  causes.reduce((sum, { jobs }) => sum + jobs.length, 0);
