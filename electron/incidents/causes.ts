/** The causes of trouble that the board shows: pure functions of it. One cause each, however many jobs it concerns. */
import type { Board } from '../../shared/board.ts';
import { formatBytes, formatBytesOf, formatCount } from '../../shared/format.ts';
import type { Pool, Problem, Repository, Runner, Wait } from '../../shared/model.ts';
import type { DiskSpace } from '../platform/disk.ts';
import { lowDiskBytes } from '../runners/health/checks.ts';
import { type Cause, cause, keyOf } from './cause.ts';

/** A disk that was nearly full is not any more when it has this much free: it would come and go at the border. */
const enoughDiskBytes = 1.5 * lowDiskBytes;

/** A person's sentence, and what to do about it. */
function withRemedy({ message, remedy }: Pick<Problem, 'message' | 'remedy'>): string {
  return remedy === null ? message : `${message} ${remedy}`;
}

function waitCause(wait: Wait): Cause {
  const { id, title, sentence, since, jobs, repositoryId, repairs } = wait;
  const told = { title, sentence, since, jobs, repositoryId, repairs, waitId: id };
  return cause({ key: keyOf('wait', id), kind: 'wait', ...told });
}

/** Jobs that wait for what does not pass by itself. */
export function waitCauses({ waits }: Pick<Board, 'waits'>): Cause[] {
  return Object.values(waits)
    .filter(({ passes, kind }) => !passes && kind !== 'outage')
    .map(waitCause);
}

/** Trouble that the forge tells of itself: one for each connection, whichever repositories' jobs it holds. */
export function outageCauses({ waits, repositories }: Pick<Board, 'waits' | 'repositories'>): Cause[] {
  const held = Object.values(waits).filter(({ kind }) => kind === 'outage');
  const byConnection = Map.groupBy(
    held,
    ({ repositoryId }) => repositories[repositoryId]?.connectionId ?? '',
  );
  return [...byConnection].flatMap(([connectionId, rows]) => {
    const [first] = rows.toSorted((one, other) => one.since - other.since);
    if (!first) return [];
    const jobs = rows.reduce((sum, row) => sum + row.jobs, 0);
    const title = `${formatCount(jobs, 'job waits', 'jobs wait')} because of trouble at GitHub`;
    return [
      { ...waitCause(first), key: keyOf('outage', connectionId), kind: 'forge', title, jobs } satisfies Cause,
    ];
  });
}

/** Pools that start no runner any more because each of the last has failed. */
export function poolCauses({ pools, poolStates }: Pick<Board, 'pools' | 'poolStates'>): Cause[] {
  return Object.values(pools).flatMap((pool): Cause[] => {
    const state = poolStates[pool.id];
    if (state?.hold?.kind !== 'failing') return [];
    return [
      cause({
        key: keyOf('pool', pool.id),
        kind: 'pool',
        title: `The runners of ${pool.name} fail`,
        sentence: state.hold.sentence,
        jobs: state.demand,
        repositoryId: pool.repositoryId,
        poolId: pool.id,
        repairs: [{ kind: 'open-screen', title: `See ${pool.name}`, path: `/pools/${pool.id}` }],
      }),
    ];
  });
}

function failedRunnersCause(pool: Pool | undefined, runners: readonly [Runner, ...Runner[]]): Cause {
  const [first] = runners;
  const poolId = first.poolId;
  const isOne = runners.length === 1;
  const name = isOne ? first.name : (pool?.name ?? 'the pool');
  return cause({
    key: keyOf('runner', poolId),
    kind: 'runner',
    title: isOne ? `${name} has failed` : `${runners.length} runners of ${name} have failed`,
    sentence: first.failure === null ? first.cause : withRemedy(first.failure),
    since: Math.min(...runners.map(({ stateSince }) => stateSince)),
    repositoryId: first.repositoryId,
    poolId,
    runnerId: isOne ? first.id : null,
    repairs: [
      {
        kind: 'open-screen',
        title: `See ${name}`,
        path: isOne ? `/runners/${first.id}` : `/pools/${poolId}`,
      },
    ],
  });
}

/** Runners that have failed and are not tried again by themselves; those of a pool that is held for it are its. */
export function runnerCauses({
  runners,
  pools,
  poolStates,
}: Pick<Board, 'runners' | 'pools' | 'poolStates'>): Cause[] {
  const failed = Object.values(runners).filter(
    ({ state, retryAt, poolId }) =>
      state === 'failed' && retryAt === null && poolStates[poolId]?.hold?.kind !== 'failing',
  );
  return [...Map.groupBy(failed, ({ poolId }) => poolId)].flatMap(([poolId, [first, ...more]]) =>
    first ? [failedRunnersCause(pools[poolId], [first, ...more])] : [],
  );
}

const seeConnections = { kind: 'open-screen', title: 'See the connection', path: '/settings' } as const;

/** Connections that do not work, and repositories of working ones that cannot be watched: alike ones together. */
export function forgeCauses({
  connections,
  repositories,
}: Pick<Board, 'connections' | 'repositories'>): Cause[] {
  const broken = Object.values(connections).flatMap(({ id, webUrl, problem }): Cause[] => {
    if (!problem) return [];
    const title = `The connection to ${URL.parse(webUrl)?.host ?? webUrl} does not work`;
    const told = { title, sentence: withRemedy(problem), repairs: [seeConnections] };
    return [cause({ key: keyOf('connection', id), kind: 'forge', ...told })];
  });
  const unwatched = Object.values(repositories).filter(
    ({ problem, connectionId }) => problem !== null && !connections[connectionId]?.problem,
  );
  const alike = Map.groupBy(unwatched, ({ connectionId, problem }) =>
    keyOf(connectionId, problem?.code ?? ''),
  );
  return [...broken, ...[...alike].flatMap(([key, rows]) => unwatchedCause(key, rows))];
}

function unwatchedCause(key: string, rows: readonly Repository[]): Cause[] {
  const [first] = rows;
  if (!first?.problem) return [];
  const isOne = rows.length === 1;
  return [
    cause({
      key: keyOf('repository', key),
      kind: 'forge',
      title: isOne ? `${first.fullName} cannot be watched` : `${rows.length} repositories cannot be watched`,
      sentence: withRemedy(first.problem),
      repositoryId: isOne ? first.id : null,
      repairs: [seeConnections],
    }),
  ];
}

/**
 * The disk of the runners is nearly full.
 * @param disk null while it was not measured
 * @param isKnown whether that is told already: then it takes more free space to be well again
 */
export function diskCauses(disk: DiskSpace | null, isKnown: boolean): Cause[] {
  if (!disk || disk.freeBytes >= (isKnown ? enoughDiskBytes : lowDiskBytes)) return [];
  const free = formatBytesOf(disk.freeBytes, disk.totalBytes);
  return [
    cause({
      key: 'disk',
      kind: 'disk',
      title: 'The disk of the runners is nearly full',
      sentence: `${free} are free. Free some space: jobs will fail, and new runners do not fit.`,
    }),
  ];
}

/** How the disk got well again. */
export function diskEnding(disk: DiskSpace | null): string {
  return disk ? `${formatBytes(disk.freeBytes)} are free again.` : 'The disk has room again.';
}
