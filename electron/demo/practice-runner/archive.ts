/** Builds the practice runner's downloadable archive, laid out as the vendor's package. */
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import {
  configScript,
  envScript,
  installDependenciesScript,
  nodeLauncher,
  program,
  runHelperCmdTemplate,
  runHelperTemplate,
  runScript,
  safeSleepScript,
} from './scripts.ts';

export interface PracticeRunnerArchive {
  path: string;
  sha256: string;
  bytes: number;
}

export interface PracticeRunnerArchiveOptions {
  os: 'linux' | 'osx';
  architecture: 'x64' | 'arm64';
  version: string;
  /** The archive's own path. */
  destination: string;
  /** Folder written by `bundlePracticeRunner`. */
  bundleFolder: string;
  /** The Node on which the runner runs; a plain one, never Electron. This process's own by default. */
  nodePath?: string;
  /** Files of random bytes added below `externals/`, so that it weighs what the vendor's does. */
  padding?: { files: number; bytes: number };
}

/** Entries per folder of the padding. */
const filesPerFolder = 200;

/** Builds the archive; the file appears under its name only when it is whole. */
export async function buildPracticeRunnerArchive(options: PracticeRunnerArchiveOptions): Promise<PracticeRunnerArchive> {
  const { destination, version, nodePath = process.execPath, bundleFolder, padding } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'practice-runner-'));
  try {
    await layOut(scratch, { version, nodePath, bundleFolder });
    if (padding) await pad(join(scratch, 'externals'), padding);
    await mkdir(dirname(destination), { recursive: true });
    const partial = `${destination}.${process.pid}.partial`;
    const entries = (await readdir(scratch)).sort();
    await create({ file: partial, cwd: scratch, gzip: { level: 1 }, portable: true, mtime: new Date(0), noPax: true }, entries);
    await rename(partial, destination);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(destination)) hash.update(chunk);
  return { path: destination, sha256: hash.digest('hex'), bytes: (await stat(destination)).size };
}

async function layOut(
  root: string,
  { version, nodePath, bundleFolder }: { version: string; nodePath: string; bundleFolder: string },
): Promise<void> {
  const scripts: Record<string, string> = {
    'config.sh': configScript,
    'run.sh': runScript,
    'env.sh': envScript,
    'safe_sleep.sh': safeSleepScript,
    'run-helper.sh.template': runHelperTemplate,
    'run-helper.cmd.template': runHelperCmdTemplate,
    'bin/Runner.Listener': program('Runner.Listener', version),
    'bin/Runner.Worker': program('Runner.Worker', version),
    'bin/installdependencies.sh': installDependenciesScript,
    'externals/node24/bin/node': nodeLauncher(nodePath),
  };
  for (const [name, text] of Object.entries(scripts)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await chmod(path, 0o755);
  }
  for (const name of await readdir(bundleFolder)) await copyFile(join(bundleFolder, name), join(root, 'bin', name));
}

async function pad(folder: string, { files, bytes }: { files: number; bytes: number }): Promise<void> {
  const size = Math.ceil(bytes / files);
  for (let index = 0; index < files; index += 1) {
    const parent = join(folder, 'node20', `padding-${Math.floor(index / filesPerFolder)}`);
    if (index % filesPerFolder === 0) await mkdir(parent, { recursive: true });
    await writeFile(join(parent, `file-${index}.bin`), randomFillSync(Buffer.alloc(size)));
  }
}
