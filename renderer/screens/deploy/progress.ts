/** What a deploy in progress says: a phase per runner and one sentence for all. */
import { formatCount } from '../../../shared/format.ts';
import type { DeployStep, DeployStepId, Repository, Runner } from '../../../shared/model.ts';

export type DeployPhase = 'underway' | 'listening' | 'failed' | 'gone';

type Progressing = Pick<Runner, 'state' | 'steps'>;

/** The words of a step: to come, under way, done. */
export const stepWords: Record<DeployStepId, { title: string; active: string; done: string }> = {
  download: { title: 'Download', active: 'Downloading', done: 'Downloaded' },
  verify: { title: 'Verify', active: 'Verifying', done: 'Verified' },
  extract: { title: 'Unpack', active: 'Unpacking', done: 'Unpacked' },
  clone: { title: 'Install', active: 'Installing', done: 'Installed' },
  register: { title: 'Register', active: 'Registering', done: 'Registered' },
  start: { title: 'Start', active: 'Starting', done: 'Started' },
  listen: { title: 'Listen', active: 'Connecting', done: 'Listening' },
};

/** Where one runner's deploy stands. `gone`: it was cancelled and taken away. */
export function phaseOf(runner: Progressing): DeployPhase {
  if (runner.state === 'removing' || runner.steps.some(({ status }) => status === 'cancelled')) return 'gone';
  if (runner.state === 'failed' || runner.steps.some(({ status }) => status === 'failed')) return 'failed';
  return runner.steps.every(({ status }) => status === 'done') ? 'listening' : 'underway';
}

/** The step that tells most: the one that failed, else the one under way, else the next to come; null when all are done. */
export function currentStep(steps: readonly DeployStep[]): DeployStep | null {
  const order = ['failed', 'active', 'waiting'] as const;
  for (const status of order) {
    const step = steps.find((row) => row.status === status);
    if (step !== undefined) return step;
  }
  return null;
}

/** When a runner's deploy began and ended, epoch milliseconds; `endedAt` null while it lasts. */
export function deploySpan(steps: readonly DeployStep[]): {
  startedAt: number | null;
  endedAt: number | null;
} {
  const starts = steps.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = steps.flatMap(({ endedAt }) => endedAt ?? []);
  const over = steps.every(({ status }) => status !== 'active' && status !== 'waiting');
  const broken = steps.some(({ status }) => status === 'failed' || status === 'cancelled');
  return {
    startedAt: starts.length === 0 ? null : Math.min(...starts),
    endedAt: (over || broken) && ends.length > 0 ? Math.max(...ends) : null,
  };
}

/** How long it took until all that listens was listening, in milliseconds; null while that is not known. */
export function readyAfter(runners: readonly Progressing[]): number | null {
  const spans = runners.filter((row) => phaseOf(row) === 'listening').map(({ steps }) => deploySpan(steps));
  const starts = spans.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = spans.flatMap(({ endedAt }) => endedAt ?? []);
  return starts.length === 0 || ends.length === 0 ? null : Math.max(...ends) - Math.min(...starts);
}

export interface DeploySummary {
  counts: Record<DeployPhase, number>;
  finished: boolean;
  headline: string;
}

/** One sentence for the whole deploy. */
export function summariseDeploy(
  runners: readonly Progressing[],
  repository: Pick<Repository, 'fullName'> | undefined,
): DeploySummary {
  const counts: Record<DeployPhase, number> = { underway: 0, listening: 0, failed: 0, gone: 0 };
  for (const runner of runners) counts[phaseOf(runner)] += 1;
  const target = repository === undefined ? '' : ` for ${repository.fullName}`;
  return { counts, finished: counts.underway === 0, headline: headline(counts, runners.length, target) };
}

function headline(counts: Record<DeployPhase, number>, total: number, target: string): string {
  const { underway, listening, failed } = counts;
  if (underway > 0) return `Deploying ${formatCount(total, 'runner')}${target}`;
  if (total === 0 || counts.gone === total) return 'The deploy was cancelled and nothing is left of it';
  if (failed > 0 && listening === 0) {
    return failed === 1 ? 'The runner could not be deployed' : `None of ${failed} runners could be deployed`;
  }
  const are = `${formatCount(listening, 'runner')} ${listening === 1 ? 'is' : 'are'} listening`;
  return failed > 0 ? `${are}, ${failed} failed` : are;
}

/**
 * Rows to show: those on the board in their order, and those that were being cancelled when they left it. A runner that
 * was removed later, after it had listened, is no part of the deploy any more.
 */
export function joinSeen<R extends Progressing & Pick<Runner, 'id'>>(
  seen: readonly R[],
  present: readonly R[],
): readonly R[] {
  const rows = new Map(present.map((row) => [row.id, row]));
  const kept = seen.flatMap((row) => rows.get(row.id) ?? (wasCancelled(row) ? row : []));
  const known = new Set(seen.map(({ id }) => id));
  return [...kept, ...present.filter(({ id }) => !known.has(id))];
}

function wasCancelled({ steps }: Progressing): boolean {
  return steps.some(({ status }) => status !== 'done');
}
