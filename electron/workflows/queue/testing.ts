/** Jobs, runners and pools for the tests of this folder. It is 14:30 on a Tuesday, on this machine's clock. */
import { defaultScaling } from '../../../shared/pool-defaults.ts';
import type { WaitingJob, World, WorldPool, WorldRunner } from './world.ts';

/** A moment of that day. */
export function at(hour: number, minute: number): number {
  return new Date(2026, 10, 24, hour, minute).getTime();
}

export const now = at(14, 30);
export const linux = ['self-hosted', 'Linux', 'ARM64'];

/** A queued job. */
export function job(labels: readonly string[], over: Partial<WaitingJob> = {}): WaitingJob {
  return {
    name: 'build',
    workflow: 'CI',
    workflowPath: '.github/workflows/ci.yml',
    runId: 7,
    isMade: true,
    status: 'queued',
    labels,
    queuedAt: at(14, 20),
    url: 'https://github.com/octo/forge/actions/runs/7/job/70',
    alike: 1,
    needs: null,
    run: null,
    runsOn: null,
    editUrl: 'https://github.com/octo/forge/edit/main/.github/workflows/ci.yml',
    ...over,
  };
}

/** Somebody else's runner: online and idle since noon. */
export function foreign(
  name: string,
  labels: readonly string[],
  over: Partial<WorldRunner> = {},
): WorldRunner {
  return {
    name,
    labels,
    forge: 'online',
    busyOnForge: false,
    hasConnected: true,
    group: null,
    excluded: null,
    own: null,
    job: null,
    since: at(12, 0),
    ...over,
  };
}

type Own = NonNullable<WorldRunner['own']>;

/** One of ours, of the pool `pool`: as its state says on both sides. */
export function own(
  name: string,
  labels: readonly string[],
  state: Own['state'],
  over: Partial<Own> & { forge?: WorldRunner['forge']; job?: WorldRunner['job'] } = {},
): WorldRunner {
  const { forge, job: runs = null, ...more } = over;
  const isOnline = state === 'idle' || state === 'busy';
  return foreign(name, labels, {
    forge: forge ?? (isOnline ? 'online' : 'offline'),
    busyOnForge: state === 'busy',
    job: runs,
    own: {
      id: `id-${name}`,
      poolId: 'id-pool',
      state,
      stateSince: at(13, 0),
      cause: 'It is so.',
      draining: false,
      retryAt: null,
      ...more,
    },
  });
}

/** A pool of ours that manages itself; its labels come to those that every runner here has. */
export function pool(name: string, labels: readonly string[], over: Partial<WorldPool> = {}): WorldPool {
  return {
    id: `id-${name}`,
    name,
    labels: [...linux, ...labels],
    lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 },
    scaling: { ...defaultScaling, maxRunners: 2 },
    paused: false,
    count: 2,
    hold: null,
    demand: 1,
    ...over,
  };
}

export const manual = { lifecycle: { mode: 'manual' } } as const;

/** What surrounds the job. */
export function world(over: Partial<World> = {}): World {
  return {
    now,
    seenAt: now,
    runnersReadAt: now,
    repository: { id: 'r', fullName: 'octo/forge', webUrl: 'https://github.com/octo/forge' },
    runners: [],
    pools: [],
    departed: [],
    status: null,
    trouble: null,
    wokeAt: null,
    labelsIgnoreCase: true,
    offersHosted: true,
    defaultLabels: linux,
    canDeploy: true,
    ...over,
  };
}
