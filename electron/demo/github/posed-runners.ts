/** Runners that are there to be seen: registered, shown as online or offline, without a process behind them. */
import { randomUUID } from 'node:crypto';
import type { RunnerRecord } from './model.ts';
import type { Store } from './store.ts';

/** One of them. */
export interface PosedRunner {
  name: string;
  /** `owner/name` of a repository, or the login of an organisation. */
  owner: string;
  /** Custom labels, beside those that every Linux runner has. */
  labels?: string[];
  /** Of an organisation; the default one when absent. */
  groupId?: number;
  /** Online when absent. */
  pose?: 'online' | 'offline';
}

/** Registers it, unless there is one of its name. @returns the runner of that name */
export function poseRunner(store: Store, posed: PosedRunner, nowMs: number): RunnerRecord {
  const { name, owner, labels = [], groupId = 1, pose = 'online' } = posed;
  const existing = store.data.runners.find((runner) => runner.repository === owner && runner.name === name);
  if (existing) return existing;
  const labelOf = (type: 'read-only' | 'custom') => (label: string) => ({
    id: store.nextId('label'),
    name: label,
    type,
  });
  const runner: RunnerRecord = {
    ...{ id: store.nextId('runner'), name, repository: owner, groupId, pose },
    ...{ os: 'Linux', architecture: 'X64', version: '2.336.0', ephemeral: false },
    labels: [...['self-hosted', 'Linux', 'X64'].map(labelOf('read-only')), ...labels.map(labelOf('custom'))],
    ...{ clientId: randomUUID(), publicKeyPem: '', createdAtMs: nowMs, lastSeenAtMs: nowMs },
  };
  store.data.runners.push(runner);
  return runner;
}
