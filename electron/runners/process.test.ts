import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { createProcessTable } from '../platform/processes.ts';
import { createRunnerProcesses, type RunningProcess } from './process.ts';

const processes = createProcessTable();
let runnerRoot: string;
let controlFolder: string;
const engines: ReturnType<typeof createRunnerProcesses>[] = [];

/** Another life of the engine. */
function newEngine(hostEnvironment: NodeJS.ProcessEnv = process.env) {
  const engine = createRunnerProcesses({ clock: systemClock, processes, hostEnvironment });
  engines.push(engine);
  return engine;
}

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runner process-'));
  runnerRoot = join(folder, 'root');
  controlFolder = join(folder, 'control');
  await mkdir(join(runnerRoot, 'bin'), { recursive: true });
});

afterEach(async () => {
  for (const engine of engines.splice(0)) engine.dispose();
  const left = await processes.workingIn(runnerRoot);
  for (const info of left) processes.signal(info.pid, 'SIGKILL');
  await rm(join(runnerRoot, '..'), { recursive: true });
  expect(left, 'processes left behind').toEqual([]);
});

async function listener(script: string): Promise<void> {
  const path = join(runnerRoot, 'bin/Runner.Listener');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

/** Listens as the real one does: says so, and ends with 0 when it is interrupted. */
const listening = 'trap "echo Exiting...; exit 0" INT TERM; echo "$0 $*"; while :; do sleep 0.05; done';

const readLog = (name = 'listener.log'): Promise<string> => readFile(join(controlFolder, name), 'utf8');
const logged = (text: string) => vi.waitFor(async () => expect(await readLog()).toContain(text));

function running(found: RunningProcess | object | null): RunningProcess {
  if (!found || !('pid' in found)) throw new Error(`Not running: ${JSON.stringify(found)}`);
  return found;
}

test('starts in a session of its own, logs, ends on an interrupt and records the exit code', async () => {
  await listener(listening);
  const engine = newEngine();
  const runner = await engine.start({ runnerRoot, controlFolder });
  await logged('bin/Runner.Listener run');
  const shim = await processes.find(runner.pid);
  expect(shim).toMatchObject({
    pid: runner.pid,
    groupId: runner.pid,
    startToken: runner.startToken,
    startedAt: runner.startedAt,
  });
  expect(shim?.sessionId).not.toBe((await processes.find(process.pid))?.sessionId);
  expect((await readFile(join(controlFolder, 'pid'), 'utf8')).trim()).toBe(String(runner.pid));
  runner.interrupt();
  expect(await runner.exited).toEqual({ code: 0 });
  expect(await readFile(join(controlFolder, 'exit'), 'utf8')).toBe('0\n');
  expect(await readLog()).toContain('Exiting...');
});

test('keeps the exit code, whatever it is, and the logs of the three before', async () => {
  const engine = newEngine();
  for (const code of [1, 2, 5, 7]) {
    await listener(`echo "life ${code}"; exit ${code}`);
    const runner = await engine.start({ runnerRoot, controlFolder });
    expect(await runner.exited).toEqual({ code });
  }
  await listener('echo "life 137"; kill -9 $$');
  expect(await (await engine.start({ runnerRoot, controlFolder })).exited).toEqual({ code: 137 });
  const names = (await readdir(controlFolder)).filter((name) => name.endsWith('.log')).sort();
  expect(names).toEqual(['listener.1.log', 'listener.2.log', 'listener.3.log', 'listener.log']);
  expect(await readLog()).toContain('life 137\n');
  expect(await readLog('listener.3.log')).toBe('life 2\n');
});

test('a second start is refused while the first runs', async () => {
  await listener(listening);
  const runner = await newEngine().start({ runnerRoot, controlFolder });
  await expect(newEngine().start({ runnerRoot, controlFolder })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining(String(runner.pid)),
  });
  await runner.stop({ graceMs: 5000 });
});

test('a stop right after the start is not lost', async () => {
  await listener('trap "exit 0" INT; while :; do sleep 0.05; done');
  const engine = newEngine();
  for (let round = 0; round < 20; round += 1) {
    const runner = await engine.start({ runnerRoot, controlFolder });
    expect((await runner.stop({ graceMs: 5000 })).forced).toBe(false);
  }
});

test('says so when the files are incomplete', async () => {
  await expect(newEngine().start({ runnerRoot, controlFolder })).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringContaining('incomplete'),
  });
});

test('the listener gets its own secrets and none of the engine', async () => {
  await listener('env; exit 0');
  const engine = newEngine({ ...process.env, GITHUB_TOKEN: 'planted-token', KEPT: 'kept-value' });
  const runner = await engine.start({
    runnerRoot,
    controlFolder,
    environment: { ACTIONS_RUNNER_INPUT_JITCONFIG: 'jit-value' },
  });
  await runner.exited;
  const log = await readLog();
  expect(log).toContain('KEPT=kept-value');
  expect(log).toContain('ACTIONS_RUNNER_INPUT_JITCONFIG=jit-value');
  expect(log).not.toContain('planted-token');
});

test('a worker is what lives below the listener', async () => {
  await listener('sleep 77 & echo working; wait; echo idle; exec sleep 78');
  const runner = await newEngine().start({ runnerRoot, controlFolder });
  await logged('working');
  expect(await runner.hasWorker()).toBe(true);
  const everyone = await runner.descendants();
  expect(everyone).toHaveLength(3);
  const worker = everyone.find((info) => !everyone.some((other) => other.parentPid === info.pid));
  processes.signal(worker?.pid ?? 0, 'SIGTERM');
  await logged('idle');
  await vi.waitFor(async () => expect(await runner.hasWorker()).toBe(false));
  expect(await runner.stop({ graceMs: 5000 })).toEqual({ code: 130, forced: false });
});

test('stop kills what ignores the interrupt, in and out of the session, and still learns the exit code', async () => {
  await listener(
    `trap '' INT TERM
     sh -c 'sleep 71 & sleep 72' &
     setsid sh -c 'trap "" INT; sleep 73 & sleep 74' &
     sh -c 'sleep 75 & exit'
     echo up; while :; do sleep 0.1; done`,
  );
  const runner = await newEngine().start({ runnerRoot, controlFolder });
  await logged('up');
  const count = (): Promise<number> => runner.descendants().then((all) => all.length);
  await vi.waitFor(async () => expect(await count()).toBeGreaterThanOrEqual(9));
  expect(await runner.stop({ graceMs: 100 })).toEqual({ code: 137, forced: true });
  expect(await runner.descendants()).toEqual([]);
});

test('a daemon that left session and parent is remembered and ended', async () => {
  await listener(`setsid sh -c "echo daemon; exec sleep 76" & echo $! > daemon; ${listening}`);
  const runner = await newEngine().start({ runnerRoot, controlFolder });
  await logged('daemon');
  await runner.descendants();
  expect((await runner.stop({ graceMs: 5000 })).forced).toBe(false);
  const daemon = Number(await readFile(join(runnerRoot, 'daemon'), 'utf8'));
  await vi.waitFor(async () => expect(await processes.find(daemon)).toBeNull());
});

test('a listener that ends by itself takes what is left of its session with it, but not its update', async () => {
  const engine = newEngine();
  await listener('sleep 81 & exit 2');
  const crashed = await engine.start({ runnerRoot, controlFolder });
  expect(await crashed.exited).toEqual({ code: 2 });
  expect(await processes.workingIn(runnerRoot)).toEqual([]);

  await listener('sleep 82 & exit 3');
  const updating = await engine.start({ runnerRoot, controlFolder });
  expect(await updating.exited).toEqual({ code: 3 });
  expect(await processes.workingIn(runnerRoot)).toHaveLength(1);
  await updating.kill();
});

test('the next start waits until an update is finished', async () => {
  const engine = newEngine();
  await listener(
    '(sleep 0.3; echo "echo new version; exit 0" >> bin/Runner.Listener; touch update.finished) & exit 3',
  );
  expect(await (await engine.start({ runnerRoot, controlFolder })).exited).toEqual({ code: 3 });
  await listener('');
  expect(await (await engine.start({ runnerRoot, controlFolder })).exited).toEqual({ code: 0 });
  expect(await readLog()).toBe('new version\n');
  expect(await readdir(runnerRoot)).toEqual(['bin']);
});

test('the next engine adopts a living runner and learns its exit code', async () => {
  await listener('trap "exit 42" INT; echo up; while :; do sleep 0.05; done');
  const { pid, startToken } = await newEngine().start({ runnerRoot, controlFolder });
  await logged('up');
  const recorded = { pid, startToken };
  const adopted = running(await newEngine().adopt({ runnerRoot, controlFolder, recorded }));
  expect(adopted).toMatchObject({ pid, startToken });
  const unrecorded = running(await newEngine().adopt({ runnerRoot, controlFolder, recorded: null }));
  expect(unrecorded).toMatchObject({ pid, startToken });
  expect(await adopted.stop({ graceMs: 5000 })).toEqual({ code: 42, forced: false });
  expect(await unrecorded.exited).toEqual({ code: 42 });
  expect(await newEngine().adopt({ runnerRoot, controlFolder, recorded })).toEqual({ exited: 42 });
});

test('adoption believes nobody without proof', async () => {
  const engine = newEngine();
  const adopt = (recorded: { pid: number; startToken: string } | null) =>
    engine.adopt({ runnerRoot, controlFolder, recorded });
  expect(await adopt(null)).toBeNull();
  // Never started here, but recorded: the folder's files were lost.
  expect(await adopt({ pid: 2 ** 22 + 1, startToken: 'x' })).toEqual({ exited: null });

  // A stranger with the recorded number: another working folder, or another start.
  const stranger = spawn('sleep', ['60'], { cwd: tmpdir(), detached: true, stdio: 'ignore' });
  const info = await processes.find(stranger.pid ?? 0);
  const recorded = { pid: info?.pid ?? 0, startToken: info?.startToken ?? '' };
  expect(await adopt(recorded)).toEqual({ exited: null });
  await mkdir(controlFolder);
  await writeFile(join(controlFolder, 'pid'), `${stranger.pid}\n`);
  expect(await adopt(null)).toEqual({ exited: null });
  expect(await processes.find(recorded.pid)).not.toBeNull();
  stranger.kill();

  await listener(listening);
  const runner = await engine.start({ runnerRoot, controlFolder });
  await logged('run');
  expect(await adopt({ pid: runner.pid, startToken: 'of an earlier boot' })).toEqual({ exited: null });
  expect(await processes.find(runner.pid)).not.toBeNull();
  await runner.stop({ graceMs: 5000 });
});

test('the engine may die before the shim has written its pid', async () => {
  await listener(listening);
  const runner = await newEngine().start({ runnerRoot, controlFolder });
  await logged('run');
  await writeFile(join(controlFolder, 'pid'), 'starting\n');
  const adopting = newEngine().adopt({ runnerRoot, controlFolder, recorded: null });
  await writeFile(join(controlFolder, 'pid'), `${runner.pid}\n`);
  expect(running(await adopting).pid).toBe(runner.pid);
  await runner.stop({ graceMs: 5000 });
});

test('a listener whose shim was killed goes on, watched by itself; its end has no code', async () => {
  await listener(`sleep 83 & ${listening}`);
  const engine = newEngine();
  const watched = await engine.start({ runnerRoot, controlFolder });
  await logged('run');
  const { pid, startToken } = watched;
  const adopted = running(
    await newEngine().adopt({ runnerRoot, controlFolder, recorded: { pid, startToken } }),
  );
  processes.signal(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await processes.find(pid)).toBeNull());
  await vi.waitFor(async () => expect(await adopted.hasWorker()).toBe(true));

  // Nobody starts a second one beside it, and the next engine finds it without the shim.
  await expect(newEngine().start({ runnerRoot, controlFolder })).rejects.toMatchObject({ code: 'CONFLICT' });
  const recorded = { pid, startToken };
  const orphaned = running(await newEngine().adopt({ runnerRoot, controlFolder, recorded }));
  const unrecorded = running(await newEngine().adopt({ runnerRoot, controlFolder, recorded: null }));
  expect(orphaned).toMatchObject({ pid, groupId: pid, startToken });
  expect((await orphaned.descendants()).length).toBeGreaterThanOrEqual(2);

  orphaned.interrupt();
  for (const one of [watched, adopted, orphaned, unrecorded])
    expect(await one.exited).toEqual({ code: null });
  expect(await readLog()).toContain('Exiting...');
  expect(await processes.workingIn(runnerRoot)).toEqual([]);
  expect(await newEngine().adopt({ runnerRoot, controlFolder, recorded })).toEqual({ exited: null });
});

test('a listener without its shim is stopped like any other', async () => {
  await listener(`trap '' INT; sleep 84 & echo up; while :; do sleep 0.05; done`);
  const runner = await newEngine().start({ runnerRoot, controlFolder });
  await logged('up');
  processes.signal(runner.pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await processes.find(runner.pid)).toBeNull());
  expect(await runner.stop({ graceMs: 200 })).toEqual({ code: null, forced: true });
  expect(await processes.workingIn(runnerRoot)).toEqual([]);
});

test('what is left of a session without shim and listener is no runner, and is ended', async () => {
  await listener('mkdir work; cd work; sleep 85 & echo up; wait');
  const runner = await newEngine().start({ runnerRoot, controlFolder });
  await logged('up');
  const left = await runner.descendants();
  const { pid, startToken } = runner;
  engines.pop()?.dispose();
  for (const { pid: one, name } of left) if (name !== 'sleep') processes.signal(one, 'SIGKILL');
  await runner.exited;
  expect(await processes.workingIn(runnerRoot)).toEqual([]);
  const recorded = { pid, startToken };
  expect(await newEngine().adopt({ runnerRoot, controlFolder, recorded })).toEqual({ exited: null });
});

test('a listener whose shim died while no engine ran is found by the next one', async () => {
  await listener(listening);
  // A process that is no child of this one, as an earlier engine’s would be.
  const launcher = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { createRunnerProcesses } from ${JSON.stringify(join(import.meta.dirname, 'process.ts'))};
       import { createProcessTable } from ${JSON.stringify(join(import.meta.dirname, '../platform/processes.ts'))};
       import { systemClock } from ${JSON.stringify(join(import.meta.dirname, '../platform/clock.ts'))};
       const engine = createRunnerProcesses({ clock: systemClock, processes: createProcessTable() });
       const { pid, startToken } = await engine.start(${JSON.stringify({ runnerRoot, controlFolder })});
       console.log(JSON.stringify({ pid, startToken }));
       process.kill(process.pid, 'SIGKILL');`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const recorded = JSON.parse(await text(launcher.stdout));
  await logged('run');
  const adopted = running(await newEngine().adopt({ runnerRoot, controlFolder, recorded }));
  expect(adopted.pid).toBe(recorded.pid);
  engines.pop()?.dispose();
  processes.signal(recorded.pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await processes.find(recorded.pid)).toBeNull());
  const orphaned = running(await newEngine().adopt({ runnerRoot, controlFolder, recorded }));
  expect(orphaned.pid).toBe(recorded.pid);
  expect(await orphaned.stop({ graceMs: 5000 })).toEqual({ code: null, forced: false });
  expect(await processes.workingIn(runnerRoot)).toEqual([]);
});
