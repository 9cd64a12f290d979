/** A runner and what is known about it, for tests of its health. */
import type { Runner } from '../../../shared/model.ts';
import { gigabyte } from '../../../shared/sizes.ts';
import { newRunnerRecord, type RunnerRecord } from '../record.ts';
import type { RunnerFacts } from './checks.ts';

export const testNow = Date.UTC(2026, 10, 24, 12);

/** A record of a registered runner that waits for jobs. */
export function idleRecord(change: Partial<Runner> = {}): RunnerRecord {
  const record = newRunnerRecord({
    id: 'runner-1',
    poolId: 'pool-1',
    repositoryId: 'repository-1',
    name: 'arm-1',
    defaultLabels: ['self-hosted'],
    customLabels: [],
    ephemeral: false,
    cause: 'Asked for just now.',
    now: testNow - 3_600_000,
  });
  const steps = record.runner.steps.map((step) => ({ ...step, status: 'done' as const }));
  const idle: Partial<Runner> = {
    ...{ steps, state: 'idle', stateSince: testNow - 3_600_000, version: '2.336.0' },
    ...{ forgeRunnerId: 7, forgeStatus: 'online', pid: 4711, startedAt: testNow - 3_600_000 },
  };
  return { ...record, registration: 'yes', runner: { ...record.runner, ...idle, ...change } };
}

/** Facts of a healthy runner, with changes. */
export function factsOf(change: Partial<Runner> = {}, facts: Partial<RunnerFacts> = {}): RunnerFacts {
  return {
    now: testNow,
    runner: idleRecord(change).runner,
    process: { pid: 4711, goneSince: null, isShimGone: false },
    forge: { checkedAt: testNow - 10_000, problem: null, differsSince: null },
    host: {
      disk: { totalBytes: 100 * gigabyte, freeBytes: 40 * gigabyte },
      memory: { totalBytes: 16 * gigabyte, freeBytes: 8 * gigabyte },
    },
    clockSkewMs: 400,
    ...facts,
  };
}
