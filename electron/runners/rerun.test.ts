/** Lost jobs of the demo GitHub, run again through the real client; time is driven by hand. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Shift, Verdict } from '../../shared/model.ts';
import type { JobMessage } from '../demo/github/workflow/job-message.ts';
import { openShiftLab, type ShiftLab } from '../testing/shift-lab.ts';
import { createReruns, type Reruns } from './rerun.ts';

let lab: ShiftLab;
let clock: ShiftLab['clock'];
let github: ShiftLab['github'];
let runner: ShiftLab['runner'];
let board: ShiftLab['board'];
let shifts: ShiftLab['shifts'];
let reruns: Reruns;
let isWanted = true;

beforeEach(async () => {
  lab = await openShiftLab();
  ({ clock, github, runner, board, shifts } = lab);
  isWanted = true;
  reruns = newEngine();
  return async () => {
    reruns.dispose();
    await lab.dispose();
  };
});
afterEach(() => vi.restoreAllMocks());

function newEngine(): Reruns {
  const known = lab.forgeOf();
  return createReruns({
    ...{ board, shifts, clock },
    forgeOf: () => known,
    isWanted: () => isWanted,
  });
}

async function begin(workflow?: string): Promise<{ job: JobMessage; shift: Shift }> {
  const job = await lab.begin(workflow);
  return { job, shift: shiftOf(job.jobDisplayName) };
}

async function beginNext(): Promise<{ job: JobMessage; shift: Shift }> {
  const job = await runner.nextJob();
  return { job, shift: shiftOf(job.jobDisplayName) };
}

const shiftOf = (jobName: string, cause: Verdict['cause'] = 'worker-died'): Shift => ({
  id: `r:${clock.now()}:${jobName}`,
  ...{ runnerId: 'r', runnerName: 'arm-1', repositoryId: 'repository', jobName },
  ...{ startedAt: clock.now(), endedAt: clock.now(), result: 'Failed', jobId: null, url: null },
  verdict: { cause, sentence: 'It died; look.', rerun: null },
});

/** Lets time pass until the re-run has got there; the requests between travel in real time. */
async function until(id: string, status: string): Promise<Shift> {
  await vi.waitFor(
    async () => {
      await clock.advance(5000);
      expect(shifts.get(id)?.verdict?.rerun?.status).toBe(status);
    },
    { timeout: 15_000, interval: 20 },
  );
  return shifts.get(id) as Shift;
}

function lose(shift: Shift): void {
  shifts.put(shift);
  reruns.consider(shift);
}

const attempts = () =>
  github.demo.snapshot().jobs.map(({ name, attempt, conclusion }) => `${attempt} ${name}: ${conclusion}`);

test('it waits until the forge gives a lost job up, then asks once', async () => {
  const { shift } = await begin();
  lose(shift);
  expect(shifts.get(shift.id)?.verdict?.rerun).toMatchObject({ status: 'planned' });
  await vi.waitFor(() => expect(shifts.get(shift.id)?.jobId).not.toBeNull());
  await clock.advance(5 * 60_000);
  expect(attempts()).toHaveLength(1);
  await clock.advance(5 * 60_000);
  const asked = await until(shift.id, 'asked');
  expect(asked.url).toContain('/actions/runs/');
  expect(attempts()).toEqual([
    expect.stringMatching(/^1 .*: failure$/),
    expect.stringMatching(/^2 .*: null$/),
  ]);
});

test('it asks as soon as the run is seen to have ended, and not more often than every five seconds', async () => {
  const { job, shift } = await begin();
  lose(shift);
  await vi.waitFor(() => expect(shifts.get(shift.id)?.jobId).not.toBeNull());
  // The waits have grown to a minute by now.
  for (let ms = 0; ms < 50_000; ms += 5000) await clock.advance(5000);
  await runner.complete(job, 'failure');
  const runId = github.demo.snapshot().runs[0]?.id ?? 0;
  reruns.seen('another', []);
  reruns.seen('repository', [{ runId }]);
  await clock.advance(1000);
  expect(shifts.get(shift.id)?.verdict?.rerun?.status).toBe('planned');
  await clock.advance(4000);
  reruns.seen('repository', []);
  await vi.waitFor(() => expect(shifts.get(shift.id)?.verdict?.rerun?.status).toBe('asked'));
});

test('a re-run that is lost too is left to a person', async () => {
  const first = await begin();
  lose(first.shift);
  await runner.complete(first.job, 'failure');
  await until(first.shift.id, 'asked');
  await clock.advance(90_000);
  const second = await beginNext();
  lose(second.shift);
  await runner.complete(second.job, 'failure');
  const told = await until(second.shift.id, 'failed');
  expect(told.verdict?.rerun?.sentence).toContain('run again once already');
  expect(attempts()).toHaveLength(2);
});

test('two lost jobs of one run are both run again, one attempt after the other', async () => {
  const first = await begin('build.yml');
  await runner.complete(first.job, 'success');
  const debug = await beginNext();
  await runner.complete(debug.job, 'failure');
  lose(debug.shift);
  await clock.advance(90_000);
  const release = await beginNext();
  await runner.complete(release.job, 'failure');
  lose(release.shift);
  const asked = () => [debug, release].map(({ shift }) => shifts.get(shift.id)?.verdict?.rerun?.status);
  await vi.waitFor(async () => {
    await clock.advance(5000);
    expect(asked().sort()).toEqual(['asked', 'planned']);
  });
  await clock.advance(90_000);
  await runner.complete((await beginNext()).job, 'success');
  await vi.waitFor(
    async () => {
      await clock.advance(5000);
      expect(asked()).toEqual(['asked', 'asked']);
    },
    { timeout: 15_000, interval: 20 },
  );
  expect(attempts().filter((line) => line.startsWith('3'))).toContain('3 Compile debug: success');
});

test('nothing is asked for what was stopped here, or where the pool does not want it', async () => {
  const stopped = shiftOf('Quick', 'cancelled-here');
  lose(stopped);
  isWanted = false;
  const unwanted = { ...shiftOf('Quick'), id: 'unwanted' };
  lose(unwanted);
  expect([stopped, unwanted].map(({ id }) => shifts.get(id)?.verdict?.rerun)).toEqual([null, null]);
});

test('somebody was quicker', async () => {
  const { job, shift } = await begin();
  lose(shift);
  await vi.waitFor(() => expect(shifts.get(shift.id)?.jobId).not.toBeNull());
  await runner.complete(job, 'failure');
  const run = github.demo.snapshot().runs[0]?.id;
  await github.rest('POST', `/repos/octo/forge/actions/runs/${run}/rerun`);
  const told = await until(shift.id, 'failed');
  expect(told.verdict?.rerun?.sentence).toContain('Somebody');
  expect(attempts()).toHaveLength(2);
});

test('a job that the forge never heard of is given up', async () => {
  const shift = shiftOf('Never');
  lose(shift);
  expect((await until(shift.id, 'failed')).verdict?.rerun?.sentence).toContain('does not list the job');
});

test('what was planned is taken up by the next engine', async () => {
  const { job, shift } = await begin();
  lose(shift);
  await vi.waitFor(() => expect(shifts.get(shift.id)?.jobId).not.toBeNull());
  reruns.dispose();
  await runner.complete(job, 'failure');
  reruns = newEngine();
  reruns.resume();
  await until(shift.id, 'asked');
  expect(attempts()).toHaveLength(2);
});

test('an outage is waited out', async () => {
  const { job, shift } = await begin();
  await runner.complete(job, 'failure');
  github.demo.faults.set({ kind: 'server-error', status: 500, pathPrefix: '/repos', count: 3 });
  lose(shift);
  await until(shift.id, 'asked');
});
