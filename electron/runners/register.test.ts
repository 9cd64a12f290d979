import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createManualClock, systemClock } from '../platform/clock.ts';
import { createProcessTable } from '../platform/processes.ts';
import { explainConfigurationFailure } from './configuration-failure.ts';
import {
  configureRunner,
  deconfigureRunner,
  endInterruptedConfiguration,
  readRegistration,
} from './register.ts';
import { configScript } from './shim.ts';

const processes = createProcessTable();
const host = { processes, clock: systemClock, environment: process.env };
const token = 'ABCDEFPLANTEDTOKEN';
let runnerRoot: string;
let controlFolder: string;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'register-'));
  runnerRoot = join(folder, 'root');
  controlFolder = join(folder, 'control');
  await mkdir(runnerRoot);
});

afterEach(async () => {
  const left = await processes.workingIn(runnerRoot);
  for (const info of left) processes.signal(info.pid, 'SIGKILL');
  await rm(join(runnerRoot, '..'), { recursive: true });
  expect(left, 'processes left behind').toEqual([]);
});

async function config(script: string): Promise<void> {
  const path = join(runnerRoot, 'config.sh');
  await writeFile(path, `#!/bin/bash\n${script}\n`);
  await chmod(path, 0o755);
}

const configure = (more: Partial<Parameters<typeof configureRunner>[0]> = {}) =>
  configureRunner({
    runnerRoot,
    controlFolder,
    url: 'https://github.com/octo/hello',
    token,
    name: 'track-1',
    labels: ['gpu', 'blue'],
    host,
    ...more,
  });

const readLog = (): Promise<string> => readFile(join(controlFolder, 'config.log'), 'utf8');
const succeed = `printf '\\xef\\xbb\\xbf{"AgentId": 23, "AgentName": "track-1", "GitHubUrl": "https://github.com/octo/hello"}' > .runner`;

test('registers, hands the token over in the environment only, and keeps the output without it', async () => {
  await config(`
    printf '%s\\n' "$@" > arguments
    echo "token $ACTIONS_RUNNER_INPUT_TOKEN"
    tr '\\0' ' ' < /proc/$$/cmdline
    echo "a warning" >&2
    ${succeed}`);
  expect(await configure()).toEqual({
    forgeRunnerId: 23,
    agentName: 'track-1',
    url: 'https://github.com/octo/hello',
    workFolder: '_work',
    ephemeral: false,
    updatesDisabled: false,
  });
  const given = (await readFile(join(runnerRoot, 'arguments'), 'utf8')).trimEnd().split('\n');
  expect(given).toEqual([
    ...['--unattended', '--url', 'https://github.com/octo/hello', '--name', 'track-1', '--work', '_work'],
    ...['--labels', 'gpu,blue'],
  ]);
  const log = await readLog();
  expect(log).toContain('token ***');
  expect(log).toContain('a warning');
  const { stdout } = await promisify(execFile)('grep', ['-rl', token, join(runnerRoot, '..')]).catch(
    (error) => error,
  );
  expect(stdout).toBe('');
  expect(await readdir(controlFolder)).toEqual(['config.log']);
});

test('passes on what else is asked for, and no labels when there are none', async () => {
  await config(`echo "$*" > arguments; ${succeed}`);
  await configure({ labels: [], replace: true, disableUpdate: true, ephemeral: true });
  expect(await readFile(join(runnerRoot, 'arguments'), 'utf8')).toMatch(
    /_work --replace --disableupdate --ephemeral\n$/,
  );
});

test('an end without a registration is a failure, whatever the exit code', async () => {
  await config('echo "all is well"');
  await expect(configure()).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: '“track-1” could not be registered (exit code 0): all is well',
    data: { remedy: expect.stringContaining('config.log') },
  });
});

test('says so when config.sh is missing', async () => {
  await expect(configure()).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringContaining('127'),
  });
  await expect(deconfigureRunner({ runnerRoot, token, host })).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringContaining('could not be started'),
  });
});

describe('a failure says what to do', () => {
  const registration = "from 'POST https://api.github.com/actions/runner-registration' (Request Id: 1)";
  test.each([
    [`Http response code: NotFound ${registration}`, 'TOKEN_REFUSED', 'new token'],
    [`Http response code: Unauthorized ${registration}`, 'TOKEN_REFUSED', 'new token'],
    [`Http response code: Forbidden ${registration}`, 'PERMISSION_MISSING', 'administrator'],
    [`Http response code: TooManyRequests ${registration}`, 'RATE_LIMITED', 'Wait'],
    [`Http response code: BadGateway ${registration}`, 'FORGE_UNREACHABLE', 'Wait'],
    [
      `Http response code: Forbidden ${registration}\n{"message":"Runner version v2.3.0 is deprecated and cannot be registered."}`,
      'UNSUPPORTED',
      'newest version',
    ],
    ['A runner exists with the same name track-1.', 'CONFLICT', 'another name'],
    ['Cannot configure the runner because it is already configured. To reconfigure', 'CONFLICT', 'Remove it'],
    ['Could not find any self-hosted runner group named "blue".', 'INVALID_REQUEST', 'group'],
    [
      'Invalid configuration provided for labels. Terminating unattended configuration.',
      'INVALID_REQUEST',
      'labels',
    ],
    [
      "Libicu's dependencies is missing for Dotnet Core 6.0",
      'HOST_FAILED',
      'sudo ./bin/installdependencies.sh',
    ],
    ['Dependencies is missing for Dotnet Core 6.0', 'HOST_FAILED', 'sudo ./bin/installdependencies.sh'],
    ['Must not run with sudo', 'HOST_FAILED', 'ordinary user'],
    ["The local machine's clock may be out of sync with the server time", 'HOST_FAILED', 'clock'],
    ['Connection refused (api.github.com:443)', 'FORGE_UNREACHABLE', 'network'],
    ['Name or service not known (api.github.com:443)', 'FORGE_UNREACHABLE', 'network'],
    ['Failed: Removing service\nUninstall service first', 'CONFLICT', 'svc.sh uninstall'],
    ['IOException: No space left on device', 'HOST_FAILED', 'space'],
  ])('%s', (output, code, remedy) => {
    const error = explainConfigurationFailure({
      action: 'register',
      code: 1,
      lines: ['# Authentication', '', ...output.split('\n')],
      runnerRoot: '/data/runner',
      controlFolder: '/data/control',
      url: 'https://github.com/octo/hello',
      name: 'track-1',
    });
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^[A-Z“h].*[.!]$/);
    expect(error.data.remedy).toContain(remedy);
  });
});

test('a cancelled registration leaves no process', async () => {
  await config('trap "" INT TERM; sleep 91 & setsid sleep 92 & echo begun; wait');
  const abort = new AbortController();
  // It ignores the end of the patience with it, which is told at once.
  const hurried = (delayMs: number, signal?: AbortSignal): Promise<void> =>
    systemClock.sleep(delayMs === 10_000 ? 0 : delayMs, signal);
  const configuring = configure({
    signal: abort.signal,
    host: { ...host, clock: { ...systemClock, sleep: hurried } },
  });
  await vi.waitFor(async () => expect(await readLog()).toContain('begun'));
  const reason = new Error('cancelled by a person');
  abort.abort(reason);
  await expect(configuring).rejects.toBe(reason);
  expect(await readdir(controlFolder)).toEqual(['config.log']);
  await expect(configure({ signal: abort.signal })).rejects.toBe(reason);
});

test('a cancelled registration may end by itself, so that what it made is known', async () => {
  await config(`echo begun; ( until [ -e go ]; do sleep 0.01; done; ${succeed} ) & wait`);
  const abort = new AbortController();
  const configuring = configure({ signal: abort.signal });
  await vi.waitFor(async () => expect(await readLog()).toContain('begun'));
  const reason = new Error('cancelled by a person');
  abort.abort(reason);
  await writeFile(join(runnerRoot, 'go'), '');
  await expect(configuring).rejects.toBe(reason);
  expect((await readRegistration(runnerRoot))?.forgeRunnerId).toBe(23);
});

test('a registration that hangs is ended and told as such', async () => {
  await config('echo begun; exec sleep 93');
  const clock = createManualClock();
  // Killing waits in real time; only the patience for config.sh is driven by hand.
  const configuring = configure({
    host: { ...host, clock: { ...clock, now: systemClock.now, sleep: firstOf(clock) } },
  });
  configuring.catch(() => {});
  await vi.waitFor(async () => expect(await readLog()).toContain('begun'));
  await clock.advance(5 * 60_000);
  await expect(configuring).rejects.toMatchObject({ code: 'FORGE_UNREACHABLE' });
});

/** The manual clock for the first sleep, the host's for those after it. */
function firstOf(clock: typeof systemClock): typeof systemClock.sleep {
  const sleeps = [clock.sleep];
  return (delayMs, signal) => (sleeps.pop() ?? systemClock.sleep)(delayMs, signal);
}

test('the next engine ends a configuration that was interrupted', async () => {
  expect(await endInterruptedConfiguration(controlFolder, host)).toBe(false);
  await config('sleep 94 & wait');
  await mkdir(controlFolder);
  const child = spawn('/bin/sh', ['-c', configScript, 'trackside-config', controlFolder], {
    cwd: runnerRoot,
    detached: true,
    stdio: 'ignore',
  });
  await vi.waitFor(async () => expect((await processes.workingIn(runnerRoot)).length).toBe(2));
  expect((await readFile(join(controlFolder, 'config.pid'), 'utf8')).split('\n')[0]).toBe(String(child.pid));
  expect(await endInterruptedConfiguration(controlFolder, host)).toBe(true);
  expect(await processes.workingIn(runnerRoot)).toEqual([]);
  expect(await endInterruptedConfiguration(controlFolder, host)).toBe(false);
});

test('a note about a stranger ends nobody', async () => {
  const stranger = spawn('sleep', ['60'], { cwd: tmpdir(), detached: true, stdio: 'ignore' });
  await mkdir(controlFolder);
  await writeFile(join(controlFolder, 'config.pid'), `${stranger.pid}\n${runnerRoot}\n`);
  expect(await endInterruptedConfiguration(controlFolder, host)).toBe(false);
  expect(await processes.find(stranger.pid ?? 0)).not.toBeNull();
  stranger.kill();
});

test('deregisters with a remove token, or only here', async () => {
  await config(`echo "$* $ACTIONS_RUNNER_INPUT_TOKEN" > arguments; rm -f .runner`);
  await writeFile(join(runnerRoot, '.runner'), '{"AgentId": 23, "AgentName": "track-1"}');
  await deconfigureRunner({ runnerRoot, controlFolder, token, host });
  expect(await readFile(join(runnerRoot, 'arguments'), 'utf8')).toBe(`remove ${token}\n`);
  expect(await readRegistration(runnerRoot)).toBeNull();
  await deconfigureRunner({ runnerRoot, token: null, host });
  expect(await readFile(join(runnerRoot, 'arguments'), 'utf8')).toBe('remove --local \n');
});

test('reads what a runner is registered as', async () => {
  expect(await readRegistration(runnerRoot)).toBeNull();
  await writeFile(join(runnerRoot, '.runner'), 'no json');
  await expect(readRegistration(runnerRoot)).rejects.toMatchObject({ code: 'HOST_FAILED' });
  await writeFile(
    join(runnerRoot, '.runner_migrated'),
    '\uFEFF{"AgentId": 7, "AgentName": "m", "Ephemeral": true}',
  );
  expect(await readRegistration(runnerRoot)).toMatchObject({
    forgeRunnerId: 7,
    agentName: 'm',
    ephemeral: true,
  });
});
