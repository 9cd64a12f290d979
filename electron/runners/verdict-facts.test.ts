/** What is found out about a job's end, from logs as actions/runner writes them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Shift } from '../../shared/model.ts';
import { createManualClock, type ManualClock } from '../platform/clock.ts';
import { judge } from './verdict.ts';
import { createFactFinder, type FactFinder, type JobEnd, type RunnerFolders } from './verdict-facts.ts';
import { createHostWitness } from './verdict-host.ts';

const startedAt = Date.UTC(2026, 10, 24, 12, 0, 0);
const guid = '6f1f2b3c-0000-4000-8000-000000000001';
let folders: RunnerFolders;
let clock: ManualClock;
let finder: FactFinder;
/** What the host's files and programs say. */
let host: Record<string, string>;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-facts-'));
  folders = { runnerRoot: join(folder, 'root'), controlFolder: join(folder, 'control') };
  await mkdir(join(folders.runnerRoot, '_diag'), { recursive: true });
  clock = createManualClock(startedAt);
  host = {
    '/proc/sys/kernel/random/boot_id': 'first-boot\n',
    '/proc/41/cgroup': '0::/runners\n',
    '/sys/fs/cgroup/runners/memory.events': 'oom_kill 5\n',
  };
  const witness = createHostWitness({
    platform: 'linux',
    read: async (path) => host[path] ?? null,
    run: async (program) => host[program] ?? null,
  });
  finder = createFactFinder({ witness, clock });
  return () => rm(folder, { recursive: true });
});

const shift: Shift = {
  ...{ id: 'r:1:Build', runnerId: 'r', runnerName: 'arm-1', repositoryId: 'repository', jobName: 'Build' },
  ...{ startedAt, endedAt: null, result: null, jobId: null, url: null, verdict: null },
};
const jobEnd = (change: Partial<JobEnd> = {}): JobEnd => ({
  ...{ shift, result: 'Failed', stoppedHere: false, interrupted: false, listenerEnd: null },
  ...{ deregistered: false, disconnectedMs: 0, endedAt: startedAt + 20_000 },
  ...change,
});

const log = (name: string, ...lines: string[]): Promise<void> =>
  writeFile(join(folders.runnerRoot, '_diag', name), `\uFEFF${lines.join('\n')}\n`);
const stamp = (seconds: number): string =>
  `${new Date(startedAt + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`;

/** The listener's log of a day, with an earlier job in it, and this job's end. */
async function listenerLog(...lines: string[]): Promise<void> {
  await log(
    'Runner_20261124-080000-utc.log',
    `[${stamp(-600)} INFO JobDispatcher] Worker finished for job ${guid}. Code: 137`,
    `[${stamp(-600)} INFO JobDispatcher] Send job cancellation message to worker for job ${guid}.`,
    `[${stamp(-600)} INFO ProcessInvokerWrapper] Process started with process id 40, waiting for process exit.`,
    ...lines,
  );
}

async function verdict(end: JobEnd = jobEnd()) {
  const facts = await finder.gather(folders, end, await finder.diagnose(folders, end));
  return { facts, cause: judge(facts)?.cause ?? null };
}

test('a failed test is a failed test, whatever happened to the job before it', async () => {
  await listenerLog(`[${stamp(20)} INFO JobDispatcher] Worker finished for job ${guid}. Code: 102`);
  await log(
    'Worker_20261124-120001-utc.log',
    `[${stamp(2)} INFO ProcessInvokerWrapper] Process started with process id 52, waiting for process exit.`,
    `[${stamp(19)} INFO ProcessInvokerWrapper] Finished process 52 with exit code 1, and elapsed time 00:00:17.`,
    `[${stamp(19)} INFO JobRunner] Job result after all job steps finish: Failed`,
  );
  const { facts, cause } = await verdict();
  expect(facts.worker).toEqual({ exitCode: 102, cancelSent: false, noSpace: false, unreported: false });
  expect(facts.freeBytes).toBeGreaterThan(0);
  expect(cause).toBeNull();
  expect(await finder.diagnose(folders, jobEnd())).toMatchObject({ finished: 'Failed', pids: [52] });
});

test('short jobs in one second: the neighbours that ended well do not hide a worker that was killed', async () => {
  await listenerLog(
    `[${stamp(0)} INFO JobDispatcher] Worker finished for job ${guid}. Code: 100`,
    `[${stamp(0)} INFO JobDispatcher] Worker finished for job ${guid}. Code: 137`,
    `[${stamp(0)} INFO JobDispatcher] Worker finished for job ${guid}. Code: 100`,
  );
  const { cause } = await verdict(jobEnd({ endedAt: startedAt }));
  expect(cause).toBe('worker-died');
});

test('the job before, done within the same second, does not speak for one whose worker had not begun', async () => {
  const of = (name: string): Promise<void> =>
    log(
      'Worker_20261124-120000-utc.log',
      `[${stamp(0)} INFO Worker] Job message:`,
      ' {',
      `  "jobDisplayName": ${JSON.stringify(name)}`,
      '}',
      `[${stamp(0)} INFO JobRunner] Job result after all job steps finish: Succeeded`,
    );
  const lost = jobEnd({ result: 'Lost', listenerEnd: { code: null }, endedAt: startedAt });
  await of('another "job"');
  expect(await finder.diagnose(folders, lost)).toMatchObject({ finished: null });
  await of(lost.shift.jobName);
  expect(await finder.diagnose(folders, lost)).toMatchObject({ finished: 'Succeeded' });
});

test('a worker that was killed, and one that was killed for memory', async () => {
  await finder.mark(folders, shift.id, [41]);
  await listenerLog(
    `[${stamp(1)} INFO ProcessInvokerWrapper] Process started with process id 51, waiting for process exit.`,
    `[${stamp(20)} INFO JobDispatcher] Worker finished for job ${guid}. Code: 137`,
  );
  expect((await verdict()).cause).toBe('worker-died');
  host['/sys/fs/cgroup/runners/memory.events'] = 'oom_kill 6\n';
  expect(await verdict()).toMatchObject({ cause: 'out-of-memory', facts: { memoryKills: 1 } });
  host['/sys/fs/cgroup/runners/memory.events'] = 'oom_kill 5\n';
  host.journalctl = 'Out of memory: Killed process 51 (Runner.Worker)\n';
  expect(await verdict()).toMatchObject({ cause: 'out-of-memory', facts: { killedForMemory: true } });
  host.journalctl = 'Out of memory: Killed process 9951 (firefox)\n';
  expect((await verdict()).cause).toBe('worker-died');
});

test('a compiler that was killed for memory is not the test’s fault', async () => {
  await listenerLog(`[${stamp(20)} INFO JobDispatcher] Worker finished for job ${guid}. Code: 102`);
  await log(
    'Worker_20261124-120001-utc.log',
    `[${stamp(2)} INFO ProcessInvokerWrapper] Process started with process id 52, waiting for process exit.`,
    `[${stamp(19)} INFO ProcessInvokerWrapper] Finished process 52 with exit code 137, and elapsed time 00:00:17.`,
  );
  expect((await verdict()).cause).toBeNull();
  host.journalctl = 'Memory cgroup out of memory: Killed process 52 (bash)\n';
  expect((await verdict()).cause).toBe('out-of-memory');
});

test('a full disk is read from the logs, or seen', async () => {
  await listenerLog(
    `[${stamp(20)} INFO JobDispatcher] Worker finished for job ${guid}. Code: 134`,
    'System.IO.IOException: No space left on device : _diag/pages/x.log',
  );
  expect((await verdict()).cause).toBe('disk-full');
});

test('another boot since the job began, seen by another engine; free space of then is not known any more', async () => {
  await finder.mark(folders, shift.id, [41]);
  host['/proc/sys/kernel/random/boot_id'] = 'second-boot\n';
  const end = jobEnd({ result: 'Lost', listenerEnd: { code: null }, endedAt: startedAt });
  await clock.advance(3_600_000);
  expect(await verdict(end)).toMatchObject({ cause: 'host-restarted', facts: { freeBytes: null } });
  // The mark of another job says nothing.
  const other = jobEnd({ ...end, shift: { ...shift, id: 'another' } });
  expect((await verdict(other)).facts.hostRestarted).toBe(false);
});

test('without any logs and marks nothing is made up', async () => {
  expect((await verdict()).cause).toBeNull();
  await rm(folders.runnerRoot, { recursive: true });
  expect((await verdict()).cause).toBeNull();
});
