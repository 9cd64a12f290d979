/** What lies with the forge: its own runners, its trouble, a fitting idle runner that it gives no job. */
import { formatList } from '../../../shared/format.ts';
import type { Repair } from '../../../shared/model.ts';
import { jobEvidence, labelKey, reason, runnersPage } from './reason.ts';
import { runnersEvidence } from './runner-words.ts';
import { ended, labelsNamed, quote, sayTime } from './wording.ts';
import type { Evidence, WaitingJob, WaitReason, World, WorldRunner } from './world.ts';

/** The forge gives a job to a fitting idle runner at once, and to another one after a minute (GitHub's routing rules). */
export const stalledAfterMs = 60_000;
/** A hosted runner is there within so long, where the account may have one. */
const hostedUsualMs = 120_000;

function statusEvidence({ status }: World): Evidence[] {
  if (!status) return [];
  const incident = status.incident === null ? '' : `: “${status.incident}”`;
  return [{ side: 'forge', fact: `GitHub's status page calls Actions “${status.actions}”${incident}.` }];
}

function statusRepair({ status }: World): Repair[] {
  return status ? [{ kind: 'open-page', title: 'Open the status page', url: status.url }] : [];
}

/** Null while the forge tells of no trouble with jobs. */
export function outageReason(job: WaitingJob, world: World, more: Evidence[]): WaitReason | null {
  const { status } = world;
  if (!status || status.actions === 'ok') return null;
  const trouble = status.actions === 'down' ? 'jobs do not start there' : 'jobs start late there';
  const named = status.incident === null ? '' : ` (“${status.incident}”)`;
  return reason({
    kind: 'outage',
    key: status.actions,
    sentence: `GitHub says that ${trouble}${named}.`,
    wait: 'because of trouble at GitHub',
    evidence: [...jobEvidence(job, world), ...statusEvidence(world), ...more],
    repairs: statusRepair(world),
    passes: true,
  });
}

/** For a job that asks for one of the forge's own runners. */
export function hostedReason(job: WaitingJob, world: World): WaitReason {
  const outage = outageReason(job, world, []);
  if (outage) return outage;
  const isUsual = world.now - job.queuedAt < hostedUsualMs;
  const label = quote(job.labels[0] ?? '');
  return reason({
    kind: 'hosted',
    key: labelKey(job.labels, world),
    sentence: isUsual
      ? `GitHub is starting one of its own runners with label ${label}.`
      : `GitHub has not given it one of its own runners with label ${label}; an account may only have so many at a time.`,
    wait: `for GitHub's own runners with label ${label}`,
    evidence: [...jobEvidence(job, world), ...statusEvidence(world)],
    passes: true,
    changesAt: isUsual ? job.queuedAt + hostedUsualMs : null,
  });
}

/** A run that the forge has taken in and made no job of. */
export function unmadeReason(job: WaitingJob, world: World): WaitReason {
  const outage = outageReason(job, world, []);
  if (outage) return outage;
  const changesAt = job.queuedAt + stalledAfterMs;
  const isFresh = world.now < changesAt;
  const sentence = isFresh ? 'GitHub is making its jobs.' : 'GitHub has made no job of this run yet.';
  return reason({
    kind: isFresh ? 'dispatching' : 'unknown',
    key: `unmade\n${job.runId}`,
    sentence,
    wait: 'for GitHub to make their jobs',
    evidence: jobEvidence(job, world),
    repairs:
      isFresh || job.url === null
        ? []
        : [{ kind: 'open-page', title: 'Open the run on GitHub', url: job.url }],
    passes: isFresh,
    changesAt: isFresh ? changesAt : null,
  });
}

const restSince = ({ own, since }: WorldRunner): number | null => (own ? own.stateSince : since);

/**
 * For a job that an idle runner could take.
 * @param idle those runners, at least one; idle on both sides where we know both
 */
export function idleReason(job: WaitingJob, idle: readonly WorldRunner[], world: World): WaitReason {
  const restedSince = Math.min(...idle.map((runner) => restSince(runner) ?? 0));
  const stalledAt = Math.max(restedSince, job.queuedAt) + stalledAfterMs;
  // Only what the forge said after that counts: it may have given the job away since it was last asked.
  if (world.seenAt < stalledAt) return dispatchingReason(job, idle, world, stalledAt);
  return outageReason(job, world, runnersEvidence(idle, world)) ?? stalledReason(job, idle, world);
}

function dispatchingReason(
  job: WaitingJob,
  idle: readonly WorldRunner[],
  world: World,
  stalledAt: number,
): WaitReason {
  const names = formatList(idle.map(({ name }) => name));
  return reason({
    kind: 'dispatching',
    key: labelKey(job.labels, world),
    sentence: `${names} ${idle.length === 1 ? 'is' : 'are'} idle and should take it any moment.`,
    wait: `to be given to ${names}`,
    evidence: [...jobEvidence(job, world), ...runnersEvidence(idle, world)],
    passes: true,
    changesAt: stalledAt,
  });
}

function stalledReason(job: WaitingJob, idle: readonly WorldRunner[], world: World): WaitReason {
  const { now, seenAt } = world;
  const [runner] = idle;
  const own = idle.find((each) => each.own !== null);
  const rest = runner ? restSince(runner) : null;
  const when = rest === null ? '' : ` since ${sayTime(Math.max(rest, job.queuedAt), now)}`;
  const names = formatList(idle.map(({ name }) => name));
  const restart: Repair[] = own?.own
    ? [{ kind: 'restart-runner', title: `Restart the listener of ${own.name}`, runnerId: own.own.id }]
    : [];
  const page: Repair[] =
    job.url === null ? [] : [{ kind: 'open-page', title: 'Run the job again on GitHub', url: job.url }];
  return reason({
    kind: 'stalled',
    key: labelKey(job.labels, world),
    sentence: `${names} ${idle.length === 1 ? 'is idle and fits' : 'are idle and fit'}, and GitHub does not give it the job${when}.`,
    wait: `although a runner with ${labelsNamed(job.labels)} is idle`,
    evidence: [
      ...jobEvidence(job, world),
      ...runnersEvidence(idle, world),
      ...statusEvidence(world),
      { side: 'forge', fact: `Last asked at ${sayTime(seenAt, now)}, the job was still queued.` },
    ],
    repairs: [
      ...restart,
      { kind: 'open-page', title: 'Check the group of the runner', url: runnersPage(world) },
      ...page,
    ],
  });
}

/** Nothing can be concluded from what runners do while the forge cannot be asked. */
export function untoldReason(job: WaitingJob, world: World, trouble: string): WaitReason {
  const asked = `GitHub was last asked at ${sayTime(world.seenAt, world.now)}.`;
  return reason({
    kind: 'unknown',
    key: 'trouble',
    sentence: `GitHub cannot be asked since ${sayTime(world.seenAt, world.now)}: ${ended(trouble)}`,
    wait: 'while GitHub cannot be asked',
    evidence: [
      ...jobEvidence(job, world),
      { side: 'forge', fact: asked },
      { side: 'here', fact: ended(trouble) },
    ],
    repairs: [{ kind: 'open-screen', title: 'See the connection', path: '/settings' }],
    passes: true,
  });
}
