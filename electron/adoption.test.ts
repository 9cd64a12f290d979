/** What a new engine makes of listeners that lived on without one: what they said meanwhile, and countdowns that go on. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Board } from '../shared/board.ts';
import type { Runner, Shift } from '../shared/model.ts';
import type { Engine } from './engine.ts';
import { listenerLogPath } from './runners/control-folder.ts';
import { deployRequest, whenRunners } from './testing/engine-lab.ts';
import { type HostileLab, openHostileLab } from './testing/hostile-lab.ts';

const patienceMs = 60_000;
vi.setConfig({ testTimeout: 2 * patienceMs });
let lab: HostileLab;
let before: Runner;

/** @param beyond an earlier deadline, epoch milliseconds */
const whenCounting = async (engine: Engine, beyond = 0): Promise<Runner> => {
  const counts = ([one]: Runner[]): boolean => one?.state === 'idle' && (one.stopsAt ?? 0) > beyond;
  const [runner] = await whenRunners(engine, counts, patienceMs);
  if (!runner) throw new Error('No runner.');
  return runner;
};
const whenEnded = async (engine: Engine, count: number): Promise<Shift[]> => {
  const ended = ({ shifts }: Board): Shift[] =>
    Object.values(shifts)
      .filter(({ endedAt }) => endedAt !== null)
      .sort((a, b) => a.startedAt - b.startedAt);
  const board = await engine.board.when(
    (now) => ended(now).length === count,
    AbortSignal.timeout(patienceMs),
  );
  return ended(board);
};
const causes = (engine: Engine): string[] =>
  Object.values(engine.board.current().events)
    .filter(({ kind }) => kind === 'runner')
    .map(({ cause }) => cause);

/** Queues the job "Wait" and resolves once the forge has seen its end; nobody needs to watch. */
async function runUnseen(): Promise<void> {
  const path = '/repos/octo/forge/actions/workflows/wait.yml/dispatches';
  expect((await lab.asOther('POST', path, { ref: 'main' })).status).toBeLessThan(300);
  await lab.github.waitFor(
    ({ jobs }) => jobs.length > 0 && jobs.every(({ status }) => status === 'completed'),
  );
}

beforeEach(async () => {
  lab = await openHostileLab();
  await lab.client.pools.deploy(
    deployRequest(lab.repositoryId, 1, {
      size: { preset: 'custom', cores: 0.1, memoryBytes: 64 * 1024 ** 2 },
      lifecycle: { mode: 'auto', idleTimeoutMs: 20 * 60_000 },
    }),
  );
  before = await whenCounting(lab.engine);
});
afterEach(() => lab.dispose());

test('an idle runner goes on counting down, and nothing is told of it', async () => {
  const told = causes(lab.engine);
  await lab.engine.dispose();
  const engine = await lab.startEngine();
  const after = await whenCounting(engine);
  expect(after).toMatchObject({
    ...{ stateSince: before.stateSince, stopsAt: before.stopsAt, cause: before.cause },
    ...{ pid: before.pid, version: before.version },
  });

  await lab.openGate();
  await runUnseen();
  await engine.board.when(() => causes(engine).length > told.length + 1, AbortSignal.timeout(patienceMs));
  expect(causes(engine)).toEqual([...told, 'Runs “Wait”.', 'Finished “Wait”: Succeeded.']);
});

test('one that has worked meanwhile begins to count anew, with one word about it', async () => {
  const told = causes(lab.engine);
  await lab.engine.dispose();
  // A listener stamps its lines with whole seconds: its jobs are to end in a later one than that in which it became idle.
  await expect.poll(() => Date.now() - before.stateSince, { timeout: 5000 }).toBeGreaterThan(1000);
  await lab.openGate();
  await runUnseen();
  await runUnseen();
  // The forge knows of a job's end a moment before the listener says it.
  const log = listenerLogPath(join(lab.dataFolder, 'runners', before.id, 'control'));
  await expect.poll(async () => (await readFile(log, 'utf8')).match(/ completed with /g)?.length).toBe(2);
  const engine = await lab.startEngine();
  expect((await whenEnded(engine, 2)).map(({ result }) => result)).toEqual(['Succeeded', 'Succeeded']);
  const after = await whenCounting(engine, before.stopsAt ?? 0);
  expect(after.stateSince).toBeGreaterThan(before.stateSince);
  expect(causes(engine).slice(told.length)).toEqual(['Finished “Wait”: Succeeded.']);
});

test('a job that runs on is not taken for an earlier one of its name', async () => {
  await lab.openGate();
  await runUnseen();
  await whenEnded(lab.engine, 1);
  await rm(join(lab.folder, 'gate'));
  await lab.startJob();
  const told = causes(lab.engine);
  await lab.engine.dispose();
  const engine = await lab.startEngine();
  const [busy] = await whenRunners(engine, ([runner]) => runner?.pid === before.pid);
  expect(busy).toMatchObject({ state: 'busy', job: { name: 'Wait' } });
  expect(causes(engine)).toEqual(told);
  await lab.openGate();
  const [, last] = await whenEnded(engine, 2);
  expect(last?.result).toBe('Succeeded');
  expect(last?.endedAt).toBeGreaterThanOrEqual(last?.startedAt ?? 0);
});
