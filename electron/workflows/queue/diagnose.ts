/**
 * Why one job waits. A pure function of the job and of what is known around it: each family of reasons has a file of its
 * own, and this one asks them in the order in which the forge itself would stumble over them.
 */
import { managesItself } from '../../runners/pool-request.ts';
import { beforeQueue } from './before-queue.ts';
import { hostedReason, idleReason, outageReason, unmadeReason, untoldReason } from './forge-reasons.ts';
import { departedReason, labelReason } from './label-reasons.ts';
import { asksForHosted } from './labels.ts';
import { type Condition, conditionOf, holdersOf, knownLabels } from './matching.ts';
import { jobEvidence, reason } from './reason.ts';
import {
  busyReason,
  emptyPoolReason,
  groupReason,
  heldReason,
  offlineReason,
  startingReason,
} from './runner-reasons.ts';
import { runnersEvidence } from './runner-words.ts';
import { sayTime } from './wording.ts';
import type { WaitingJob, WaitReason, World, WorldPool, WorldRunner } from './world.ts';

/** A job that no runner took for so long fails (GitHub's limits for self-hosted runners). */
const failsAfterMs = 24 * 3_600_000;
/** How long before that it is told. */
const nearEndMs = 4 * 3_600_000;

/**
 * Diagnoses a job that waits.
 * @returns one reason; `unknown` with the facts where none can be told
 */
export function diagnose(job: WaitingJob, world: World): WaitReason {
  return withEnd(job, world, beforeQueue(job, world) ?? queuedReason(job, world));
}

function queuedReason(job: WaitingJob, world: World): WaitReason {
  if (!job.isMade) return unmadeReason(job, world);
  if (asksForHosted(job.labels, knownLabels(world))) {
    const own = holdersOf(job.labels, world.runners, world).filter(({ excluded }) => excluded === null);
    if (own.every((runner) => conditionOf(runner, world) !== 'idle')) return hostedReason(job, world);
  }
  if (job.labels.length === 0) return labellessReason(job, world);
  const fitting = holdersOf(job.labels, world.runners, world);
  const serving = fitting.filter(({ excluded }) => excluded === null);
  const pool = servingPool(job, world);
  if (serving.length === 0 && !pool) {
    if (fitting.length > 0) return groupReason(job, fitting, world);
    return departedReason(job, world) ?? labelReason(job, world);
  }
  if (world.trouble !== null) return untoldReason(job, world, world.trouble);
  return servedReason(job, serving, pool, world);
}

/** The pool of ours that would take it: one that is not held back before one that is. */
function servingPool({ labels }: WaitingJob, world: World): WorldPool | null {
  const pools = holdersOf(labels, world.pools, world).toSorted(
    (one, other) => one.labels.length - other.labels.length || one.name.localeCompare(other.name),
  );
  return pools.find(({ hold }) => hold === null) ?? pools[0] ?? null;
}

function servedReason(
  job: WaitingJob,
  serving: readonly WorldRunner[],
  pool: WorldPool | null,
  world: World,
): WaitReason {
  const by = Map.groupBy(serving, (runner): Condition => conditionOf(runner, world));
  const of = (condition: Condition): WorldRunner[] => by.get(condition) ?? [];
  const idle = of('idle');
  if (idle.length > 0) return idleReason(job, idle, world);
  const starting = of('starting');
  if (starting.length > 0) return startingReason(job, starting, pool, world);
  const held = pool && heldReason(job, pool, serving, world);
  if (held) return held;
  if (pool && managesItself(pool) && pool.count < pool.scaling.maxRunners) {
    return startingReason(job, [], pool, world);
  }
  const busy = of('busy');
  if (busy.length > 0) return busyReason(job, busy, pool, world);
  const offline = [...of('offline'), ...of('leaving')];
  if (offline.length > 0) {
    const areCut = offline.every(
      ({ own }) => own !== null && (own.state === 'idle' || own.state === 'reconnecting'),
    );
    const outage = areCut ? outageReason(job, world, runnersEvidence(offline, world)) : null;
    return outage ?? offlineReason(job, offline, world);
  }
  if (pool) return emptyPoolReason(job, pool, world);
  return unknownReason(job, serving, world);
}

/** A job that names only a runner group, which the forge does not tell. */
function labellessReason(job: WaitingJob, world: World): WaitReason {
  return reason({
    kind: 'unknown',
    key: `labels\n${job.runId}`,
    sentence: 'GitHub does not tell which labels it asks for; it may name only a runner group.',
    wait: 'for a runner that GitHub does not tell',
    evidence: [...jobEvidence(job, world), ...runnersEvidence(world.runners, world)],
    repairs: job.url === null ? [] : [{ kind: 'open-page', title: 'Open the job on GitHub', url: job.url }],
  });
}

function unknownReason(job: WaitingJob, serving: readonly WorldRunner[], world: World): WaitReason {
  return reason({
    kind: 'unknown',
    key: job.labels.toSorted().join('\n'),
    sentence: 'What it waits for cannot be told from what is known.',
    wait: 'for something that cannot be told',
    evidence: [...jobEvidence(job, world), ...runnersEvidence(serving, world)],
    repairs: job.url === null ? [] : [{ kind: 'open-page', title: 'Open the job on GitHub', url: job.url }],
  });
}

/** Tells of the end after a day where it is near; only a queued job has it. */
function withEnd(job: WaitingJob, world: World, found: WaitReason): WaitReason {
  if (job.status !== 'queued' || job.needs !== null) return found;
  const failsAt = job.queuedAt + failsAfterMs;
  const nearAt = failsAt - nearEndMs;
  if (world.now < nearAt) {
    return { ...found, changesAt: Math.min(found.changesAt ?? nearAt, nearAt) };
  }
  const sentence =
    world.now < failsAt
      ? `${found.sentence} It fails at ${sayTime(failsAt, world.now)}, after a day of waiting.`
      : `${found.sentence} It has waited for a day, after which GitHub lets it fail.`;
  return { ...found, sentence, failsAt, changesAt: world.now < failsAt ? failsAt : found.changesAt };
}
