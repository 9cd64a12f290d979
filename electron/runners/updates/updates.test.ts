/** Roll-outs against the demo GitHub's releases; time is driven by hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Notice, Pool, Runner } from '../../../shared/model.ts';
import { defaultNeighbour, defaultScaling, defaultSettings } from '../../../shared/pool-defaults.ts';
import { presets } from '../../../shared/sizes.ts';
import { type BoardPublisher, createBoard } from '../../board.ts';
import { type StartedDemo, startForTest } from '../../demo/github/testing/started.ts';
import type { RunnerPackage } from '../../forges/forge.ts';
import { createGitHubForge } from '../../forges/github/client.ts';
import { createManualClock, type ManualClock } from '../../platform/clock.ts';
import { createSharedAnswers } from '../../platform/shared-answers.ts';
import { newRunnerRecord } from '../record.ts';
import { trialMs } from './plan.ts';
import { askEveryMs, createRunnerUpdates, type RunnerUpdates } from './updates.ts';

const hour = 3_600_000;
let clock: ManualClock;
let github: StartedDemo;
let board: BoardPublisher;
let updates: RunnerUpdates;
let replaced: string[];
let notices: Pick<Notice, 'message' | 'remedy'>[];
let cached: Set<string>;
let busy: Set<string>;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-updates-'));
  clock = createManualClock();
  github = await startForTest();
  board = createBoard(
    {
      ...{ now: clock.now(), version: '0.0.0', demo: false, host: null, load: null, tokenStore: 'memory' },
      ...{ dataFolder: folder, settings: defaultSettings, surroundings: null, quitting: null },
    },
    clock,
  );
  [replaced, notices, cached, busy] = [[], [], new Set(), new Set()];
  const forge = createGitHubForge({ apiUrl: `${github.demo.url}/api/v3`, token: github.demo.token });
  updates = createRunnerUpdates({
    ...{ board, clock, target: { os: 'linux', architecture: 'x64' } },
    packages: createSharedAnswers<RunnerPackage>(clock, () => clock.now() + hour / 6),
    archive: { holds: async ({ version }) => cached.has(version) },
    forgeOf: () => ({ forge, fullName: 'octo/forge' }),
    isIdle: async (id) => !busy.has(id),
    redeploy: (id) => replaced.push(id),
    notify: (notice) => notices.push(notice),
    onFault(error) {
      throw error;
    },
  });
  board.set('pools', 'pool', pool('auto'));
  return async () => {
    updates.dispose();
    await github.stop();
    await rm(folder, { recursive: true });
  };
});

const pool = (mode: 'auto' | 'ephemeral'): Pool => ({
  ...{ id: 'pool', name: 'arm', repositoryId: 'repository', target: { kind: 'repository' }, labels: [] },
  ...{ size: presets.small, scaling: defaultScaling, neighbour: defaultNeighbour, rerunLost: true },
  lifecycle: mode === 'auto' ? { mode, idleTimeoutMs: hour } : { mode },
  ...{ paused: false, createdAt: 0 },
});

function show(id: string, change: Partial<Runner> = {}): Runner {
  const ids = { id, poolId: 'pool', repositoryId: 'repository', name: `arm-${id}` };
  const labels = { defaultLabels: [], customLabels: [] };
  const { runner } = newRunnerRecord({
    ...ids,
    ...labels,
    ephemeral: false,
    cause: 'Asked for.',
    now: clock.now(),
  });
  const row: Runner = { ...runner, state: 'idle', version: '2.336.0', startedAt: clock.now(), ...change };
  board.set('runners', id, row);
  return row;
}

const release = (version: string): void => {
  github.demo.faults.set({ kind: 'newer-release', version });
};

/** @returns who was to be replaced */
async function looks(): Promise<string[]> {
  await updates.look();
  return replaced.splice(0);
}

/** Lets time pass so that the forge is asked anew. */
async function later(durationMs: number): Promise<string[]> {
  await clock.advance(durationMs);
  return looks();
}

test('the forge is asked every six hours, and one idle runner goes first', async () => {
  show('1');
  show('2');
  expect(await looks()).toEqual([]);
  release('2.337.0');
  const before = github.demo.counters().total;
  expect(await later(hour)).toEqual([]);
  expect(github.demo.counters().total).toBe(before);
  expect(await later(askEveryMs)).toEqual(['1']);
});

test('the others follow after ten minutes, one at a time', async () => {
  release('2.337.0');
  for (const id of ['1', '2', '3']) show(id);
  expect(await looks()).toEqual(['1']);
  show('1', { state: 'deploying' });
  expect(await looks()).toEqual([]);
  show('1', { version: '2.337.0' });
  expect(await looks()).toEqual([]);
  expect(await later(trialMs)).toContain('2');
  show('2', { version: '2.337.0' });
  expect(await looks()).toEqual(['3']);
});

test('one that turns out to work is not replaced, whatever the board says', async () => {
  release('2.337.0');
  show('1');
  busy.add('1');
  expect(await looks()).toEqual([]);
  busy.clear();
  expect(await looks()).toEqual(['1']);
});

test('a canary that fails stops it, and that is told once', async () => {
  release('2.337.0');
  const failure = { code: 'TERMINATED', message: 'The runner gave up.', remedy: null };
  show('1', { version: '2.337.0', state: 'failed', startedAt: null, failure });
  show('2');
  expect(await looks()).toEqual([]);
  await looks();
  expect(notices).toEqual([
    expect.objectContaining({ message: expect.stringMatching(/^arm: arm-1 failed with version 2\.337\.0/) }),
  ]);
});

test('while one is on trial, new runners take the version known to be good, if it is at hand', async () => {
  const { forge } = {
    forge: createGitHubForge({ apiUrl: `${github.demo.url}/api/v3`, token: github.demo.token }),
  };
  const offer = () => forge.runnerPackage('octo/forge', { os: 'linux', architecture: 'x64' });
  const old = await offer();
  show('1');
  await looks();
  release('2.337.0');
  const latest = await offer();
  expect(await later(askEveryMs)).toEqual(['1']);
  expect((await updates.choosePackage(show('1', { state: 'deploying' }), latest)).version).toBe('2.337.0');
  show('1', { version: '2.337.0' });
  const fresh = show('9', { version: null, state: 'deploying' });
  expect((await updates.choosePackage(fresh, latest)).version).toBe('2.337.0');
  cached.add(old.version);
  expect((await updates.choosePackage(fresh, latest)).version).toBe('2.336.0');
  await clock.advance(trialMs);
  expect((await updates.choosePackage(fresh, latest)).version).toBe('2.337.0');
});

test('runners for one job take the newest package by themselves', async () => {
  board.set('pools', 'pool', pool('ephemeral'));
  release('2.337.0');
  show('1');
  expect(await looks()).toEqual([]);
});

test('a forge that cannot be asked changes nothing', async () => {
  release('2.337.0');
  show('1');
  const id = github.demo.faults.set({ kind: 'revoked-token' });
  expect(await looks()).toEqual([]);
  github.demo.faults.clear(id);
  expect(await later(hour)).toEqual(['1']);
});
