/** The served panel as a process of its own: what signals do to it, its runners and the host's sleep. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Board } from '../../shared/board.ts';
import { applyChanges } from '../../shared/board-apply.ts';
import { connectLocally, type LocalClient } from '../doors/local-client.ts';
import { createProcessTable } from '../platform/processes.ts';
import { deployRequest } from '../testing/engine-lab.ts';
import { type HostileLab, openHostileLab } from '../testing/hostile-lab.ts';

const patienceMs = 60_000;
vi.setConfig({ testTimeout: 3 * patienceMs });
const processes = createProcessTable();
let lab: HostileLab;
let dataFolder: string;
let program: ChildProcess;
let said: string[];
let client: LocalClient;
let disconnect: () => void;

/** A `systemd-inhibit` that does as the real one does, and notes its pid for each time. */
async function writeInhibit(folder: string): Promise<void> {
  await mkdir(folder);
  const file = join(folder, 'systemd-inhibit');
  const skipOptions = 'while case "$1" in -*) true;; *) false;; esac; do shift; done';
  await writeFile(file, `#!/bin/sh\necho $$ >> "${folder}/pids"\n${skipOptions}\n"$@"\n`);
  await chmod(file, 0o755);
}
const inhibitors = async (): Promise<number[]> => {
  const text = await readFile(join(lab.folder, 'programs', 'pids'), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).map(Number);
};
const living = async (pids: number[]) =>
  (await Promise.all(pids.map((pid) => processes.find(pid)))).filter((info) => info !== null);

async function serve(): Promise<void> {
  const order = {
    command: { port: 0, demo: false, open: false, folders: { dataFolder, cacheFolder: lab.cacheFolder } },
    opensByItself: false,
    outFolder: lab.folder,
    version: '0.0.0',
  };
  const script = `
    import { servePanel } from ${JSON.stringify(join(import.meta.dirname, 'program.ts'))};
    await servePanel(${JSON.stringify(order)});
  `;
  program = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: `${join(lab.folder, 'programs')}:${process.env.PATH}` },
  });
  said = [];
  if (!program.stdout) throw new Error('no output');
  const lines = createInterface({ input: program.stdout }).on('line', (line) => said.push(line));
  await once(lines, 'line');
  const connection = await connectLocally(dataFolder);
  client = connection.client;
  disconnect = connection.close;
}

async function whenBoard(condition: (board: Board) => boolean): Promise<Board> {
  let board: Board | null = null;
  for await (const event of await client.board.watch()) {
    if (event.kind === 'snapshot') board = event.board;
    else board = board && applyChanges(board, event.changes);
    if (board && condition(board)) return board;
  }
  throw new Error('The engine ended.');
}
const runnersAre = (condition: (runner: Board['runners'][string]) => boolean) => (board: Board) =>
  Object.keys(board.runners).length > 0 && Object.values(board.runners).every(condition);

/** One runner with a job that lasts until the gate opens; the leader of its session. */
async function startJob(): Promise<number> {
  const apiUrl = `${lab.github.url}/api/v3`;
  const { id } = await client.connections.add({ token: lab.github.token, apiUrl, repository: null });
  const repository = await client.repositories.connect({ connectionId: id, fullName: 'octo/forge' });
  await client.pools.deploy(deployRequest(repository.id, 1));
  await whenBoard(runnersAre(({ state }) => state === 'idle'));
  expect(await inhibitors()).toEqual([]);
  const [workflow] = await client.workflows.list({ repositoryId: repository.id });
  const workflowId = workflow?.id ?? 0;
  await client.workflows.dispatch({ repositoryId: repository.id, workflowId, ref: null, inputs: {} });
  const board = await whenBoard(runnersAre(({ job }) => job !== null));
  return Object.values(board.runners)[0]?.pid ?? 0;
}

const ended = async (): Promise<number | null> =>
  program.exitCode ?? ((await once(program, 'exit')) as [number | null])[0];
const conclusions = () => lab.github.snapshot().jobs.map(({ conclusion }) => conclusion);
const finished = () =>
  lab.github.waitFor(({ jobs }) => jobs[0]?.conclusion === 'success', AbortSignal.timeout(patienceMs));

beforeEach(async () => {
  lab = await openHostileLab();
  dataFolder = join(lab.folder, 'served');
  await mkdir(join(lab.folder, 'renderer'));
  await writeFile(join(lab.folder, 'renderer', 'index.html'), '<title>Panel</title>');
  await writeInhibit(join(lab.folder, 'programs'));
  await serve();
});
afterEach(async () => {
  disconnect();
  program.kill('SIGKILL');
  await lab.dispose();
});

test('SIGTERM ends it after its job; the machine is kept awake from the job’s start to its end', async () => {
  const runner = await startJob();
  await vi.waitFor(async () => expect(await living(await inhibitors())).toHaveLength(1));
  program.kill('SIGTERM');
  await whenBoard(({ panel }) => panel.quitting?.jobs === 1);
  expect(said.join('\n')).toContain('1 job runs: Trackside takes no new ones and ends when they are done');
  await lab.openGate();
  expect(await ended()).toBe(0);
  expect(conclusions()).toEqual(['success']);
  expect(await processes.find(runner)).toBeNull();
  expect(await inhibitors()).toHaveLength(1);
  await vi.waitFor(async () => expect(await living(await inhibitors())).toEqual([]));
});

test('Ctrl-C ends it at once and leaves the runner at work', async () => {
  const runner = await startJob();
  program.kill('SIGINT');
  expect(await ended()).toBe(0);
  expect(said.join('\n')).toContain('Closing Trackside; 1 runner stays at work until the next start…');
  expect(await processes.find(runner)).not.toBeNull();
  await lab.openGate();
  await finished();
});

test('a second SIGTERM ends the waiting, not the job', async () => {
  const runner = await startJob();
  program.kill('SIGTERM');
  await whenBoard(({ panel }) => panel.quitting !== null);
  await vi.waitFor(() => {
    program.kill('SIGTERM');
    expect(said.join('\n')).toContain('stays at work');
  });
  await ended();
  expect(await processes.find(runner)).not.toBeNull();
  await lab.openGate();
  await finished();
});

test('killed with -9 it leaves nothing that keeps the machine awake', async () => {
  const runner = await startJob();
  await vi.waitFor(async () => expect(await living(await inhibitors())).toHaveLength(1));
  program.kill('SIGKILL');
  await ended();
  await vi.waitFor(async () => expect(await living(await inhibitors())).toEqual([]));
  expect(await processes.find(runner)).not.toBeNull();
});

test('what a person asks for in the panel ends the program', async () => {
  const runner = await startJob();
  await client.engine.quit({ how: 'stop-now' });
  expect(await ended()).toBe(0);
  expect(await processes.find(runner)).toBeNull();
});
