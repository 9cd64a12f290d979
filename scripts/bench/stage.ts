/** What both sides of the deploy benchmark stand on: one demo GitHub and one runner package of realistic size. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, stat } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DemoGitHub, startDemoGitHub } from '../../electron/demo/github/server.ts';
import type {
  PracticeRunnerArchive,
  PracticeRunnerArchiveOptions,
} from '../../electron/demo/practice-runner/archive.ts';
import { diskSpace } from '../../electron/platform/disk.ts';
import { mountsBelow, unmount } from '../../electron/platform/mounts.ts';
import { removeTree } from '../../electron/platform/remove-tree.ts';

const run = promisify(execFile);

/** What the vendor's package for Linux has, about: see facts measured of 2.336.0. */
const padding = { files: 6500, bytes: 400_000_000 };

/** What the procedure takes for one round, with something to spare. */
const roomForRound = 8 * padding.bytes * 2;

export interface Stage {
  folder: string;
  demo: DemoGitHub;
  /** The package, as it was downloaded. */
  archiveFile: string;
  archiveBytes: number;
  practiceRunnerFolder: string;
  /** Of the engines that are opened on this stage. */
  dataFolder: string;
  /**
   * A name for something that was used up and is removed at the end. ext4 makes new files several times slower for a
   * minute after many were deleted (it does not give out their inodes again at once), and the side that is measured next
   * would pay for it. Where the disk is too small, what was set aside before is removed now.
   */
  aside(): Promise<string>;
  dispose(): Promise<void>;
}

/** Builds the package and starts the demo GitHub that offers it. Takes a while; none of it is measured. */
export async function setUpStage(
  tell: (line: string) => void,
  { realisticSize }: { realisticSize: boolean },
): Promise<Stage> {
  const os = platform() === 'darwin' ? 'osx' : 'linux';
  const architecture = arch() === 'arm64' ? 'arm64' : 'x64';
  const folder = await mkdtemp(join(tmpdir(), 'trackside-bench-'));
  try {
    const practiceRunnerFolder = join(folder, 'practice-runner');
    const archiveFolder = join(folder, 'packages');
    await mkdir(archiveFolder);
    tell(realisticSize ? 'Builds a runner package of realistic size …' : 'Builds a runner package …');
    await run(process.execPath, [builder, 'bundle', practiceRunnerFolder]);
    let archiveFile = '';
    const demo = await startDemoGitHub({
      archiveFolder,
      buildArchive: async (target) => {
        const isOurs = target.os === os && target.architecture === architecture;
        const built = await buildPackage({
          ...target,
          nodePath: process.execPath,
          bundleFolder: practiceRunnerFolder,
          padding: isOurs && realisticSize ? padding : undefined,
        });
        if (isOurs) archiveFile = built.path;
        return built;
      },
    });
    await request(demo, 'GET', `/repos/${demo.repository}/actions/runners/downloads`);
    return {
      folder,
      demo,
      archiveFile,
      archiveBytes: (await stat(archiveFile)).size,
      practiceRunnerFolder,
      dataFolder: join(folder, 'data'),
      async aside() {
        const used = join(folder, 'aside');
        if ((await diskSpace(folder)).freeBytes < roomForRound) await removeTree(used);
        await mkdir(used, { recursive: true });
        return join(used, randomUUID());
      },
      async dispose() {
        await demo.close();
        for (const point of await mountsBelow(folder)) await unmount(point);
        await removeTree(folder);
      },
    };
  } catch (error) {
    await removeTree(folder);
    throw error;
  }
}

const builder = join(import.meta.dirname, 'build-package.ts');

async function buildPackage(options: PracticeRunnerArchiveOptions): Promise<PracticeRunnerArchive> {
  const { stdout } = await run(process.execPath, [builder, 'archive', JSON.stringify(options)]);
  return JSON.parse(stdout) as PracticeRunnerArchive;
}

/** One request to the demo GitHub's REST API with the token that may do everything. */
export async function request(
  demo: DemoGitHub,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${demo.url}${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { authorization: `Bearer ${demo.token}`, 'user-agent': 'trackside-bench' },
  });
  if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status}`);
  return response.status === 204 ? null : response.json();
}
