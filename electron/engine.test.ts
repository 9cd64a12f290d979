import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import {
  createEngineLab,
  deployRequest,
  type EngineLab,
  isReady,
  whenRunners,
} from './testing/engine-lab.ts';

let lab: EngineLab;
beforeEach(async () => {
  lab = await createEngineLab();
});
afterEach(() => lab.dispose());

async function connected(): Promise<{ engine: Engine; repositoryId: string }> {
  const engine = await lab.start();
  await engine.recovered;
  const { repository } = await engine.demo.connect();
  return { engine, repositoryId: repository.id };
}

async function registrations(engine: Engine, repositoryId: string): Promise<string[]> {
  const listed = await engine.repositories.forgeOf(repositoryId).forge.runners('octo/forge');
  return listed.map(({ name }) => name);
}

test('four runners: deployed, a job run on one, stopped, removed, nothing left', async () => {
  const { engine, repositoryId } = await connected();
  const client = createRouterClient(engine.router);
  await client.pools.deploy(deployRequest(repositoryId, 4));
  const idle = await whenRunners(engine, (runners) => runners.length === 4 && runners.every(isReady));
  expect(idle.map(({ name }) => name).sort()).toEqual(['arm-1', 'arm-2', 'arm-3', 'arm-4']);
  expect((await registrations(engine, repositoryId)).length).toBe(4);

  const workflows = await client.workflows.list({ repositoryId });
  const quick = workflows.find(({ name }) => name === 'Quick check');
  await client.workflows.dispatch({ repositoryId, workflowId: quick?.id ?? 0, ref: null, inputs: {} });
  const board = await engine.board.when(
    ({ shifts }) => Object.values(shifts).some(({ result }) => result === 'Succeeded'),
    AbortSignal.timeout(30_000),
  );
  const [shift] = Object.values(board.shifts);
  const source = { kind: 'runner-job', runnerId: shift?.runnerId ?? '' } as const;
  let text = '';
  for await (const state of await client.logs.follow({ source, tail: 2000 })) {
    text = state.tail.join('\n');
    if (state.complete && state.empty === null) break;
  }
  expect(text).toContain('##[group]Run');

  for (const { id } of idle) await client.runners.stop({ runnerId: id, how: 'drain' });
  await whenRunners(engine, (runners) => runners.every(({ state }) => state === 'stopped'));
  expect(await lab.processes()).toEqual([]);

  for (const { id } of idle) await client.runners.remove({ runnerId: id, how: 'drain' });
  await whenRunners(engine, (runners) => runners.length === 0);
  expect(await registrations(engine, repositoryId)).toEqual([]);
  expect(await readdir(join(lab.dataFolder, 'runners'))).toEqual([]);
  expect(engine.board.current().pools).toEqual({});
});

test('runners go on without an engine and are adopted by the next one', async () => {
  const first = await connected();
  await first.engine.runners.deploy(deployRequest(first.repositoryId, 2));
  const before = await whenRunners(first.engine, (runners) => runners.length === 2 && runners.every(isReady));
  await first.engine.dispose();
  expect((await lab.processes()).length).toBeGreaterThanOrEqual(4);
  const second = await lab.start();
  await second.recovered;
  const after = await whenRunners(second, (runners) => runners.length === 2 && runners.every(isReady));
  expect(after.map(({ pid }) => pid).sort()).toEqual(before.map(({ pid }) => pid).sort());
});

test('a cancelled deploy leaves nothing behind', async () => {
  const { engine, repositoryId } = await connected();
  const { pool } = await engine.runners.deploy(deployRequest(repositoryId, 3));
  await whenRunners(engine, (runners) =>
    runners.some(({ steps }) => steps.some(({ id, status }) => id === 'register' && status === 'active')),
  );
  await engine.runners.cancelPoolDeploy(pool.id);
  await whenRunners(engine, (runners) => runners.length === 0);
  expect(await registrations(engine, repositoryId)).toEqual([]);
  expect(await readdir(join(lab.dataFolder, 'runners'))).toEqual([]);
  expect(await lab.processes()).toEqual([]);
});
