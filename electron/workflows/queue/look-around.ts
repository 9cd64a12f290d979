/** Gathers the world of a diagnosis: the forge's last answer, what the board knows of our own, and how long it is so. */
import type { Board } from '../../../shared/board.ts';
import type { Connection, Repository, Runner } from '../../../shared/model.ts';
import type { ForgeJob, ForgeRunner } from '../../forges/forge.ts';
import type { RepositorySight } from '../../forges/watch.ts';
import type { DepartedRunner, World, WorldPool, WorldRunner } from './world.ts';

/** A look that fails is often followed by one that does not: only what lasts is told. */
const troubleAfterMs = 60_000;

/** Since when the forge shows each runner as it does. */
export interface RunnerMemory {
  /** Takes in a list of the forge. */
  seen(sight: Pick<RepositorySight, 'runners' | 'groups'>, now: number): void;
  /** Epoch milliseconds; null when it was so when it was first seen. */
  since(key: string): number | null;
}

const memoryKey = (group: string | null, { id }: Pick<ForgeRunner, 'id'>): string => `${group ?? ''}/${id}`;

export function createRunnerMemory(): RunnerMemory {
  let known = new Map<string, { sign: string; since: number | null }>();
  return {
    seen({ runners, groups }, now) {
      const isFirst = known.size === 0;
      const fresh = new Map<string, { sign: string; since: number | null }>();
      const note = (group: string | null, runner: ForgeRunner): void => {
        const key = memoryKey(group, runner);
        const sign = `${runner.status} ${runner.busy}`;
        const before = known.get(key);
        if (before?.sign === sign) fresh.set(key, before);
        else fresh.set(key, { sign, since: before || !isFirst ? now : null });
      };
      for (const runner of runners) note(null, runner);
      for (const group of groups ?? []) for (const runner of group.runners) note(group.name, runner);
      known = fresh;
    },
    since: (key) => known.get(key)?.since ?? null,
  };
}

/** GitHub compares labels ignoring case, everywhere; only its enterprise server has no runners of its own. */
export function forgeFacts({
  apiUrl,
}: Pick<Connection, 'apiUrl'>): Pick<World, 'labelsIgnoreCase' | 'offersHosted'> {
  const { hostname, pathname } = new URL(apiUrl);
  // The demo stands for github.com and is reached as a server is.
  const isServer = pathname.startsWith('/api/v3') && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return { labelsIgnoreCase: true, offersHosted: !isServer };
}

export interface Surroundings {
  board: Board;
  repository: Repository;
  sight: RepositorySight;
  /** When the forge was last asked, and when it last listed the runners. */
  seenAt: number;
  runnersReadAt: number;
  memory: Pick<RunnerMemory, 'since'>;
  departed: readonly DepartedRunner[];
  wokeAt: number | null;
  defaultLabels: readonly string[];
  now: number;
}

/** Everything around the jobs of one repository. */
export function lookAround(around: Surroundings): World {
  const { board, repository, sight, seenAt, now } = around;
  const connection = board.connections[repository.connectionId];
  const facts = connection ? forgeFacts(connection) : { labelsIgnoreCase: true, offersHosted: true };
  const runners = runnersOf(around);
  const trouble = repository.problem ?? connection?.problem ?? null;
  return {
    now,
    seenAt,
    runnersReadAt: around.runnersReadAt,
    repository,
    runners,
    pools: poolsOf(around),
    departed: around.departed,
    status: sight.status,
    trouble: trouble && now - seenAt >= troubleAfterMs ? trouble.message : null,
    wokeAt: around.wokeAt,
    ...facts,
    defaultLabels: around.defaultLabels,
    canDeploy: board.panel.host?.unsupported == null,
  };
}

/** When trouble that there is will be told; null where there is none, or it is told already. */
export function troubleTellsAt({ repository, seenAt, now }: Surroundings): number | null {
  const at = seenAt + troubleAfterMs;
  return repository.problem !== null && at > now ? at : null;
}

function poolsOf({ board, repository, defaultLabels }: Surroundings): WorldPool[] {
  const runners = Object.values(board.runners);
  return Object.values(board.pools)
    .filter((pool) => pool.repositoryId === repository.id)
    .map(({ id, name, lifecycle, scaling, paused, labels }) => ({
      ...{ id, name, lifecycle, scaling, paused },
      labels: [...defaultLabels, ...labels],
      count: runners.filter(({ poolId }) => poolId === id).length,
      hold: board.poolStates[id]?.hold ?? null,
      demand: board.poolStates[id]?.demand ?? 0,
    }));
}

function runnersOf({ board, repository, sight, memory }: Surroundings): WorldRunner[] {
  const own = new Map(
    Object.values(board.runners)
      .filter(({ repositoryId }) => repositoryId === repository.id)
      .map((row) => [row.name, row]),
  );
  const running = new Map<string, ForgeJob>();
  for (const job of sight.jobs) {
    if (job.status === 'in_progress' && job.runnerName !== null) running.set(job.runnerName, job);
  }
  // Where the forge tells no version of any runner, none says anything about a single one.
  const tellsVersions = sight.runners.some(({ version }) => version !== null);
  const listed = (runner: ForgeRunner, group: string | null, excluded: string | null): WorldRunner => {
    const { name, labels, status, busy, version } = runner;
    const row = group === null ? own.get(name) : undefined;
    return {
      // What ours were given since the forge listed them, they have.
      ...{ name, labels: row?.labels ?? labels, forge: status, busyOnForge: busy, group, excluded },
      hasConnected: status === 'online' || version !== null ? true : tellsVersions ? false : null,
      own: row ?? null,
      job: jobOf(row, running.get(name)),
      since: memory.since(memoryKey(group, runner)),
    };
  };
  const names = new Set(sight.runners.map(({ name }) => name));
  return [
    ...sight.runners.map((runner) => listed(runner, null, null)),
    ...(sight.groups ?? []).flatMap(({ name, excluded, runners }) =>
      runners.map((runner) => listed(runner, name, excluded)),
    ),
    ...[...own.values()].filter(({ name }) => !names.has(name)).map(unlisted),
  ];
}

function jobOf(row: Runner | undefined, seen: ForgeJob | undefined): WorldRunner['job'] {
  if (row) return row.job && { name: row.job.name, since: row.job.startedAt };
  return seen ? { name: seen.name, since: seen.startedAt } : null;
}

/** One of ours that the forge does not list (yet). */
function unlisted(row: Runner): WorldRunner {
  return {
    name: row.name,
    labels: row.labels,
    forge: 'absent',
    busyOnForge: false,
    hasConnected: null,
    group: null,
    excluded: null,
    own: row,
    job: jobOf(row, undefined),
    since: null,
  };
}
