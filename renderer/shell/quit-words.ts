/** The ways Trackside can end, with what each one does to what runs now. */
import { formatCount, formatRoughly } from '../../shared/format.ts';
import type { QuitManner, Runner } from '../../shared/model.ts';

export interface AtWork {
  /** Runners whose processes run. */
  runners: number;
  /** Those of them with a job. */
  jobs: number;
}

/** What would be touched by an end now. */
export function atWork(runners: readonly Pick<Runner, 'pid' | 'job'>[]): AtWork {
  return {
    runners: runners.filter(({ pid }) => pid !== null).length,
    jobs: runners.filter(({ job }) => job !== null).length,
  };
}

export interface QuitChoice {
  value: QuitManner;
  title: string;
  detail: string;
  /** What the button says that does it. */
  button: string;
}

/** The three ways, the gentlest first. */
export function quitChoices({ runners, jobs }: AtWork, drainBoundMs: number): QuitChoice[] {
  const all = formatCount(runners, 'runner');
  const bound = `It waits ${formatRoughly(drainBoundMs)} at most: a job that takes longer goes on, and the next start finds it.`;
  const finish =
    jobs === 0
      ? `No job runs, so ${runners === 0 ? 'it ends at once' : `${all} ${runners === 1 ? 'stops' : 'stop'} and it ends at once`}.`
      : `${formatCount(jobs, 'job runs', 'jobs run')} to ${jobs === 1 ? 'its' : 'their'} end, no new one begins. ${bound}`;
  return [
    {
      value: 'finish-jobs',
      title: 'Finish jobs, then quit',
      detail: finish,
      button: jobs === 0 ? 'Quit' : 'Quit when they are done',
    },
    {
      value: 'leave-running',
      title: 'Leave runners running',
      detail:
        runners === 0
          ? 'No runner is there to leave. None comes by itself until Trackside is back.'
          : `${all} ${runners === 1 ? 'goes' : 'go'} on and ${runners === 1 ? 'takes' : 'take'} jobs. None comes or leaves by itself until Trackside is back.`,
      button: 'Quit',
    },
    {
      value: 'stop-now',
      title: jobs === 0 ? 'Stop now' : `Stop now (cancels ${formatCount(jobs, 'job')})`,
      detail:
        jobs === 0
          ? 'Everything is stopped at once.'
          : `${formatCount(jobs, 'job is', 'jobs are')} cancelled and ${jobs === 1 ? 'fails' : 'fail'} on the forge.`,
      button: jobs === 0 ? 'Stop and quit' : `Cancel ${formatCount(jobs, 'job')} and quit`,
    },
  ];
}

/** What the banner says while it ends. */
export function quittingWords({ how, jobs }: { how: QuitManner; jobs: number }): string {
  if (how === 'leave-running') return 'Trackside is ending; its runners go on.';
  if (how === 'stop-now') return 'Trackside is stopping its runners and ends.';
  if (jobs === 0) return 'No job runs any more: Trackside is ending.';
  return `Trackside ends when ${formatCount(jobs, 'job is', 'jobs are')} done. No new one begins.`;
}

/** What to say once it has ended: what became of the runners. */
export function endedWords(how: QuitManner, { runners, jobs }: AtWork): string {
  if (how === 'leave-running' && runners > 0) {
    return runners === 1
      ? '1 runner goes on and takes jobs. The next start finds it again.'
      : `${formatCount(runners, 'runner')} go on and take jobs. The next start finds them again.`;
  }
  if (how === 'stop-now') return 'Its runners have stopped. They start again with it.';
  if (jobs === 0) return 'Its jobs were finished first. Its runners start again with it.';
  return `${formatCount(jobs, 'job took', 'jobs took')} longer than it waits, and ${jobs === 1 ? 'goes' : 'go'} on. The next start finds ${jobs === 1 ? 'it' : 'them'}.`;
}
