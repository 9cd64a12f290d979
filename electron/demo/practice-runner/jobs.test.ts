/** Jobs on the real practice runner: what steps get, what becomes of them, and how they end. */
import { execFileSync } from 'node:child_process';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Lab, type LabRunner, namesIn, openLab, workflow } from './testing/lab.ts';
import type { Running } from './testing/processes.ts';

let lab: Lab;
let runner: LabRunner;
let running: Running;

const steps = (...texts: string[]): string => `steps:\n${texts.map((text) => `- ${text}`).join('\n')}`;
const sleep = 'sleep 987';

beforeAll(async () => {
  lab = await openLab({
    'environment.yml': workflow(`env: {FROM_JOB: job}
${steps(
  'run: |\n    echo "A=from file" >> $GITHUB_ENV\n    printf "B<<END\\none\\ntwo\\nEND\\n" >> $GITHUB_ENV\n    mkdir $RUNNER_TEMP/tools\n    printf "#!/bin/sh\\necho tool ran" > $RUNNER_TEMP/tools/mytool\n    chmod +x $RUNNER_TEMP/tools/mytool\n    echo $RUNNER_TEMP/tools >> $GITHUB_PATH\n    echo x=1 >> $GITHUB_OUTPUT\n    echo "# Hi" >> $GITHUB_STEP_SUMMARY\n    echo ::add-mask::hunter2',
  'run: |\n    echo "A is $A"\n    echo "B is $B"\n    mytool\n    echo "the hunter2"\n    echo "own $OWN and $FROM_JOB, job $GITHUB_JOB"\n  env: {OWN: mine}',
  'run: pwd; mkdir -p sub',
  'run: |\n    pwd\n    echo $0\n  working-directory: sub\n  shell: sh',
  'run: env | sort',
)}`),
    'failing.yml': workflow(
      steps(
        'run: exit 4\n  continue-on-error: true',
        'run: exit 3\n  name: Break',
        'run: echo never\n  name: Never',
        'run: echo it failed\n  if: failure()\n  name: On failure',
        'run: echo whatever\n  if: always()\n  name: Always',
      ),
    ),
    'sleeping.yml': workflow(
      steps(
        `run: |\n    echo started\n    ${sleep}`,
        'run: echo never\n  name: Never',
        'run: echo tidied\n  if: always()\n  name: Tidy',
      ),
    ),
    'stubborn.yml': workflow(
      steps(`run: |\n    trap "" INT TERM\n    echo started\n    ${sleep} & ${sleep}`),
    ),
    'step-timeout.yml': workflow(
      steps(`run: ${sleep}\n  timeout-minutes: 1\n  name: Slow`, 'run: echo never'),
    ),
    'job-timeout.yml': workflow(`timeout-minutes: 1\n${steps(`run: ${sleep}`)}`),
    'orphan.yml': workflow(steps(`run: |\n    setsid ${sleep} > /dev/null 2>&1 &\n    echo left`)),
    'bad-shell.yml': workflow(
      steps('run: ls\n  shell: no-such-shell {0}', 'run: ls\n  working-directory: nowhere'),
    ),
    'chatty.yml': workflow(
      steps(
        'run: |\n    echo first\n    while [ ! -f "$GITHUB_WORKSPACE/go" ]; do sleep 0.05; done\n    echo last',
      ),
    ),
  });
  runner = await lab.runner('worker');
  await runner.configure();
});
beforeEach(async () => {
  running = runner.start();
  await running.waitFor(/Listening for Jobs/);
  return async () => {
    running.signalGroup('SIGINT');
    await running.ended;
    expect(sleepers()).toEqual([]);
  };
});
afterAll(() => lab.close());

/** Rows `pid ppid args` of the process table. */
function processes(): string[] {
  const options = { encoding: 'utf8', maxBuffer: 1e8 } as const;
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid=,args='], options).split('\n');
  return rows.map((row) => row.trim());
}

/** Pids of the processes that this file's jobs have started. */
function sleepers(): number[] {
  return processes()
    .filter((row) => /^\d+ +\d+ sleep 987$/.test(row))
    .map((row) => Number(row.split(' ')[0]));
}

const started = () => vi.waitFor(() => expect(sleepers().length).toBeGreaterThan(0), { timeout: 10_000 });
const conclusions = (job: Awaited<ReturnType<Lab['finished']>>) =>
  job.steps.map((step) => `${step.name}: ${step.conclusion}`);
/** A log's lines without their time stamps. */
const linesOf = (log: string): string[] =>
  log
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\uFEFF?\S+ /, ''));
const pages = () => namesIn(join(runner.root, '_diag', 'pages'));

function workerPid(): number {
  const row = processes().find((line) => line.includes('Runner.Worker') && line.includes(` ${running.pid} `));
  return Number(row?.split(' ')[0]);
}

test('steps run for real and hand variables, paths and masks on', async () => {
  const job = await lab.finished(await lab.dispatch('environment.yml'));
  expect(job.conclusion).toBe('success');
  const lines = linesOf(job.log);
  const workspace = join(runner.root, '_work', 'forge', 'forge');
  for (const line of [
    'A is from file',
    'B is one',
    'two',
    'tool ran',
    'the ***',
    'own mine and job, job build',
  ]) {
    expect(lines).toContain(line);
  }
  expect(job.log).not.toContain('the hunter2');
  expect(lines.filter((line) => line.startsWith(workspace))).toEqual([workspace, join(workspace, 'sub')]);
  expect(lines).toContain('shell: /usr/bin/bash -e {0}');
  expect(lines.some((line) => /^shell: \/\S+\/sh -e \{0\}$/.test(line))).toBe(true);
  expect(lines).toContain('  FROM_JOB: job');
  expect(lines).toContain('  OWN: mine');
});

test('a step’s environment is complete and holds nothing of the runner’s own', async () => {
  const job = await lab.finished(await lab.dispatch('environment.yml'));
  const variables = new Map(
    linesOf(job.log).map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  expect(Object.fromEntries([...variables])).toMatchObject({
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'octo/forge',
    GITHUB_WORKSPACE: join(runner.root, '_work', 'forge', 'forge'),
    RUNNER_TEMP: join(runner.root, '_work', '_temp'),
    RUNNER_TOOL_CACHE: join(runner.root, '_work', '_tool'),
    RUNNER_WORKSPACE: join(runner.root, '_work', 'forge'),
    RUNNER_NAME: 'worker',
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'self-hosted',
    LANG: 'C.UTF-8',
  });
  expect(variables.get('RUNNER_TRACKING_ID')).toMatch(/^github_/);
  const names = [...variables.keys()];
  expect(names.filter((name) => /^(NODE_|ACTIONS_RUNNER_INPUT_|PRACTICE_)/.test(name))).toEqual([]);
});

test('lines are stamped, grouped and follow their steps', async () => {
  const job = await lab.finished(await lab.dispatch('failing.yml'));
  const stamps = job.log
    .trim()
    .split('\n')
    .map((line) => line.replace('\uFEFF', '').split(' ')[0] ?? '');
  expect(stamps.every((stamp) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/.test(stamp))).toBe(true);
  expect([...stamps].sort()).toEqual(stamps);
  const lines = linesOf(job.log);
  const start = lines.indexOf('##[group]Run exit 3');
  expect(lines.slice(start, start + 5)).toEqual([
    '##[group]Run exit 3',
    '\u001b[36;1mexit 3\u001b[0m',
    'shell: /usr/bin/bash -e {0}',
    '##[endgroup]',
    '##[error]Process completed with exit code 3.',
  ]);
  expect(lines.at(-1)).toBe('Cleaning up orphan processes');
});

test('a failure is passed over, skips, or is what a step waits for', async () => {
  const job = await lab.finished(await lab.dispatch('failing.yml'));
  expect(job.conclusion).toBe('failure');
  expect(conclusions(job)).toEqual([
    'Set up job: success',
    'Run exit 4: success',
    'Break: failure',
    'Never: skipped',
    'On failure: success',
    'Always: success',
    'Complete job: success',
  ]);
  expect(job.annotations).toContain('Process completed with exit code 3.');
  await running.waitFor(/Job build completed with result: Failed/);
});

test('a cancelled job: its processes end, what always runs still runs', async () => {
  const run = await lab.dispatch('sleeping.yml');
  await started();
  await lab.github.rest('POST', `/repos/octo/forge/actions/runs/${run}/cancel`);
  const job = await lab.finished(run);
  await running.waitFor(/Job build completed with result: Canceled/);
  expect(job.conclusion).toBe('cancelled');
  expect(conclusions(job).slice(1)).toEqual([
    expect.stringMatching(/: cancelled$/),
    'Never: skipped',
    'Tidy: success',
    'Complete job: success',
  ]);
  expect(linesOf(job.log)).toContain('##[error]The operation was canceled.');
  expect(linesOf(job.log)).toContain('tidied');
});

test('a step that ignores SIGINT and SIGTERM is killed with all its children', async () => {
  const run = await lab.dispatch('stubborn.yml');
  await started();
  await lab.github.rest('POST', `/repos/octo/forge/actions/runs/${run}/cancel`);
  expect((await lab.finished(run)).conclusion).toBe('cancelled');
  expect(sleepers()).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to the process group cancels the job and skips all that is left',
  async (signal) => {
    const run = await lab.dispatch('sleeping.yml');
    await started();
    running.signalGroup(signal);
    const { code, output } = await running.ended;
    expect(code).toBe(signal === 'SIGINT' ? 0 : 143);
    expect(output.includes('Exiting...')).toBe(signal === 'SIGINT');
    expect(output).toContain('Job build completed with result: Canceled');
    const job = await lab.finished(run);
    expect(job.conclusion).toBe('cancelled');
    expect(conclusions(job).slice(-3)).toEqual(['Never: skipped', 'Tidy: skipped', 'Complete job: success']);
    expect(job.annotations.join()).toContain('The runner has received a shutdown signal.');
  },
);

test('SIGINT to the listener alone does the same', async () => {
  const run = await lab.dispatch('sleeping.yml');
  await started();
  running.signal('SIGINT');
  expect((await running.ended).code).toBe(0);
  expect((await lab.finished(run)).conclusion).toBe('cancelled');
});

test('a step has its time', async () => {
  const job = await lab.finished(await lab.dispatch('step-timeout.yml'));
  expect(job.conclusion).toBe('failure');
  expect(linesOf(job.log)).toContain("##[error]The action 'Slow' has timed out after 1 minutes.");
});

test('a job has its time', async () => {
  const job = await lab.finished(await lab.dispatch('job-timeout.yml'));
  expect(job.conclusion).toBe('cancelled');
  expect(linesOf(job.log)).toContain(
    '##[error]The job running on runner worker has exceeded the maximum execution time of 1 minutes.',
  );
});

test('what a job leaves running is found by its tracking id and killed', async () => {
  const job = await lab.finished(await lab.dispatch('orphan.yml'));
  expect(job.conclusion).toBe('success');
  expect(job.log).toMatch(
    /Cleaning up orphan processes\n\S+ Terminate orphan process: pid \(\d+\) \((sleep|setsid)\)/,
  );
  expect(sleepers()).toEqual([]);
});

test('a shell or a folder that is not there fails the step and says so', async () => {
  const job = await lab.finished(await lab.dispatch('bad-shell.yml'));
  expect(job.conclusion).toBe('failure');
  expect(job.log).toContain('##[error]no-such-shell: command not found');
});

test('the log grows on disk while a step runs; its pieces go afterwards', async () => {
  const run = await lab.dispatch('chatty.yml');
  await vi.waitFor(async () => expect((await pages()).length).toBeGreaterThan(0), { timeout: 10_000 });
  const { jobs } = lab.github.demo.snapshot();
  const job = jobs.find((candidate) => candidate.runId === run);
  const whole = `${job?.planId}_${job?.guid}_1.log`;
  await vi.waitFor(async () => {
    const text = await readFile(join(runner.root, '_diag', 'pages', whole), 'utf8');
    expect(text).toMatch(/^\uFEFF/);
    expect(linesOf(text)).toContain('first');
  });
  expect((await pages()).length).toBe(2);
  await writeFile(join(runner.root, '_work', 'forge', 'forge', 'go'), '');
  expect(linesOf((await lab.finished(run)).log)).toContain('last');
  await running.waitFor(/completed with result: Succeeded/);
  expect(await pages()).toEqual([]);
  const logs = (await readdir(join(runner.root, '_diag')))
    .filter((name) => name.startsWith('Worker_'))
    .sort();
  const last = await runner.read(`_diag/${logs.at(-1)}`);
  expect(last).toMatch(new RegExp(`^\\[.* INFO JobRunner\\] Job ID ${job?.guid}$`, 'm'));
  expect(await namesIn(join(runner.root, '_work', '_temp'))).toEqual([]);
});

test('a worker that dies fails its job, and the listener goes on', async () => {
  const run = await lab.dispatch('sleeping.yml');
  await started();
  process.kill(workerPid(), 'SIGKILL');
  await running.waitFor(/Job build completed with result: Failed/);
  expect((await lab.finished(run)).conclusion).toBe('failure');
  for (const pid of sleepers()) process.kill(pid, 'SIGKILL');
  const next = await lab.finished(await lab.dispatch('orphan.yml'));
  expect(next.conclusion).toBe('success');
});

test('hooks run before and after a job, and a failing one fails it', async () => {
  const own = await lab.runner('hooked');
  await own.configure(['--labels', 'hooked']);
  running.signal('SIGINT');
  await running.ended;
  const before = join(own.root, 'before.sh');
  const after = join(own.root, 'after.sh');
  await writeFile(before, 'echo "before in $PWD"');
  await writeFile(after, 'echo after; exit 9');
  await chmod(before, 0o755);
  await chmod(after, 0o755);
  await writeFile(join(own.root, '.env'), `ACTIONS_RUNNER_HOOK_JOB_STARTED=${before}\nFROM_ENV_FILE=yes\n`);
  const hooked = own.start({ environment: { ACTIONS_RUNNER_HOOK_JOB_COMPLETED: after } });
  await hooked.waitFor(/Listening for Jobs/);
  const job = await lab.finished(await lab.dispatch('environment.yml'));
  hooked.signal('SIGINT');
  await hooked.ended;
  const lines = linesOf(job.log);
  expect(lines).toContain('A job started hook has been configured by the self-hosted runner administrator');
  expect(lines).toContain(`##[group]Run '${before}'`);
  expect(lines).toContain(`before in ${join(own.root, '_work', 'forge', 'forge')}`);
  expect(lines).toContain('FROM_ENV_FILE=yes');
  expect(lines).toContain('after');
  expect(conclusions(job)).toContain('Complete runner: failure');
  expect(job.conclusion).toBe('failure');
});

test('a listener that is killed takes worker and steps with it', async () => {
  await lab.dispatch('sleeping.yml');
  await started();
  running.signal('SIGKILL');
  await vi.waitFor(() => expect(sleepers()).toEqual([]), { timeout: 10_000 });
  await running.ended;
});
