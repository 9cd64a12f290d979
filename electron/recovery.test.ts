import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Runner } from '../shared/model.ts';
import { type DemoGitHub, startDemoGitHub } from './demo/github/server.ts';
import { buildPracticeRunnerArchive } from './demo/practice-runner/archive.ts';
import type { Engine } from './engine.ts';
import { createEngineLab, type EngineLab, isReady, whenRunners } from './testing/engine-lab.ts';

let lab: EngineLab;
/** A GitHub that outlives the engine, as the real one does. */
let github: DemoGitHub;

beforeEach(async () => {
  lab = await createEngineLab();
  github = await startDemoGitHub({
    archiveFolder: join(lab.folder, 'archives'),
    buildArchive: (target) =>
      buildPracticeRunnerArchive({
        ...target,
        bundleFolder: lab.practiceRunnerFolder,
        nodePath: process.execPath,
      }),
  });
});
afterEach(async () => {
  await lab.dispose();
  await github.close();
});

/** Runs an engine that deploys two runners and dies by SIGKILL at the given moment. */
async function deployAndDie(step: string, file: string | null): Promise<void> {
  const { dataFolder, cacheFolder, secretsFolder, practiceRunnerFolder } = lab;
  const order = {
    ...{ dataFolder, cacheFolder, secretsFolder, practiceRunnerFolder, step, file },
    apiUrl: `${github.url}/api/v3`,
    token: github.token,
  };
  const program = join(import.meta.dirname, 'testing', 'dying-engine.ts');
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

async function registeredNames(engine: Engine): Promise<string[]> {
  const [repository] = Object.values(engine.board.current().repositories);
  const { forge, fullName } = engine.repositories.forgeOf(repository?.id ?? '');
  return (await forge.runners(fullName)).map(({ name }) => name).sort();
}

const settled = (runner: Runner): boolean => runner.state === 'failed' || isReady(runner);

const moments: [moment: string, step: string, file: string | null][] = [
  ['download', 'download', null],
  ['verify', 'verify', null],
  ['extract', 'extract', null],
  ['clone', 'clone', null],
  ['register', 'register', null],
  ['register, with config.sh at work', 'register', 'config.pid'],
  ['start', 'start', null],
  ['start, with the listener just spawned', 'start', 'pid'],
  ['listen', 'listen', null],
];

test.each(moments)('kill -9 during %s', async (_moment, step, file) => {
  await deployAndDie(step, file);
  const engine = await lab.start();
  await engine.recovered;
  const runners = await whenRunners(engine, (rows) => rows.length === 2 && rows.every(settled));

  // What came through is registered and at work; what did not was taken back whole and says why.
  const idle = runners.filter(({ state }) => state === 'idle');
  const failed = runners.filter(({ state }) => state === 'failed');
  expect(await registeredNames(engine)).toEqual(idle.map(({ name }) => name).sort());
  expect((await readdir(join(lab.dataFolder, 'runners'))).sort()).toEqual(idle.map(({ id }) => id).sort());
  for (const { failure } of failed)
    expect(failure?.message).toContain('ended while this runner was being deployed');
  expect(Object.keys(engine.board.current().leftovers)).toEqual([]);
  expect(
    (await readdir(join(lab.cacheFolder, 'trees')).catch(() => [])).filter((name) =>
      name.includes('partial'),
    ),
  ).toEqual([]);

  // A retry needs nothing else.
  for (const { id } of failed) engine.runners.retry(id);
  await whenRunners(engine, (rows) => rows.every(isReady));
  for (const { id } of runners) engine.runners.remove(id, 'drain');
  await whenRunners(engine, (rows) => rows.length === 0);
  expect(await registeredNames(engine)).toEqual([]);
  expect(await lab.processes()).toEqual([]);
});

test('a registration that cannot be taken back is named, and cleaned up when it can', async () => {
  await deployAndDie('register', 'config.pid');
  github.faults.set({ kind: 'revoked-token' });
  const engine = await lab.start();
  await engine.recovered;
  await whenRunners(engine, (rows) => rows.length === 2 && rows.every(settled));
  const leftovers = Object.values(engine.board.current().leftovers);
  expect(leftovers.length).toBeGreaterThan(0);
  expect(leftovers[0]).toMatchObject({ kind: 'registration', name: expect.stringMatching(/^arm-/) });
  github.faults.clear();
  await engine.connections.add({ token: github.token, apiUrl: `${github.url}/api/v3`, repository: null });
  const client = createRouterClient(engine.router);
  for (const { id } of leftovers) await client.leftovers.cleanUp({ leftoverId: id });
  expect(await registeredNames(engine)).toEqual([]);
  expect(engine.board.current().leftovers).toEqual({});
});
