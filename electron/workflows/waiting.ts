/** Why a job waits, in a plain sentence. Pure: the queue and the runners in, reasons out. */
import type { WaitReason } from '../../shared/model.ts';
import { nearest } from '../../shared/nearest.ts';

/** A runner as far as waiting is concerned. `starting`: ours, on its way. */
export interface WaitRunner {
  name: string;
  labels: readonly string[];
  status: 'online' | 'offline' | 'starting';
  busy: boolean;
}

export interface WaitingJob {
  labels: readonly string[];
}

const hosted = /^(ubuntu|windows|macos)-/i;

/** Labels are the same whatever their case, as on GitHub. */
function has(runner: WaitRunner, label: string): boolean {
  return runner.labels.some((own) => own.toLowerCase() === label.toLowerCase());
}

const quoted = (label: string): string => `\`${label}\``;

/** "a, b and c" */
function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function allOf(runners: readonly WaitRunner[]): string {
  return runners.length === 2 ? 'both runners' : `all ${runners.length} runners`;
}

function labelsOf(job: WaitingJob): string {
  return `${job.labels.length === 1 ? 'label' : 'labels'} ${listed(job.labels.map(quoted))}`;
}

function labelMissing(
  missing: readonly string[],
  jobs: string,
  wait: string,
  runners: readonly WaitRunner[],
): WaitReason {
  const known = [...new Set(runners.flatMap(({ labels }) => labels))];
  const meant = missing.map((label) => nearest(label, known)).find((found) => found !== null) ?? null;
  const which = `${missing.length === 1 ? 'label' : 'labels'} ${listed(missing.map(quoted))}`;
  const hint = meant === null ? '' : ` Did you mean ${quoted(meant)}?`;
  return {
    kind: 'label-missing',
    missing: [...missing],
    nearest: meant,
    sentence: `${jobs} ${wait} for a runner with ${which}; none of yours has ${missing.length === 1 ? 'it' : 'them'}.${hint}`,
  };
}

/** No runner has all the labels although each label is on some runner: tell what the closest one lacks. */
function combinationMissing(
  job: WaitingJob,
  jobs: string,
  wait: string,
  runners: readonly WaitRunner[],
): WaitReason {
  const lacks = (runner: WaitRunner): string[] => job.labels.filter((label) => !has(runner, label));
  const closest = runners.reduce((best, runner) =>
    lacks(runner).length < lacks(best).length ? runner : best,
  );
  const missing = lacks(closest);
  return {
    kind: 'label-missing',
    missing,
    nearest: null,
    sentence: `${jobs} ${wait} for one runner with all of ${listed(job.labels.map(quoted))}; ${closest.name} comes closest and lacks ${listed(missing.map(quoted))}.`,
  };
}

/** Some runner has the labels: what keeps it? */
function fittingRunners(
  fitting: readonly WaitRunner[],
  job: WaitingJob,
  jobs: string,
  wait: string,
): WaitReason {
  const reason = (kind: WaitReason['kind'], sentence: string): WaitReason => ({
    kind,
    missing: [],
    nearest: null,
    sentence,
  });
  const starting = fitting.filter(({ status }) => status === 'starting');
  const online = fitting.filter(({ status }) => status === 'online');
  const free = online.find(({ busy }) => !busy);
  if (free) return reason('unknown', `${free.name} is free and should take it any moment.`);
  if (starting.length > 0) {
    const names =
      starting.length > 3 ? `${starting.length} runners` : listed(starting.map(({ name }) => name));
    const verb = starting.length === 1 ? 'is' : 'are';
    return reason('starting', `${jobs} ${wait} until ${names} ${verb} ready.`);
  }
  if (online.length > 0) {
    const who =
      online.length === 1
        ? `${online[0]?.name}, the only runner that is online with ${labelsOf(job)}, is busy.`
        : `${allOf(online)} that are online with ${labelsOf(job)} are busy.`;
    return reason('all-busy', `${jobs} ${wait}: ${who}`);
  }
  const who =
    fitting.length === 1
      ? `${fitting[0]?.name}, the only runner with ${labelsOf(job)}, is offline.`
      : `${allOf(fitting)} with ${labelsOf(job)} are offline.`;
  return reason('offline', `${jobs} ${wait}: ${who}`);
}

/**
 * Why a queued job waits.
 * @param runners of its repository
 * @param alike how many queued jobs, this one included, ask for the same labels
 */
export function explainWait(job: WaitingJob, runners: readonly WaitRunner[], alike = 1): WaitReason {
  const jobs = alike === 1 ? '1 job' : `${alike} jobs`;
  const wait = alike === 1 ? 'waits' : 'wait';
  const fitting = runners.filter((runner) => job.labels.every((label) => has(runner, label)));
  if (fitting.length > 0) return fittingRunners(fitting, job, jobs, wait);
  const hostedLabel = job.labels.find((label) => hosted.test(label));
  if (hostedLabel && !job.labels.some((label) => label.toLowerCase() === 'self-hosted')) {
    const sentence = `${jobs} ${wait} for a runner that the forge itself provides (${quoted(hostedLabel)}).`;
    return { kind: 'unknown', missing: [], nearest: null, sentence };
  }
  if (runners.length === 0) {
    const sentence = `${jobs} ${wait} for a runner with ${labelsOf(job)}; this repository has no runner at all.`;
    return { kind: 'no-runner', missing: [...job.labels], nearest: null, sentence };
  }
  const missing = job.labels.filter((label) => !runners.some((runner) => has(runner, label)));
  return missing.length > 0
    ? labelMissing(missing, jobs, wait, runners)
    : combinationMissing(job, jobs, wait, runners);
}

/** The reason of each queued job; jobs with the same labels share one sentence that counts them. */
export function explainWaits<J extends WaitingJob>(
  queued: readonly J[],
  runners: readonly WaitRunner[],
): Map<J, WaitReason> {
  const groups = Map.groupBy(queued, ({ labels }) =>
    labels
      .map((label) => label.toLowerCase())
      .sort()
      .join('\n'),
  );
  const reasons = new Map<J, WaitReason>();
  for (const jobs of groups.values()) {
    const [first] = jobs;
    if (!first) continue;
    const reason = explainWait(first, runners, jobs.length);
    for (const job of jobs) reasons.set(job, reason);
  }
  return reasons;
}
