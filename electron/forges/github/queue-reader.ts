/**
 * Reads the queue of a repository for little. Two lists together show every change: the latest runs (new ones, and the
 * steps of those under way), and the queued ones (a run of any age that is started again). Both are asked with what was
 * answered before, and while nothing changed the answer is "unchanged", which GitHub does not charge. Jobs are read only
 * of runs that changed, and from time to time of all active ones: a job's steps change without their run. Runs of any age
 * that go on or are held are listed by upkeep, those that are held in turns: they seldom change.
 */
import { TracksideError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ForgeJob, QueueLook, QueueReader, ReadingPurpose, RequestMeter } from '../forge.ts';
import type { GitHubHttp } from './http.ts';
import { createKnownRuns, type KnownRun } from './known-runs.ts';
import { forgeJob } from './rows.ts';
import { type ActiveStatus, type Job, jobsOfRun, latestRuns, type Run, runsWithStatus } from './runs.ts';

/** Of the latest runs; few, because a change of one of them brings all of them. */
const latestCount = 30;

type List = 'latest' | Exclude<ActiveStatus, 'requested'>;

interface Settings {
  http: GitHubHttp;
  clock: Clock;
  repository: string;
  meterOf(purpose: ReadingPurpose): RequestMeter | undefined;
}

const activeJobsOf = (jobs: readonly Job[], run: Run): ForgeJob[] =>
  jobs.map((job) => forgeJob(job, run)).filter((job) => job !== null);

/** Whether two answers are the same objects, which they are when the forge said "unchanged". */
const areSame = (one: readonly Run[][] | undefined, other: readonly Run[][]): boolean =>
  one?.length === other.length && one.every((page, index) => page === other[index]);

/** Reads one repository's queue; knows nothing yet. */
export function createQueueReader({ http, clock, repository, meterOf }: Settings): QueueReader {
  const known = createKnownRuns();
  const answers = new Map<List, Run[][]>();
  let nextList: 'latest' | 'queued' = 'latest';
  let nextHeld: 'waiting' | 'pending' = 'waiting';
  let lookedAtAll = Number.NEGATIVE_INFINITY;
  /** As told last; null when they may be others by now, or when that look failed. */
  let told: ForgeJob[] | null = null;

  const ask = async (list: List, purpose: ReadingPurpose, signal?: AbortSignal): Promise<Run[][]> => {
    const asking = { signal, meter: meterOf(purpose) };
    if (list === 'latest') return [await latestRuns(http, repository, latestCount, asking)];
    return runsWithStatus(http, repository, list, asking);
  };

  /** Takes in what is new in an answer; whether anything was. */
  const takeIn = (list: List, pages: Run[][]): boolean => {
    const isChanged = !areSame(answers.get(list), pages);
    answers.set(list, pages);
    // An unchanged list of these may hold a run that was given up since.
    if (!isChanged && (list === 'latest' || list === 'queued')) return false;
    if (list === 'latest') known.takeLatest(pages.flat());
    else known.takeStatus(list, pages.flat());
    return isChanged;
  };

  const readJobs = async (entry: KnownRun, purpose: ReadingPurpose, signal?: AbortSignal): Promise<void> => {
    const { run } = entry;
    const readAt = clock.now();
    // What comes to be known of it while its jobs are on their way marks it again.
    entry.isChanged = false;
    try {
      const jobs = await jobsOfRun(http, repository, run.id, { signal, meter: meterOf(purpose) });
      known.keepJobs(run, activeJobsOf(jobs, run), readAt);
    } catch (error) {
      entry.isChanged = true;
      if (!(error instanceof TracksideError) || error.code !== 'UNKNOWN') throw error;
      known.forget(run);
    }
  };

  const isUpkeepDue = (upkeepMs: number): boolean => {
    const ago = clock.now() - lookedAtAll;
    return ago >= upkeepMs || ago < 0;
  };

  /** The lists to ask for. The latest runs come last: they are the truest, and a run may move on between two questions. */
  const listsFor = ({ scope, upkeepMs, isThrifty }: QueueLook): [List, ReadingPurpose][] => {
    const isAll = scope === 'all' || isUpkeepDue(upkeepMs);
    const list = isThrifty ? 'latest' : nextList;
    const other = list === 'latest' ? 'queued' : 'latest';
    const asked: [List, ReadingPurpose][] = [[list, 'news']];
    if (isAll || (scope === 'both' && !isThrifty)) asked.push([other, isAll ? 'upkeep' : 'news']);
    if (isAll) {
      const isFirst = lookedAtAll === Number.NEGATIVE_INFINITY;
      const held: List[] = scope === 'all' || isFirst ? ['waiting', 'pending'] : [nextHeld];
      nextHeld = nextHeld === 'waiting' ? 'pending' : 'waiting';
      for (const one of ['in_progress' as const, ...held]) asked.push([one, 'upkeep']);
    }
    nextList = other;
    return asked.sort(([one], [two]) => Number(one === 'latest') - Number(two === 'latest'));
  };

  const readLists = async (look: QueueLook, signal?: AbortSignal): Promise<boolean> => {
    const startedAt = clock.now();
    const asked = listsFor(look);
    const pages = await Promise.all(asked.map(([list, purpose]) => ask(list, purpose, signal)));
    if (asked.length > 2) lookedAtAll = startedAt;
    return asked.map(([list], index) => takeIn(list, pages[index] ?? [])).includes(true);
  };

  return {
    async look(look, signal) {
      if (await readLists(look, signal)) told = null;
      const changed = known.changed().slice(0, look.mostChanged);
      const age = look.scope === 'all' ? 0 : look.refreshMs;
      const again = known.readBefore(clock.now() - age).slice(0, look.mostAgain);
      if (changed.length + again.length > 0 || look.scope === 'all') told = null;
      await Promise.all([
        ...changed.map((entry) => readJobs(entry, 'news', signal)),
        ...again.map((entry) => readJobs(entry, 'again', signal)),
      ]);
      const isNews = told === null;
      told ??= known.jobs();
      return {
        jobs: told,
        isNews,
        activeRuns: known.count(),
        unread: known.changed().length,
      };
    },
    doubt: known.doubt,
  };
}

/** Jobs that have not ended, the longest waiting first. A run that is deleted meanwhile is left out. */
export async function activeJobs(
  http: GitHubHttp,
  clock: Clock,
  repository: string,
  signal?: AbortSignal,
): Promise<ForgeJob[]> {
  const reader = createQueueReader({ http, clock, repository, meterOf: () => undefined });
  const most = Number.POSITIVE_INFINITY;
  const everything: QueueLook = {
    scope: 'all',
    refreshMs: 0,
    upkeepMs: 0,
    isThrifty: false,
    mostChanged: most,
    mostAgain: most,
  };
  return (await reader.look(everything, signal)).jobs;
}
