/** The demo GitHub inside the engine: the same server as on its own, on the same port again after a restart. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { hasCode } from '../platform/disk.ts';
import { renameUnreadable } from '../platform/records.ts';
import type { SeedSize } from './github/model.ts';
import { type DemoGitHub, startDemoGitHub } from './github/server.ts';
import { buildPracticeRunnerArchive } from './practice-runner/archive.ts';

export interface DemoServer {
  /** The running server; starts it when it is not running. */
  start(port?: number): Promise<DemoGitHub>;
  close(): Promise<void>;
}

const list = z.array(z.looseObject({}));
/** What every state of the demo GitHub has; another version of it is for the server to refuse. */
const stateSchema = z.looseObject({ formatVersion: z.number() }).and(
  z.union([
    z.looseObject({ formatVersion: z.number().refine((version) => version !== 1) }),
    z.looseObject({
      signingKey: z.string(),
      ...{ tokens: z.looseObject({}), nextId: z.looseObject({}), logs: z.looseObject({}) },
      ...{ runners: list, runnerTokens: list, sessions: list, runs: list, jobs: list },
    }),
  ]),
);

/** Whether there is something at `path` that is no state of a demo GitHub. */
async function isUnreadable(path: string): Promise<boolean> {
  try {
    return !stateSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).success;
  } catch (error) {
    return !hasCode(error, 'ENOENT');
  }
}

/**
 * @param folder where the demo's state lies
 * @param archiveFolder where its practice runner archives are built
 * @param nodePath the Node that practice runners run on
 * @param seed what a new state is filled with
 * @param onSetAside told of a state that could not be read, and where it lies now; a new one begins
 */
export function createDemoServer(options: {
  folder: string;
  archiveFolder: string;
  clock: Clock;
  nodePath: string;
  bundleFolder: string;
  onSetAside(path: string): void;
  seed?: SeedSize;
}): DemoServer {
  const { folder, archiveFolder, clock, nodePath, bundleFolder, onSetAside, seed } = options;
  const statePath = join(folder, 'github.json');
  let running: Promise<DemoGitHub> | null = null;
  const begin = async (port: number): Promise<DemoGitHub> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (await isUnreadable(statePath)) onSetAside(renameUnreadable(statePath, clock.now()));
    return startDemoGitHub({
      port,
      statePath,
      archiveFolder,
      clock,
      seed,
      buildArchive: (request) => buildPracticeRunnerArchive({ ...request, nodePath, bundleFolder }),
    });
  };
  return {
    start(port = 0) {
      running ??= begin(port).catch((error: unknown) => {
        running = null;
        throw error;
      });
      return running;
    },
    async close() {
      const server = await running?.catch(() => null);
      running = null;
      await server?.close();
    },
  };
}
