/** The demo GitHub inside the engine: the same server as on its own, on the same port again after a restart. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import { type DemoGitHub, startDemoGitHub } from './github/server.ts';
import { buildPracticeRunnerArchive } from './practice-runner/archive.ts';

export interface DemoServer {
  /** The running server; starts it when it is not running. */
  start(port?: number): Promise<DemoGitHub>;
  close(): Promise<void>;
}

/**
 * @param folder where the demo's state lies
 * @param archiveFolder where its practice runner archives are built
 * @param nodePath the Node that practice runners run on
 */
export function createDemoServer(options: {
  folder: string;
  archiveFolder: string;
  clock: Clock;
  nodePath: string;
  bundleFolder: string;
}): DemoServer {
  const { folder, archiveFolder, clock, nodePath, bundleFolder } = options;
  let running: Promise<DemoGitHub> | null = null;
  const begin = async (port: number): Promise<DemoGitHub> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return startDemoGitHub({
      port,
      statePath: join(folder, 'github.json'),
      archiveFolder,
      clock,
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
