/** The runner's parts against the real practice runner and the demo GitHub: register, listen, work, stop, deregister. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type DemoGitHub, startDemoGitHub } from '../demo/github/server.ts';
import { buildPracticeRunnerArchive } from '../demo/practice-runner/archive.ts';
import { bundlePracticeRunner } from '../demo/practice-runner/bundle.ts';
import { systemClock } from '../platform/clock.ts';
import { createProcessTable } from '../platform/processes.ts';
import { listenerLogPath } from './control-folder.ts';
import { explainExit, type ListenerEvent, parseListenerLine } from './listener-lines.ts';
import { followJobLog } from './log-follow.ts';
import { createRunnerProcesses, type RunningProcess } from './process.ts';
import { configureRunner, deconfigureRunner, readRegistration } from './register.ts';
import { createUsageSampler } from './usage.ts';

const processes = createProcessTable();
let folder: string;
let archive: string;
let github: DemoGitHub;
let runnerRoot: string;
let controlFolder: string;
let engine: ReturnType<typeof createRunnerProcesses>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'practice-runner-'));
  const bundleFolder = join(folder, 'bundle');
  await bundlePracticeRunner(bundleFolder);
  const build = (request: Parameters<typeof buildPracticeRunnerArchive>[0]) =>
    buildPracticeRunnerArchive({ ...request, bundleFolder });
  archive = join(folder, 'runner.tar.gz');
  await build({
    os: platform() === 'darwin' ? 'osx' : 'linux',
    architecture: arch() === 'arm64' ? 'arm64' : 'x64',
    version: '2.336.0',
    destination: archive,
    bundleFolder,
  });
  const buildArchive = (request: Omit<Parameters<typeof build>[0], 'bundleFolder'>) =>
    build({ ...request, bundleFolder });
  github = await startDemoGitHub({ archiveFolder: join(folder, 'archives'), buildArchive });
});

afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true });
});

async function freshRunner(name: string): Promise<void> {
  runnerRoot = join(folder, name, 'root');
  controlFolder = join(folder, name, 'control');
  await mkdir(runnerRoot, { recursive: true });
  await extract({ file: archive, cwd: runnerRoot });
  engine = createRunnerProcesses({ clock: systemClock, processes });
}

afterEach(async () => {
  engine.dispose();
  const left = await processes.workingIn(folder);
  for (const info of left) processes.signal(info.pid, 'SIGKILL');
  expect(left, 'processes left behind').toEqual([]);
});

async function api(path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const response = await fetch(`${github.url}/repos/${github.repository}/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${github.token}`, 'content-type': 'application/json' },
  });
  const text = await response.text();
  expect(response.ok, `${path}: ${response.status} ${text}`).toBe(true);
  return text ? JSON.parse(text) : {};
}

const newToken = async (kind: 'registration' | 'remove'): Promise<string> =>
  String((await api(`actions/runners/${kind}-token`, { method: 'POST' })).token);

const configure = async (name: string) =>
  configureRunner({
    runnerRoot,
    controlFolder,
    url: `${github.url}/${github.repository}`,
    token: await newToken('registration'),
    name,
    labels: ['practice'],
  });

async function events(): Promise<ListenerEvent[]> {
  const lines = (await readFile(listenerLogPath(controlFolder), 'utf8')).split('\n');
  return lines.map(parseListenerLine).filter((event) => event !== null);
}

const told = (kind: ListenerEvent['kind']) =>
  vi.waitFor(async () => expect((await events()).map((event) => event.kind)).toContain(kind), {
    timeout: 15_000,
  });

async function dispatch(workflow: string): Promise<void> {
  const body = JSON.stringify({ ref: 'main' });
  await api(`actions/workflows/${workflow}/dispatches`, { method: 'POST', body });
}

function running(found: RunningProcess | object | null): RunningProcess {
  if (!found || !('pid' in found)) throw new Error(`Not running: ${JSON.stringify(found)}`);
  return found;
}

test('a runner registers, listens, works, is adopted, stops and deregisters', async () => {
  await freshRunner('whole');
  const registration = await configure('whole');
  expect(github.snapshot().runners).toMatchObject([{ id: registration.forgeRunnerId, name: 'whole' }]);
  await expect(configure('whole')).rejects.toMatchObject({ code: 'CONFLICT' });

  const first = await engine.start({ runnerRoot, controlFolder });
  await told('listening');
  expect((await events()).map((event) => event.kind)).toEqual(['connected', 'version', 'listening']);
  expect(await first.hasWorker()).toBe(false);

  const abort = new AbortController();
  const jobLines: string[] = [];
  const reading = (async () => {
    const options = { signal: abort.signal, clock: systemClock };
    for await (const { lines } of followJobLog(runnerRoot, options)) jobLines.push(...lines);
  })();
  await dispatch('quick.yml');
  await told('job-started');
  await vi.waitFor(async () => expect(await first.hasWorker()).toBe(true));
  const runner = { runnerId: 'r', pid: first.pid, sessionId: first.pid };
  const [usage] = await createUsageSampler({ processes, clock: systemClock }).sample([runner]);
  expect(usage?.processes).toBeGreaterThanOrEqual(3);
  const recorded = { pid: first.pid, startToken: first.startToken };
  const adopted = running(await engine.adopt({ runnerRoot, controlFolder, recorded }));
  await told('job-completed');
  expect((await events()).at(-1)).toMatchObject({ kind: 'job-completed', result: 'Succeeded' });
  await vi.waitFor(async () => expect(await adopted.hasWorker()).toBe(false));
  await vi.waitFor(() => expect(jobLines.at(-1)).toContain('Cleaning up orphan processes'));
  abort.abort();
  await reading;
  const spoken = jobLines.map((line) => line.replace(/^\S+ /, ''));
  expect(spoken[0]).toContain('Current runner version');
  expect(spoken.filter((line) => /^[123]$|Hello/.test(line) && !line.includes('printf'))).toEqual([
    '\u001b[32mHello\u001b[0m from whole',
    ...['1', '2', '3'],
  ]);

  expect(await adopted.stop({ graceMs: 30_000 })).toEqual({ code: 0, forced: false });
  expect(await first.exited).toEqual({ code: 0 });
  await deconfigureRunner({ runnerRoot, controlFolder, token: await newToken('remove') });
  expect(await readRegistration(runnerRoot)).toBeNull();
  expect(github.snapshot().runners).toEqual([]);
});

test('a stop during a job ends worker and steps too', async () => {
  await freshRunner('stopped');
  const { forgeRunnerId } = await configure('stopped');
  const runner = await engine.start({ runnerRoot, controlFolder });
  await told('listening');
  await dispatch('build.yml');
  await told('job-started');
  await vi.waitFor(async () => expect((await runner.descendants()).length).toBeGreaterThan(3), {
    timeout: 10_000,
  });
  expect((await runner.stop({ graceMs: 20_000 })).forced).toBe(false);
  expect(await runner.descendants()).toEqual([]);
  expect((await events()).map((event) => event.kind)).toContain('exiting');
  await api(`actions/runners/${forgeRunnerId}`, { method: 'DELETE' });
});

test('a registration that was deleted is told as the reason of its end', async () => {
  await freshRunner('deleted');
  const { forgeRunnerId } = await configure('deleted');
  const runner = await engine.start({ runnerRoot, controlFolder });
  await told('listening');
  await api(`actions/runners/${forgeRunnerId}`, { method: 'DELETE' });
  const { code } = await runner.exited;
  expect(explainExit(code, await events())).toMatchObject({ code: 'REGISTRATION_DELETED' });
});

test('what config.sh refuses is told with what to do', async () => {
  await freshRunner('refused');
  const options = { runnerRoot, controlFolder, url: `${github.url}/${github.repository}`, labels: [] };
  await expect(configureRunner({ ...options, token: 'wrong', name: 'refused' })).rejects.toMatchObject({
    code: 'TOKEN_REFUSED',
  });
  const nobody = { ...options, url: 'http://127.0.0.1:9/octo/forge' };
  await expect(configureRunner({ ...nobody, token: 'x', name: 'refused' })).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
  });
  const token = await newToken('registration');
  await api('actions/runners/generate-jitconfig', {
    method: 'POST',
    body: JSON.stringify({ name: 'taken', runner_group_id: 1, labels: ['x'] }),
  });
  await expect(configureRunner({ ...options, token, name: 'taken' })).rejects.toMatchObject({
    code: 'CONFLICT',
    data: { field: 'name' },
  });
  expect(await readFile(join(controlFolder, 'config.log'), 'utf8')).not.toContain(token);
  await writeFile(join(runnerRoot, '.runner'), '{}');
  await expect(configureRunner({ ...options, token, name: 'fresh' })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

test('a runner with a JIT configuration gets it through its environment', async () => {
  await freshRunner('jit');
  const { encoded_jit_config } = await api('actions/runners/generate-jitconfig', {
    method: 'POST',
    body: JSON.stringify({ name: 'jit', runner_group_id: 1, labels: ['self-hosted'] }),
  });
  const environment = { ACTIONS_RUNNER_INPUT_JITCONFIG: String(encoded_jit_config) };
  const runner = await engine.start({ runnerRoot, controlFolder, environment });
  await told('listening');
  await dispatch('quick.yml');
  expect(await runner.exited).toEqual({ code: 0 });
  expect((await events()).map((event) => event.kind)).toContain('job-completed');
});
