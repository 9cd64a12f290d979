/** One listening runner of a demo GitHub, a shift history on disk, and a clock that is moved: for what becomes of jobs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { type BoardPublisher, createBoard } from '../board.ts';
import { type StartedDemo, startForTest } from '../demo/github/testing/started.ts';
import { createWireRunner, type WireRunner } from '../demo/github/testing/wire-runner.ts';
import type { JobMessage } from '../demo/github/workflow/job-message.ts';
import { createGitHubForge } from '../forges/github/client.ts';
import { openHistoryDatabase } from '../history/database.ts';
import { createManualClock, type ManualClock } from '../platform/clock.ts';
import type { ForgeRepository } from '../runners/deploy.ts';
import { openShiftHistory, type ShiftHistory } from '../runners/shifts.ts';

export interface ShiftLab {
  clock: ManualClock;
  github: StartedDemo;
  /** Registered with octo/forge as `arm-1`. */
  runner: WireRunner;
  board: BoardPublisher;
  shifts: ShiftHistory;
  /** A new client each time, as a new engine has. */
  forgeOf(): ForgeRepository;
  /** Starts a workflow and takes its first job. */
  begin(workflow?: string): Promise<JobMessage>;
  dispose(): Promise<void>;
}

export async function openShiftLab(): Promise<ShiftLab> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-shifts-'));
  const clock = createManualClock(Math.floor(Date.now() / 1000) * 1000);
  const github = await startForTest({ clock });
  const { url, repository } = github.demo;
  const token = await github.runnerToken();
  const runner = await createWireRunner({ url, repository, token, name: 'arm-1', nowMs: clock.now() });
  await runner.open();
  const board = createBoard(
    {
      ...{ now: clock.now(), version: '0.0.0', demo: false, host: null, load: null, tokenStore: 'memory' },
      ...{ dataFolder: folder, settings: defaultSettings, surroundings: null, quitting: null },
    },
    clock,
  );
  const database = openHistoryDatabase({ path: join(folder, 'history.db'), clock, onDamaged() {} });
  const shifts = openShiftHistory({ database, board, clock });
  return {
    ...{ clock, github, runner, board, shifts },
    forgeOf() {
      const forge = createGitHubForge({ apiUrl: `${url}/api/v3`, token: github.demo.token });
      return { forge, fullName: repository };
    },
    async begin(workflow = 'quick.yml') {
      const path = `/repos/${repository}/actions/workflows/${workflow}/dispatches`;
      await github.rest('POST', path, { body: { ref: 'main' } });
      return runner.nextJob();
    },
    async dispose() {
      shifts.dispose();
      database.dispose();
      await github.stop();
      await rm(folder, { recursive: true });
    },
  };
}
