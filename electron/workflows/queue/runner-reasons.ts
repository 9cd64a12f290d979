/** Something could take the job and does not now: it is busy, offline, on its way, held back, or in another group. */
import { raiseMaximum, repairsOfHold, worthAdding } from '../../../shared/hold-repairs.ts';
import type { Repair } from '../../../shared/model.ts';
import { managesItself } from '../../runners/pool-request.ts';
import { deployRepair } from './label-repairs.ts';
import { conditionOf } from './matching.ts';
import { jobEvidence, labelKey, reason, runnersPage } from './reason.ts';
import { busyWith, runnersEvidence, whyOffline } from './runner-words.ts';
import { ended, labelsNamed, nameAll, quoteAll, sayTime } from './wording.ts';
import type { Evidence, WaitingJob, WaitReason, World, WorldPool, WorldRunner } from './world.ts';

function poolEvidence(pools: readonly WorldPool[]): Evidence[] {
  return pools.map(({ name, count, scaling, lifecycle, labels, hold }) => {
    const most = lifecycle.mode === 'manual' ? '' : ` of at most ${scaling.maxRunners}`;
    const held = hold ? ` ${ended(hold.sentence)}` : '';
    return { side: 'here', fact: `Pool ${name} (${quoteAll(labels)}) has ${count}${most} runners.${held}` };
  });
}

/** Runners have the labels, and their group does not serve this repository. */
export function groupReason(job: WaitingJob, excluded: readonly WorldRunner[], world: World): WaitReason {
  const [runner] = excluded;
  const group = runner?.group ?? null;
  const why = ended(runner?.excluded ?? '');
  const owner = world.repository.fullName.split('/')[0] ?? '';
  const origin = world.repository.webUrl.slice(0, -world.repository.fullName.length);
  const where = group === null ? '' : `, in group ${group},`;
  return reason({
    kind: 'group',
    key: `${group}\n${labelKey(job.labels, world)}`,
    sentence: `${nameAll(excluded.map(({ name }) => name))}${where} ${excluded.length === 1 ? 'has' : 'have'} its labels. ${why}`,
    wait: `for a runner with ${labelsNamed(job.labels)} whose group serves ${world.repository.fullName}`,
    evidence: [
      ...jobEvidence(job, world),
      ...runnersEvidence(excluded, world),
      ...excluded.slice(0, 1).map((): Evidence => ({ side: 'forge', fact: why })),
    ],
    repairs: [
      {
        kind: 'open-page',
        title: 'Open the runner groups on GitHub',
        url: `${origin}organizations/${owner}/settings/actions/runner-groups`,
      },
      ...deployRepair(job, world),
    ],
  });
}

/** A pool of ours would serve it, and something holds that back. */
export function heldReason(
  job: WaitingJob,
  pool: WorldPool,
  fitting: readonly WorldRunner[],
  world: World,
): WaitReason | null {
  const { hold } = pool;
  if (!hold) return null;
  const busy = fitting.filter((runner) => conditionOf(runner, world) === 'busy');
  const isFull = hold.kind === 'pool-maximum' && busy.length > 0;
  const who = isFull ? ` Busy: ${nameAll(busy.map((runner) => busyWith(runner, world)))}.` : '';
  return reason({
    kind: 'held',
    key: `${pool.id}\n${hold.kind}`,
    sentence: `Pool ${pool.name} would take it. ${ended(hold.sentence)}${who}`,
    wait: `for pool ${pool.name}, which is held back`,
    evidence: [...jobEvidence(job, world), ...poolEvidence([pool]), ...runnersEvidence(fitting, world)],
    repairs: repairsOfHold(hold, pool, Math.max(pool.demand, job.alike)),
    passes: !['paused', 'disk', 'failing'].includes(hold.kind),
  });
}

/** A fitting runner is on its way, or a pool is about to start one. */
export function startingReason(
  job: WaitingJob,
  coming: readonly WorldRunner[],
  pool: WorldPool | null,
  world: World,
): WaitReason {
  const names = nameAll(coming.map(({ name }) => name));
  const retryAt = coming.find(({ own }) => own?.retryAt != null)?.own?.retryAt ?? null;
  const sentence =
    retryAt !== null && coming.length === 1
      ? `${names} is started again at ${sayTime(retryAt, world.now)}: ${ended(coming[0]?.own?.cause ?? '')}`
      : coming.length > 0
        ? `${names} ${coming.length === 1 ? 'is' : 'are'} being started for it.`
        : `Pool ${pool?.name} starts a runner for it.`;
  return reason({
    kind: 'starting',
    key: pool?.id ?? labelKey(job.labels, world),
    sentence,
    wait: `for a runner with ${labelsNamed(job.labels)} that is being started`,
    evidence: [
      ...jobEvidence(job, world),
      ...poolEvidence(pool ? [pool] : []),
      ...runnersEvidence(coming, world),
    ],
    passes: true,
  });
}

/** A pool of runners that stay until somebody stops them has none of them left. */
export function emptyPoolReason(job: WaitingJob, pool: WorldPool, world: World): WaitReason {
  return reason({
    kind: 'offline',
    key: `pool\n${pool.id}`,
    sentence: `Pool ${pool.name} would take it and has no runner with these labels now.`,
    wait: `for a runner of pool ${pool.name}`,
    evidence: [...jobEvidence(job, world), ...poolEvidence([pool])],
    repairs: [addRunners(pool, job)],
  });
}

function addRunners(pool: WorldPool, { alike }: WaitingJob): Repair {
  const count = worthAdding(alike);
  const title = `Add ${count === 1 ? 'a runner' : `${count} runners`} to ${pool.name}`;
  return { kind: 'add-runners', title, poolId: pool.id, count };
}

function morePower(job: WaitingJob, pool: WorldPool | null, world: World): Repair[] {
  if (!pool) return deployRepair(job, world);
  return managesItself(pool) ? raiseMaximum(pool, job.alike) : [addRunners(pool, job)];
}

const allOf = ({ length }: readonly WorldRunner[]): string =>
  length === 2 ? 'Both runners' : `All ${length} runners`;

/** Every runner that is online with its labels has something else to do. */
export function busyReason(
  job: WaitingJob,
  busy: readonly WorldRunner[],
  pool: WorldPool | null,
  world: World,
): WaitReason {
  const [only] = busy;
  const told = nameAll(busy.map((runner) => busyWith(runner, world)));
  const sentence =
    busy.length === 1 && only
      ? `${busyWith(only, world)} is busy; no other runner with ${labelsNamed(job.labels)} is online.`
      : `${allOf(busy)} with ${labelsNamed(job.labels)} that are online are busy: ${told}.`;
  return reason({
    kind: 'all-busy',
    key: labelKey(job.labels, world),
    sentence,
    wait: `for busy runners with ${labelsNamed(job.labels)}`,
    evidence: [
      ...jobEvidence(job, world),
      ...runnersEvidence(busy, world),
      ...poolEvidence(pool ? [pool] : []),
    ],
    repairs: morePower(job, pool, world),
    passes: true,
  });
}

function reviveRepairs(offline: readonly WorldRunner[], world: World): Repair[] {
  const page: Repair = { kind: 'open-page', title: 'Open the runners on GitHub', url: runnersPage(world) };
  const own = offline.find((runner) => runner.own !== null);
  if (!own?.own) return [page];
  const { id: runnerId, state, draining } = own.own;
  if (draining || state === 'stopping' || state === 'removing') {
    const path = `/runners/${encodeURIComponent(runnerId)}`;
    return [{ kind: 'open-screen', title: `See ${own.name}`, path }];
  }
  const isDown = state === 'stopped' || state === 'failed';
  return isDown
    ? [{ kind: 'start-runner', title: `Start ${own.name}`, runnerId }]
    : [{ kind: 'restart-runner', title: `Restart ${own.name}`, runnerId }, page];
}

/** Runners have its labels, and none of them is online. */
export function offlineReason(job: WaitingJob, offline: readonly WorldRunner[], world: World): WaitReason {
  const [first] = offline;
  const why = first ? whyOffline(first, world) : '';
  const others = offline.length - 1;
  const sentence =
    others === 0
      ? why
      : `${allOf(offline)} with ${labelsNamed(job.labels)} are offline: ${nameAll(offline.map(({ name }) => name))}. ${why}`;
  const returns = offline.some(({ own }) => own?.state === 'reconnecting');
  return reason({
    kind: 'offline',
    key: labelKey(job.labels, world),
    sentence,
    wait: `for runners with ${labelsNamed(job.labels)} that are offline`,
    evidence: [
      ...jobEvidence(job, world),
      ...runnersEvidence(offline, world),
      ...(world.wokeAt === null
        ? []
        : [
            {
              side: 'here',
              fact: `This machine woke from sleep at ${sayTime(world.wokeAt, world.now)}.`,
            } as const,
          ]),
    ],
    repairs: [
      ...reviveRepairs(offline, world),
      ...(offline.every(({ own }) => own === null) ? deployRepair(job, world) : []),
    ],
    passes: returns,
  });
}
