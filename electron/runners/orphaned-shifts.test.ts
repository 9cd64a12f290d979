/** Jobs of the demo GitHub whose runner is forgotten here; time is driven by hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Shift } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { type BoardPublisher, createBoard } from '../board.ts';
import { type StartedDemo, startForTest } from '../demo/github/testing/started.ts';
import { createWireRunner, type WireRunner } from '../demo/github/testing/wire-runner.ts';
import type { JobMessage } from '../demo/github/workflow/job-message.ts';
import { createGitHubForge } from '../forges/github/client.ts';
import { type HistoryDatabase, openHistoryDatabase } from '../history/database.ts';
import { createManualClock, type ManualClock } from '../platform/clock.ts';
import { createOrphanedShifts, type OrphanedShifts } from './orphaned-shifts.ts';
import { openShiftHistory, type ShiftHistory } from './shifts.ts';

let folder: string;
let clock: ManualClock;
let github: StartedDemo;
let runner: WireRunner;
let board: BoardPublisher;
let database: HistoryDatabase;
let shifts: ShiftHistory;
let orphaned: OrphanedShifts;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-orphaned-'));
  clock = createManualClock(Math.floor(Date.now() / 1000) * 1000);
  github = await startForTest({ clock });
  const { url, repository } = github.demo;
  const token = await github.runnerToken();
  runner = await createWireRunner({ url, repository, token, name: 'arm-1', nowMs: clock.now() });
  await runner.open();
  board = createBoard(
    {
      ...{ now: clock.now(), version: '0.0.0', demo: false, host: null, load: null, tokenStore: 'memory' },
      ...{ dataFolder: folder, settings: defaultSettings, surroundings: null, quitting: null },
    },
    clock,
  );
  database = openHistoryDatabase({ path: join(folder, 'history.db'), clock, onDamaged() {} });
  shifts = openShiftHistory({ database, board, clock });
  const forge = createGitHubForge({ apiUrl: `${url}/api/v3`, token: github.demo.token });
  const forgeOf = () => ({ forge, fullName: 'octo/forge' });
  orphaned = createOrphanedShifts({ board, shifts, clock, forgeOf });
  return async () => {
    orphaned.dispose();
    shifts.dispose();
    database.dispose();
    await github.stop();
    await rm(folder, { recursive: true });
  };
});

async function begin(): Promise<{ job: JobMessage; shift: Shift }> {
  await github.rest('POST', '/repos/octo/forge/actions/workflows/quick.yml/dispatches', {
    body: { ref: 'main' },
  });
  const job = await runner.nextJob();
  const shift: Shift = {
    id: 'r:1',
    ...{ runnerId: 'r', runnerName: 'arm-1', repositoryId: 'repository', jobName: job.jobDisplayName },
    ...{ startedAt: clock.now(), endedAt: null, result: null, jobId: null, url: null, verdict: null },
  };
  shifts.put(shift);
  return { job, shift };
}

/** Lets time pass until the shift has ended; the requests between travel in real time. */
async function whenEnded(id: string): Promise<Shift> {
  await vi.waitFor(
    async () => {
      await clock.advance(5000);
      expect(shifts.get(id)?.result).not.toBeNull();
    },
    { timeout: 15_000, interval: 20 },
  );
  return shifts.get(id) as Shift;
}

test('a job whose runner nobody knows any more is told as the forge has it, once it has ended', async () => {
  const { job, shift } = await begin();
  orphaned.resume();
  await clock.advance(30_000);
  expect(shifts.get(shift.id)?.result).toBeNull();
  await runner.complete(job, 'success');
  expect(await whenEnded(shift.id)).toMatchObject({
    result: 'Succeeded',
    jobId: expect.any(Number),
    url: expect.stringContaining('/actions/runs/'),
    verdict: null,
  });
});

test('one that failed may have failed for its runner: nobody can tell, and that is said', async () => {
  const { job, shift } = await begin();
  await runner.complete(job, 'failure');
  orphaned.resume();
  expect(await whenEnded(shift.id)).toMatchObject({
    result: 'Failed',
    verdict: { cause: 'unknown', rerun: null },
  });
});
