/** The composition root: creates every service with explicit arguments and hands out one router and one board. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectionSchema, type Host, poolSchema, repositorySchema } from '../shared/model.ts';
import { type BoardPublisher, createBoard } from './board.ts';
import { createDemoServer } from './demo/embedded.ts';
import { createDemoConnection, type DemoConnection } from './demo-connection.ts';
import { createConnections } from './forges/connections.ts';
import { createGitHubForge } from './forges/github/client.ts';
import { createRepositories } from './forges/repositories.ts';
import { packageTarget, quickHostFacts } from './hardware/host.ts';
import { planFor } from './hardware/plan-for.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { lockDataFolder } from './platform/lock.ts';
import { createProcessTable } from './platform/processes.ts';
import { openRecords } from './platform/records.ts';
import type { SecretStore } from './platform/secrets.ts';
import { createSharedAnswers } from './platform/shared-answers.ts';
import { createRouter, type EngineRouter } from './router.ts';
import { createArchive } from './runners/archive.ts';
import { createInstaller } from './runners/install.ts';
import { createLeftovers, leftoverRecordSchema } from './runners/leftovers.ts';
import { createRunnerLogs } from './runners/logs.ts';
import { createMonitor } from './runners/monitor.ts';
import { createRunnerProcesses } from './runners/process.ts';
import { runnerRecordSchema } from './runners/record.ts';
import { createRunners, type Runners } from './runners/runners.ts';
import { openShiftHistory } from './runners/shifts.ts';

export interface EngineOptions {
  /** Folder for all that is kept; one engine at a time. */
  dataFolder: string;
  /** Folder for downloads and extracted packages; may be deleted while no runner exists. */
  cacheFolder: string;
  secrets: SecretStore;
  version: string;
  /** Whether this is the demo: told to the panel, which always shows it. */
  demo?: boolean;
  /** The Node on which practice runners run; a plain one, never Electron. */
  nodePath: string;
  /** Folder with the bundled practice runner. */
  practiceRunnerFolder: string;
  clock?: Clock;
}

export interface Engine {
  router: EngineRouter;
  board: BoardPublisher;
  runners: Runners;
  demo: DemoConnection;
  /** Resolves when the runners of an earlier engine are adopted, resumed or taken back. */
  recovered: Promise<void>;
  /** Stops the engine. Runners go on and are adopted by the next one. */
  dispose(): Promise<void>;
}
