/** Rows of the board for tests: plausible, and overridden where a test looks. */
import type { Board } from '../../shared/board.ts';
import { emptyBoard } from '../../shared/board-apply.ts';
import type {
  Connection,
  ForeignRunner,
  Ghost,
  Health,
  HistoryEvent,
  Incident,
  Job,
  Pool,
  PoolState,
  Repository,
  Runner,
  Shift,
  Verdict,
  Wait,
} from '../../shared/model.ts';
import { defaultNeighbour, defaultScaling, defaultSettings } from '../../shared/pool-defaults.ts';

const gigabyte = 1024 ** 3;

export function connectionRow(over: Partial<Connection> = {}): Connection {
  return {
    id: 'c1',
    forge: 'github',
    webUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    login: 'octo',
    demo: false,
    tokenStore: 'keyring',
    usable: true,
    problem: null,
    expiresAt: null,
    budget: null,
    spending: null,
    ...over,
  };
}

export function repositoryRow(over: Partial<Repository> = {}): Repository {
  return {
    id: 'r1',
    connectionId: 'c1',
    fullName: 'octo/forge',
    visibility: 'private',
    defaultBranch: 'main',
    webUrl: 'https://github.com/octo/forge',
    checkedAt: 0,
    problem: null,
    watch: null,
    ...over,
  };
}

export function poolRow(over: Partial<Pool> = {}): Pool {
  return {
    id: 'p1',
    name: 'arm',
    repositoryId: 'r1',
    labels: [],
    size: { preset: 'standard', cores: 4, memoryBytes: 8 * gigabyte },
    lifecycle: { mode: 'manual' },
    target: { kind: 'repository' },
    scaling: defaultScaling,
    neighbour: defaultNeighbour,
    rerunLost: true,
    paused: false,
    createdAt: 0,
    ...over,
  };
}

export function runnerRow(over: Partial<Runner> = {}): Runner {
  return {
    id: over.name ?? 'arm-1',
    poolId: 'p1',
    repositoryId: 'r1',
    name: 'arm-1',
    labels: ['self-hosted', 'Linux', 'ARM64'],
    state: 'idle',
    stateSince: 0,
    cause: 'It listens for jobs.',
    steps: [],
    failure: null,
    draining: false,
    job: null,
    version: '2.330.0',
    forgeRunnerId: 7,
    forgeStatus: 'online',
    pid: 4711,
    startedAt: 0,
    stopsAt: null,
    keptUntil: null,
    retryAt: null,
    updating: false,
    versionDeadline: null,
    createdAt: 0,
    ...over,
  };
}

export function jobRow(over: Partial<Job> = {}): Job {
  return {
    id: 'j1',
    repositoryId: 'r1',
    runId: 1,
    jobId: 1,
    name: 'build',
    workflow: 'ci.yml',
    workflowPath: '.github/workflows/ci.yml',
    branch: 'main',
    event: 'push',
    actor: 'octo',
    labels: ['self-hosted'],
    status: 'queued',
    queuedAt: 0,
    startedAt: null,
    runnerName: null,
    url: null,
    waitId: null,
    position: null,
    estimate: null,
    ...over,
  };
}

export function waitRow(over: Partial<Wait> = {}): Wait {
  return {
    id: 'w1',
    repositoryId: 'r1',
    kind: 'label-missing',
    sentence: 'No runner has the label `gpu`.',
    title: '1 job waits for a runner with label `gpu`',
    missing: ['gpu'],
    nearest: null,
    mistake: null,
    evidence: [],
    repairs: [],
    passes: false,
    jobs: 1,
    since: 0,
    failsAt: null,
    ...over,
  };
}

export function incidentRow(over: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    kind: 'wait',
    title: '12 jobs wait for a runner with label `gpu`',
    sentence: 'No runner has the label `gpu`.',
    since: 0,
    resolvedAt: null,
    resolution: null,
    jobs: 12,
    repositoryId: 'r1',
    waitId: null,
    poolId: null,
    runnerId: null,
    repairs: [],
    notifiedAt: null,
    dismissed: false,
    ...over,
  };
}

export function foreignRunnerRow(over: Partial<ForeignRunner> = {}): ForeignRunner {
  return {
    id: 'f',
    repositoryId: 'r1',
    name: 'old-pi',
    labels: ['ARM'],
    status: 'offline',
    busy: false,
    group: null,
    excluded: null,
    ...over,
  };
}

export function shiftRow(over: Partial<Shift> = {}): Shift {
  return {
    id: 's1',
    runnerId: 'arm-1',
    runnerName: 'arm-1',
    repositoryId: 'r1',
    jobName: 'build',
    startedAt: 0,
    endedAt: null,
    result: null,
    jobId: null,
    url: null,
    verdict: null,
    ...over,
  };
}

export function verdictRow(over: Partial<Verdict> = {}): Verdict {
  return {
    cause: 'worker-died',
    sentence: 'The runner’s worker died; the job itself did not fail.',
    rerun: null,
    ...over,
  };
}

export function poolStateRow(over: Partial<PoolState> = {}): PoolState {
  return {
    id: 'p1',
    demand: 0,
    wanted: 0,
    cause: 'No job waits.',
    hold: null,
    nextAt: null,
    ...over,
  };
}

export function eventRow(over: Partial<HistoryEvent> = {}): HistoryEvent {
  return {
    id: 'e1',
    at: 0,
    kind: 'runner',
    subject: 'arm-1',
    from: 'starting',
    to: 'idle',
    cause: 'It listens for jobs.',
    runnerId: 'arm-1',
    poolId: 'p1',
    repositoryId: 'r1',
    ...over,
  };
}

export function ghostRow(over: Partial<Ghost> = {}): Ghost {
  return {
    id: 'g1',
    repositoryId: 'r1',
    forgeRunnerId: 41,
    name: 'arm-9',
    registeredAt: 0,
    proof: 'It carries this installation’s tag, and no runner here has its number.',
    removedAt: null,
    ...over,
  };
}

const byId = <T extends { id: string }>(rows: readonly T[]): Record<string, T> =>
  Object.fromEntries(rows.map((row) => [row.id, row]));

/** A board with a connected repository and the given rows. */
export function boardWith(
  rows: {
    connections?: Connection[];
    repositories?: Repository[];
    pools?: Pool[];
    runners?: Runner[];
    jobs?: Job[];
    shifts?: Shift[];
    poolStates?: PoolState[];
    events?: HistoryEvent[];
    health?: Health[];
    ghosts?: Ghost[];
    waits?: Wait[];
    incidents?: Incident[];
    foreignRunners?: ForeignRunner[];
  } = {},
): Board {
  const empty = emptyBoard({
    now: 0,
    version: '0.1.0',
    demo: false,
    host: null,
    load: null,
    tokenStore: 'keyring',
    dataFolder: '/data',
    settings: defaultSettings,
    surroundings: null,
    quitting: null,
  });
  return {
    ...empty,
    connections: byId(rows.connections ?? [connectionRow()]),
    repositories: byId(rows.repositories ?? [repositoryRow()]),
    pools: byId(rows.pools ?? [poolRow()]),
    runners: byId(rows.runners ?? []),
    jobs: byId(rows.jobs ?? []),
    shifts: byId(rows.shifts ?? []),
    poolStates: byId(rows.poolStates ?? []),
    events: byId(rows.events ?? []),
    health: byId(rows.health ?? []),
    ghosts: byId(rows.ghosts ?? []),
    waits: byId(rows.waits ?? []),
    incidents: byId(rows.incidents ?? []),
    foreignRunners: byId(rows.foreignRunners ?? []),
  };
}
