/** The listener of the real archive against the demo GitHub: sessions, signals, exit codes. */
import { copyFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Lab, type LabRunner, openLab, workflow } from './testing/lab.ts';
import type { Running } from './testing/processes.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    'quick.yml': workflow('steps: [{run: echo quick}]'),
    'fail.yml': workflow('steps: [{run: exit 3}]'),
  });
});
afterEach(async () => {
  lab.github.demo.faults.clear();
  await lab.clear();
});
afterAll(() => lab.close());

const listening = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: Listening for Jobs$/m;

const isOnline = (name: string) =>
  lab.github.demo.snapshot().runners.find((runner) => runner.name === name)?.isOnline;

async function configured(name: string, args: string[] = []): Promise<LabRunner> {
  const runner = await lab.runner(name);
  expect(await runner.configure(args)).toMatchObject({ code: 0 });
  return runner;
}

async function startListening(
  runner: LabRunner,
  options?: Parameters<LabRunner['start']>[0],
): Promise<Running> {
  const running = runner.start(options);
  await running.waitFor(listening);
  return running;
}

async function deleteRegistration(name: string): Promise<void> {
  const id = lab.github.demo.snapshot().runners.find((runner) => runner.name === name)?.id;
  await lab.github.rest('DELETE', `/repos/octo/forge/actions/runners/${id}`);
}

test('it says what it does, is online, and ends its session at SIGINT', async () => {
  const runner = await configured('usual');
  const running = await startListening(runner);
  expect(running.printed()).toMatch(
    /^\n√ Connected to GitHub\n\nCurrent runner version: '2\.336\.0'\n[-0-9: ]+Z: Listening for Jobs\n$/,
  );
  await lab.github.demo.waitFor(() => isOnline('usual') === true);
  running.signalGroup('SIGINT');
  const { code, output } = await running.ended;
  expect(code).toBe(0);
  expect(output.endsWith('Exiting...\n')).toBe(true);
  expect(isOnline('usual')).toBe(false);
  expect(runner.has('.runner')).toBe(true);
});

test('SIGTERM ends it the same way, with the exit code of that signal', async () => {
  const running = await startListening(await configured('terminated'));
  running.signal('SIGTERM');
  expect((await running.ended).code).toBe(143);
  expect(isOnline('terminated')).toBe(false);
});

test('it is the process that was started, not a child of it', async () => {
  const running = await startListening(await configured('own-pid'));
  expect(process.kill(running.pid, 0)).toBe(true);
  running.signal('SIGINT');
  expect((await running.ended).code).toBe(0);
});

test('bin and externals may be links, as after an update; the folder they lie in stays the runner’s', async () => {
  const runner = await lab.runner('linked');
  for (const name of ['bin', 'externals']) {
    await rename(join(runner.root, name), join(runner.root, `${name}.2.336.0`));
    await symlink(`${name}.2.336.0`, join(runner.root, name));
  }
  expect((await runner.configure()).code).toBe(0);
  const running = await startListening(runner);
  const run = await lab.dispatch('quick.yml');
  expect((await lab.finished(run)).conclusion).toBe('success');
  expect(runner.has('_work/forge/forge')).toBe(true);
  running.signal('SIGINT');
  await running.ended;
});

test('not configured: 1', async () => {
  const runner = await lab.runner('unconfigured');
  expect(await runner.start().ended).toMatchObject({
    code: 1,
    errors: 'An error occurred: Not configured. Run config.(sh/cmd) to configure the runner.\n',
  });
});

test('a registration deleted while it listens: it wipes its configuration and ends with 0', async () => {
  const runner = await configured('forgotten');
  const running = await startListening(runner);
  await lab.github.demo.waitFor(() => isOnline('forgotten') === true);
  await deleteRegistration('forgotten');
  const { code, output, errors } = await running.ended;
  expect(code).toBe(0);
  expect(errors).toBe('The runner no longer exists on the server. Cleaning up local configuration.\n');
  expect(output).toContain('√ Removed .credentials\n√ Removed .runner\n');
  expect(runner.has('.runner')).toBe(false);
  expect(runner.has('.credentials_rsaparams')).toBe(false);
});

test('a registration deleted before it starts: 1, and the configuration stays', async () => {
  const runner = await configured('deleted');
  await deleteRegistration('deleted');
  const { code, errors } = await runner.start().ended;
  expect(code).toBe(1);
  expect(errors).toMatch(
    /^Failed to create a session\. The runner registration has been deleted from the server/,
  );
  expect(runner.has('.runner')).toBe(true);
});

test('another one listens as this runner: it tries for 240 seconds, then 5', async () => {
  const runner = await configured('doubled');
  const first = await startListening(runner);
  const twin = await lab.runner('twin');
  for (const name of ['.runner', '.credentials', '.credentials_rsaparams']) {
    await copyFile(join(runner.root, name), join(twin.root, name));
  }
  const { code, errors } = await twin.start().ended;
  expect(code).toBe(5);
  const lines = errors.trim().split('\n');
  expect(lines.filter((line) => line === 'A session for this runner already exists.')).toHaveLength(8);
  expect(lines.filter((line) => line.includes('Runner connect error: Error: Conflict'))).toHaveLength(1);
  expect(lines.slice(-2)).toEqual([
    'Stop retry on SessionConflictException after retried for 240 seconds.',
    'Failed to create session. Error: Conflict',
  ]);
  first.signal('SIGINT');
  await first.ended;
});

test('a lost connection is told once, and so is its return', async () => {
  const runner = await configured('lost');
  const running = await startListening(runner);
  await lab.github.demo.waitFor(() => isOnline('lost') === true);
  lab.github.demo.faults.set({ kind: 'dropped-connection', pathPrefix: '/_runner', count: 3 });
  // Its poll is in the air: the next one begins when this one is answered, here because a job comes and goes.
  const run = await lab.dispatch('quick.yml');
  await running.waitFor(/Runner reconnected/);
  running.signal('SIGINT');
  const { output, errors } = await running.ended;
  expect(errors).toMatch(/^[-0-9: ]+Z: Runner connect error: .*\. Retrying until reconnected\.\n$/);
  expect(output.match(/^[-0-9: ]+Z: Runner reconnected\.$/gm)).toHaveLength(1);
  await lab.github.rest('POST', `/repos/octo/forge/actions/runs/${run}/force-cancel`);
});

test('a server that is not there yet is waited for', async () => {
  const runner = await configured('patient');
  lab.github.demo.faults.set({ kind: 'dropped-connection', pathPrefix: '/_runner/oauth', count: 2 });
  const running = await startListening(runner);
  expect(running.printed().match(/Runner connect error: /g)).toHaveLength(1);
  expect(running.printed()).toContain('Z: Runner reconnected.\n');
  running.signal('SIGINT');
  await running.ended;
});

test('a session that the service has forgotten is made anew', async () => {
  const runner = await configured('expired');
  lab.github.demo.faults.set({
    kind: 'server-error',
    pathPrefix: '/_runner/broker/message',
    status: 401,
    count: 2,
  });
  const running = await startListening(runner);
  await running.waitFor(/Connected to GitHub[\s\S]*Connected to GitHub/);
  running.signal('SIGINT');
  const { code } = await running.ended;
  // Here the old session was alive: the second one is refused until the listener ends.
  expect(code).toBe(0);
});

test.each([
  [{}, 1, 0],
  [{ ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: '1' }, 7, 7],
])('a version that is too old, with %j: %i, and from run.sh %i', async (environment, code, masked) => {
  const runner = await configured(`old-${code}`);
  lab.github.demo.faults.set({ kind: 'version-deprecated' });
  const ended = await runner.start({ environment }).ended;
  expect(ended.code).toBe(code);
  expect(ended.errors).toBe(
    'An error occurred: Runner version v2.336.0 is deprecated and cannot receive messages.\n',
  );
  expect((await runner.start({ command: ['run.sh'], environment }).ended).code).toBe(masked);
});

test('an ephemeral runner does one job, then it is gone here and there', async () => {
  const runner = await configured('once-only', ['--ephemeral']);
  const running = await startListening(runner);
  await lab.dispatch('quick.yml');
  const { code, output } = await running.ended;
  expect(code).toBe(0);
  expect(output).toMatch(/Z: Running job: build\n.*Z: Job build completed with result: Succeeded\n/);
  expect(output.endsWith('√ Removed .credentials\n√ Removed .runner\n')).toBe(true);
  expect(runner.has('.runner')).toBe(false);
  expect(lab.github.demo.snapshot().runners.some(({ name }) => name === 'once-only')).toBe(false);
});

test('--once ends it after a job and leaves it configured', async () => {
  const runner = await configured('once');
  const running = await startListening(runner, { command: ['bin/Runner.Listener', 'run', '--once'] });
  await lab.dispatch('fail.yml');
  const { code, output } = await running.ended;
  expect(code).toBe(0);
  expect(output).toContain("Warning: '--once' is going to be deprecated");
  expect(output).toContain('Job build completed with result: Failed');
  expect(runner.has('.runner')).toBe(true);
});

test('the result of the one job is told by the exit code on request', async () => {
  const runner = await configured('hosted', ['--ephemeral']);
  const environment = { ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED: 'true' };
  const running = await startListening(runner, { environment });
  await lab.dispatch('fail.yml');
  expect((await running.ended).code).toBe(102);
});

test('a JIT configuration from the environment is used and kept out of it', async () => {
  const runner = await lab.runner('jit');
  const body = { name: 'jit', runner_group_id: 1, labels: ['self-hosted'] };
  const path = '/repos/octo/forge/actions/runners/generate-jitconfig';
  const answer = await lab.github.rest<{ encoded_jit_config: string }>('POST', path, { body });
  const environment = { ACTIONS_RUNNER_INPUT_JITCONFIG: answer.body.encoded_jit_config };
  const running = await startListening(runner, { environment });
  expect(runner.has('.runner')).toBe(true);
  const run = await lab.dispatch('quick.yml');
  expect((await running.ended).code).toBe(0);
  expect((await lab.finished(run)).conclusion).toBe('success');
  expect(runner.has('.runner')).toBe(false);
});

test('a broken JIT configuration: 1', async () => {
  const runner = await lab.runner('broken-jit');
  const command = ['bin/Runner.Listener', 'run', '--jitconfig', 'e30='];
  expect((await runner.start({ command }).ended).code).toBe(1);
});

test('run.sh starts a listener again that met an error which may pass', async () => {
  const runner = await configured('again');
  await writeFile(join(runner.root, 'safe_sleep.sh'), '#!/bin/sh\n');
  lab.github.demo.faults.set({ kind: 'server-error', pathPrefix: '/_runner/broker/message', count: 10 });
  const running = runner.start({ command: ['run.sh'] });
  await running.waitFor(
    /retryable error, re-launch runner in 5 seconds\.\nRestarting runner\.\.\.\n[\s\S]*Listening for Jobs/,
  );
  running.signalGroup('SIGINT');
  await running.ended;
});

test.each([
  [0, 0, 'Runner listener exit with 0 return code, stop the service, no retry needed.'],
  [1, 0, 'Runner listener exit with terminated error, stop the service, no retry needed.'],
  [5, 0, 'Runner listener exit with Session Conflict error, stop the service, no retry needed.'],
  [7, 0, 'Exiting with unknown error code: 7'],
  [102, 0, 'Exiting with unknown error code: 102'],
])('run.sh makes %i of the listener %i', async (code, expected, line) => {
  const runner = await lab.runner(`masked-${code}`);
  await writeFile(join(runner.root, 'bin', 'Runner.Listener'), `#!/bin/sh\nexit ${code}\n`);
  const ended = await runner.start({ command: ['run.sh'] }).ended;
  expect(ended).toMatchObject({ code: expected, output: `${line}\nExiting runner...\n` });
});

test('run.sh waits for an update before it starts the listener again', async () => {
  const runner = await lab.runner('updating');
  const listener = '#!/bin/sh\n[ -f seen ] && exit 0\ntouch seen update.finished\nexit 3\n';
  await writeFile(join(runner.root, 'bin', 'Runner.Listener'), listener);
  const { code, output } = await runner.start({ command: ['run.sh'] }).ended;
  expect(code).toBe(0);
  expect(output).toContain('Update finished successfully.\nRestarting runner...\n');
  expect(runner.has('update.finished')).toBe(false);
});

test('under an init process run.sh hands signals on to the listener, and its exit code back', async () => {
  const runner = await configured('trapped');
  const environment = { RUNNER_MANUALLY_TRAP_SIG: '1' };
  const running = await startListening(runner, { command: ['run.sh'], environment });
  running.signal('SIGTERM');
  const { output } = await running.ended;
  expect(output).toContain('Exiting...');
  expect(isOnline('trapped')).toBe(false);
});

test('the diagnostic log tells the story, without secrets', async () => {
  const runner = await lab.runner('diagnosed');
  const token = await lab.github.runnerToken();
  await runner.config(['--unattended', '--url', lab.repositoryUrl, '--name', 'diagnosed'], {
    ACTIONS_RUNNER_INPUT_TOKEN: token,
  });
  const running = await startListening(runner, { environment: { ACTIONS_RUNNER_PRINT_LOG_TO_STDOUT: '1' } });
  running.signal('SIGINT');
  const { output } = await running.ended;
  expect(output).toMatch(/^\[RUNNER [-0-9: ]+Z INFO BrokerMessageListener\] Session created\.$/m);
  expect(output).not.toContain(token);
});
