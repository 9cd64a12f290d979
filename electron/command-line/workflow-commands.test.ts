import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LocalClient } from '../doors/local-client.ts';
import type { Engine } from '../engine.ts';
import { createEngineLab, type EngineLab } from '../testing/engine-lab.ts';
import { createProgram } from './program.ts';

let lab: EngineLab;
let engine: Engine;
let folder: string;
let said: string[];

beforeAll(async () => {
  lab = await createEngineLab();
  engine = await lab.start();
  await engine.recovered;
  await engine.demo.connect();
  folder = await mkdtemp(join(tmpdir(), 'trackside-workflows-'));
}, 60_000);
afterAll(async () => {
  await engine.dispose();
  await lab.dispose();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  said = [];
});

/** Runs a command; resolves with what it rejects with, null when it does not. */
async function trackside(...words: string[]): Promise<unknown> {
  const client = createRouterClient(engine.router) as LocalClient;
  const program = createProgram({
    connect: () => Promise.resolve({ client, close() {} }),
    print: (text) => said.push(text),
    readInput: () => Promise.resolve(''),
    now: Date.now,
    version: '0.0.0',
    folder,
  });
  return program.parseAsync(['node', 'trackside', ...words]).then(
    () => null,
    (error: unknown) => error,
  );
}

test('tells of a folder who takes what, the line that mends it, and fails because a job would hang', async () => {
  await writeFile(
    join(folder, 'ci.yml'),
    'on: push\njobs:\n  fast: { runs-on: ubuntu-latest }\n  slow:\n    runs-on: ubuntu-25.04\n',
  );
  await writeFile(join(folder, 'tab.yml'), 'on: push\njobs:\n\tx: {}\n');
  const error = await trackside('workflows', 'check', '.');
  expect(error).toEqual(
    new Error('1 of 2 jobs would wait for a runner that does not exist. 1 of 2 files has a fault.'),
  );
  expect(said.join('\n').split('\n')).toEqual([
    'ci.yml',
    expect.stringMatching(/^ {2}hosted {2}fast {2}line 3 {2}GitHub's own runners/),
    expect.stringMatching(/^ {2}nobody {2}slow {2}line 5 {2}.*`ubuntu-25.04`/),
    '    - runs-on: ubuntu-25.04',
    '    + runs-on: ubuntu-24.04',
    'tab.yml',
    '  tab.yml:3:1 A tab indents this line. YAML takes spaces only.',
  ]);
});

test('prints JSON for programs, of the default branch when no folder is named', async () => {
  await trackside('--json', 'workflows', 'check', '--repository', 'OCTO/forge');
  const checked: { path: string }[] = JSON.parse(said.join('\n'));
  expect(checked.map(({ path }) => path)).toContain('.github/workflows/build.yml');
});

test('refuses a repository that is not connected, and a folder that is not there', async () => {
  expect(await trackside('workflows', 'check', '--repository', 'octo/other')).toMatchObject({
    message: 'octo/other is not connected.',
    data: { remedy: 'Use --repository with one of octo/forge.' },
  });
  expect(await trackside('workflows', 'check', 'nowhere')).toMatchObject({ code: 'INVALID_REQUEST' });
});
