/** The one sentence of the overview: is everything all right, what runs, what waits and why. */
import type { Board } from '../../../shared/board.ts';
import { formatCount, formatList, formatTimeOfDay } from '../../../shared/format.ts';
import type { Problem, Runner, RunnerState } from '../../../shared/model.ts';
import { needsSomebody, waitsForRetry } from '../../components/runner-state.ts';
import { plainSentence } from '../../components/sentence-parts.ts';
import { waitTitle } from '../queue/wait-words.ts';
import { type Cause, causesOf, needsPerson, waitingJobs } from '../queue/waiting-jobs.ts';
import { managesItself } from '../runners/stay.ts';

export interface Clause {
  text: string;
  tone: 'plain' | 'wait' | 'fail';
}

type Seen = Pick<
  Board,
  'panel' | 'connections' | 'repositories' | 'runners' | 'jobs' | 'waits' | 'pools' | 'poolStates'
>;

/** Clauses beyond the first one; more would not be read. */
const mostNews = 2;

/**
 * The headline as clauses in order: first what is, then at most two things that need somebody, the worse one first.
 */
export function headlineOf(board: Seen): Clause[] {
  const start = notStarted(board);
  if (start !== null) return [start];
  const news = [
    ...failures(board),
    ...forgeTrouble(board),
    ...waits(board),
    ...lost(board),
    ...retries(board),
  ];
  const ranked = news
    .filter(({ tone }) => tone === 'fail')
    .concat(news.filter(({ tone }) => tone !== 'fail'));
  return [whatIs(board, news.length === 0), ...ranked.slice(0, mostNews)];
}

/** The same as one string. */
export function headlineText(clauses: readonly Clause[]): string {
  return clauses.map(({ text }) => text).join(' ');
}

const plain = (text: string): Clause => ({ text, tone: 'plain' });
const wait = (text: string): Clause => ({ text, tone: 'wait' });
const fail = (text: string): Clause => ({ text, tone: 'fail' });

function notStarted(board: Seen): Clause | null {
  const runners = Object.keys(board.runners).length;
  if (board.panel.host?.unsupported && runners === 0) return fail('This machine cannot run jobs for you.');
  if (runners > 0) return null;
  if (Object.keys(board.connections).length === 0)
    return plain('Connect a repository, and its jobs run here.');
  if (Object.keys(board.repositories).length > 0) return null;
  const broken = Object.values(board.connections).find(({ usable }) => !usable);
  return broken
    ? fail(tokenTrouble(broken.login, broken.problem))
    : plain('Choose a repository, and its jobs run here.');
}

function countStates(board: Seen): Record<RunnerState, number> {
  const counts = {
    deploying: 0,
    starting: 0,
    idle: 0,
    busy: 0,
    reconnecting: 0,
    stopping: 0,
    stopped: 0,
    removing: 0,
    failed: 0,
  };
  for (const { state } of Object.values(board.runners)) counts[state] += 1;
  return counts;
}

function whatIs(board: Seen, quiet: boolean): Clause {
  const counts = countStates(board);
  const total = Object.keys(board.runners).length;
  const returning = Object.values(board.runners).filter(isReturning).length;
  const coming = counts.deploying + counts.starting - returning;
  const present = counts.idle + counts.busy + counts.reconnecting;
  const beingDeployed = coming > 0 ? ` ${formatCount(coming, 'more is', 'more are')} being deployed.` : '';
  if (total === 0) return plain(nothingRuns(board));
  if (counts.busy > 0)
    return plain(`${running(counts.busy)} on ${formatCount(present, 'runner')}.${beingDeployed}`);
  if (coming > 0 && present === 0)
    return plain(`Deploying ${formatCount(coming, 'runner')}${destination(board)}.`);
  if (counts.idle > 0) {
    const start = quiet && coming === 0 ? 'All quiet: ' : '';
    return plain(
      `${start}${formatCount(counts.idle, 'runner listens', 'runners listen')} for jobs.${beingDeployed}`,
    );
  }
  if (counts.stopped === total)
    return plain(total === 1 ? 'The runner is stopped.' : `All ${total} runners are stopped.`);
  if (counts.stopping + counts.removing + counts.stopped === total) {
    return plain(`${formatCount(counts.stopping + counts.removing, 'runner leaves', 'runners leave')}.`);
  }
  return plain('No runner listens for jobs.');
}

/** Deployed already: it is started again, or becomes a newer version. */
function isReturning(runner: Runner): boolean {
  return runner.state === 'starting' && (runner.updating || waitsForRetry(runner));
}

/** That none runs is the ordinary state of pools that manage themselves. */
function nothingRuns(board: Seen): string {
  const managed = Object.values(board.pools).filter(managesItself);
  const paused = managed.filter((pool) => pool.paused || isPause(board.poolStates[pool.id]?.hold?.kind));
  const ready = managed.length - paused.length;
  if (managed.length === 0) return 'No runners yet.';
  if (ready > 0) {
    return `Nothing runs. ${formatCount(ready, 'pool starts', 'pools start')} runners when a job waits.`;
  }
  return `Nothing runs. ${managed.length === 1 ? 'The pool is' : `All ${managed.length} pools are`} paused.`;
}

type HoldKind = NonNullable<Board['poolStates'][string]['hold']>['kind'];
const pauses: readonly HoldKind[] = ['paused', 'battery', 'metered', 'user-load', 'hours'];
const isPause = (kind: HoldKind | undefined): boolean => kind !== undefined && pauses.includes(kind);

const running = (count: number): string => formatCount(count, 'job runs', 'jobs run');

function destination(board: Seen): string {
  const targets = new Set(
    Object.values(board.runners)
      .filter(({ state }) => state === 'deploying' || state === 'starting')
      .map(({ repositoryId }) => board.repositories[repositoryId]?.fullName),
  );
  const [only] = targets;
  return targets.size === 1 && only ? ` to ${only}` : '';
}

function failures(board: Seen): Clause[] {
  const failed = Object.values(board.runners).filter(needsSomebody);
  if (failed.length === 0) return [];
  const [only] = failed;
  return [fail(failed.length === 1 && only ? `${only.name} failed.` : `${failed.length} runners failed.`)];
}

function retries(board: Seen): Clause[] {
  const again = Object.values(board.runners).filter(waitsForRetry);
  const [only] = again;
  if (only === undefined) return [];
  return [
    wait(
      again.length === 1
        ? `${only.name} starts again by itself.`
        : `${again.length} start again by themselves.`,
    ),
  ];
}

function lost(board: Seen): Clause[] {
  const gone = Object.values(board.runners).filter(({ state }) => state === 'reconnecting');
  if (gone.length === 0) return [];
  const names = formatList(
    gone.map(({ name }) => name),
    2,
  );
  return [
    wait(
      `${names} ${gone.length === 1 ? 'has' : 'have'} lost GitHub and ${gone.length === 1 ? 'tries' : 'try'} again.`,
    ),
  ];
}

function forgeTrouble(board: Seen): Clause[] {
  const broken = Object.values(board.connections).find(({ usable }) => !usable);
  if (broken) return [fail(tokenTrouble(broken.login, broken.problem))];
  const problems: Problem[] = [
    ...Object.values(board.connections),
    ...Object.values(board.repositories),
  ].flatMap(({ problem }) => problem ?? []);
  const codes = new Set(problems.map(({ code }) => code));
  if (codes.has('TOKEN_REFUSED')) return [fail('GitHub refuses the token.')];
  if (codes.has('FORGE_UNREACHABLE')) return [wait('GitHub does not answer.')];
  if (codes.has('RATE_LIMITED')) return [wait(`GitHub asks to wait${until(board)}.`)];
  const [other] = problems;
  return other ? [wait(other.message)] : [];
}

function until(board: Seen): string {
  const resets = Object.values(board.connections).flatMap(({ budget }) =>
    budget && budget.remaining === 0 ? budget.resetsAt : [],
  );
  return resets.length === 0 ? '' : ` until ${formatTimeOfDay(Math.min(...resets))}`;
}

function tokenTrouble(login: string, problem: Problem | null): string {
  return problem?.message ?? `The token of ${login} is needed again.`;
}

function waits(board: Seen): Clause[] {
  const causes = causesOf(waitingJobs(board.jobs), board.waits).filter(isNews);
  const pressing = causes.filter(needsPerson);
  const told = pressing.length > 0 ? pressing : causes;
  const [first] = told;
  if (first === undefined) return [];
  const count = told.reduce((sum, { jobs }) => sum + jobs.length, 0);
  const tone = told.some(({ wait: row }) => row !== null && row.failsAt !== null) ? fail : wait;
  if (told.length === 1) {
    const title = `${plainSentence(waitTitle(first.wait, count)).replace(/\.$/, '')}.`;
    return [pressing.length > 0 ? tone(title) : plain(title)];
  }
  const waiting = formatCount(count, 'job waits', 'jobs wait');
  if (pressing.length === 0) return [plain(`${waiting}; nothing needs you.`)];
  return [tone(`${waiting} for ${told.length} reasons that need you.`)];
}

/** That jobs wait for earlier ones of their run is how runs go. */
const isNews = ({ wait: row }: Cause): boolean => row === null || !row.passes || row.kind !== 'needs';

/** Runners that need somebody, the newest trouble first. */
export function failedRunners(runners: readonly Runner[]): Runner[] {
  return runners.filter(needsSomebody).sort((a, b) => b.stateSince - a.stateSince);
}
