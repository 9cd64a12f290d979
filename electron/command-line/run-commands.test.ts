import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import type { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { LocalClient } from '../doors/local-client.ts';
import type { Engine } from '../engine.ts';
import { createEngineLab, deployRequest, type EngineLab } from '../testing/engine-lab.ts';
import { createProgram } from './program.ts';
import { describeRuns } from './run-commands.ts';

vi.setConfig({ testTimeout: 180_000 });

let lab: EngineLab;
let engine: Engine;
let said: string[];

beforeAll(async () => {
  lab = await createEngineLab();
  engine = await lab.start();
  await engine.recovered;
  const { repository } = await engine.demo.connect();
  await engine.runners.deploy(deployRequest(repository.id, 2));
}, 60_000);
afterAll(() => lab.dispose());
beforeEach(() => {
  said = [];
});

/** What the parser says of wrong words is not for the test's own terminal. */
function quieten(command: Command): void {
  command.configureOutput({ writeErr: () => {} });
  for (const one of command.commands) quieten(one);
}

/** Runs a command; resolves with what it rejects with, null when it does not. */
async function trackside(...words: string[]): Promise<unknown> {
  const client = createRouterClient(engine.router) as LocalClient;
  const program = createProgram({
    connect: () => Promise.resolve({ client, close() {} }),
    print: (text) => said.push(text),
    readInput: () => Promise.resolve(''),
    now: Date.now,
    version: '0.0.0',
    folder: lab.folder,
  });
  quieten(program);
  return program.parseAsync(['node', 'trackside', ...words]).then(
    () => null,
    (error: unknown) => error,
  );
}

test('a workflow is started by its name, followed to its end, listed, and what it made is kept', async () => {
  const inputs = ['--input', 'version=2.0', '--input', 'environment=preview', '--input', 'copies=1'];
  expect(await trackside('workflows', 'run', 'release.yml', ...inputs, '--watch')).toBe(null);
  const words = said.join('\n');
  const runId = /^Started run (\d+): http/.exec(words)?.[1] ?? '';
  expect(words).toMatch(/Plan: success on arm-\d/);
  expect(words).toMatch(/Build frame: success on arm-\d/);
  expect(words).toMatch(new RegExp(`Run ${runId} has ended: success\\.$`));

  said = [];
  await trackside('runs');
  expect(said.join('\n')).toMatch(new RegExp(`^${runId} +success +Release +main +workflow_dispatch`));
  said = [];
  await trackside('runs', 'download', runId, '--name', 'release-notes');
  const path = join(lab.dataFolder, 'downloads', 'release-notes.zip');
  expect(said).toEqual([expect.stringMatching(new RegExp(`^${path} \\(\\d+ B, as its digest says\\)$`))]);
  expect((await readFile(path)).length).toBeGreaterThan(0);
  expect(await trackside('runs', 'download', runId, '--name', 'nothing')).toMatchObject({
    code: 'UNKNOWN',
    data: { remedy: expect.stringContaining('release-notes') },
  });
});

test('a run that waits is cancelled, and following it says that it did not succeed', async () => {
  expect(await trackside('workflows', 'run', 'Nightly')).toBe(null);
  const runId = /^Started run (\d+)/.exec(said.join(''))?.[1] ?? '';
  const followed = trackside('runs', 'watch', runId);
  expect(await trackside('runs', 'cancel', runId)).toBe(null);
  expect(await followed).toEqual(new Error(`Run ${runId} did not succeed: cancelled`));
  expect(await trackside('runs', 'cancel', runId)).toMatchObject({ code: 'CONFLICT' });
});

test('what is wrong is told by what is there', async () => {
  expect(await trackside('workflows', 'run', 'Relase')).toMatchObject({
    message: 'There is no workflow “Relase”.',
    data: { remedy: expect.stringContaining('Release') },
  });
  expect(await trackside('workflows', 'run', 'Release')).toMatchObject({
    data: { field: 'inputs.version' },
  });
  expect(await trackside('workflows', 'run', 'Release', '--input', 'version')).toMatchObject({
    code: 'commander.invalidArgument',
  });
  expect(await trackside('runs', 'watch', 'latest')).toMatchObject({ code: 'commander.invalidArgument' });
});

test('a title cannot make the terminal do anything', () => {
  const run = { id: 1, status: 'queued', conclusion: null, workflow: 'W', branch: null, event: 'push' };
  const title = 'x\u001b]0;owned\u0007\u001b[2Jy\rz';
  const text = describeRuns([{ ...run, title, createdAt: 0 } as Parameters<typeof describeRuns>[0][0]], 0);
  expect(text).toContain('xy z');
  expect(text).not.toMatch(/\p{Cc}/u);
});
