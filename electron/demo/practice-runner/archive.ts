/** Builds the practice runner's downloadable archive, laid out as the vendor's package. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  access,
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { type Release, releaseFile } from './common/release.ts';
import { writePadding } from './padding.ts';

export interface PracticeRunnerArchive {
  path: string;
  /** Of the file, in hexadecimal. */
  sha256: string;
  bytes: number;
}

export interface PracticeRunnerArchiveOptions {
  os: 'linux' | 'osx';
  architecture: 'x64' | 'arm64';
  version: string;
  /** Path of the file to write. */
  destination: string;
  /** Folder written by `bundlePracticeRunner`; by default where the build puts it. */
  bundleFolder?: string;
  /** The Node on which the runner runs, an absolute path; by default this process's own, which must not be Electron. */
  nodePath?: string;
  /** So many files of so many bytes together, added below `externals/`, for benchmarks. */
  padding?: { files: number; bytes: number };
}

const programs = ['Runner.Listener.mjs', 'Runner.Worker.mjs'];
/** For every entry: the archive depends on its contents only. */
const entryTime = new Date('2026-01-01T00:00:00Z');
const names = { linux: 'Linux', osx: 'macOS', x64: 'X64', arm64: 'ARM64' } as const;

/**
 * Builds the archive, the same bytes for the same options. The file appears under its name only when it is whole.
 * @throws when there is no plain Node, or the practice runner has not been bundled
 */
export async function buildPracticeRunnerArchive(
  options: PracticeRunnerArchiveOptions,
): Promise<PracticeRunnerArchive> {
  const { destination, padding } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'trackside-practice-runner-'));
  const partial = `${destination}.${randomUUID()}.partial`;
  try {
    await layOut(scratch, options);
    if (padding) await writePadding(join(scratch, 'externals', 'generated'), padding);
    await mkdir(dirname(destination), { recursive: true });
    const entries = await listEntries(scratch);
    const format = { gzip: { level: 6 }, portable: true, mtime: entryTime, noDirRecurse: true };
    await create({ ...format, file: partial, cwd: scratch }, entries);
    const sha256 = await digest(partial);
    const { size } = await stat(partial);
    await rename(partial, destination);
    return { path: destination, sha256, bytes: size };
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(partial, { force: true });
  }
}

async function layOut(root: string, options: PracticeRunnerArchiveOptions): Promise<void> {
  const { os, architecture, version, nodePath = plainNode() } = options;
  const bundleFolder = options.bundleFolder ?? (await findBundle());
  await cp(join(bundleFolder, 'package'), root, { recursive: true });
  for (const name of programs) await copyFile(join(bundleFolder, name), join(root, 'bin', name));
  const release: Release = { version, os: names[os], architecture: names[architecture] };
  await writeFile(join(root, releaseFile), `${JSON.stringify(release, null, 2)}\n`);
  const node = join(root, 'externals', 'node24', 'bin', 'node');
  await mkdir(dirname(node), { recursive: true });
  await writeFile(node, `#!/bin/sh\nexec ${quoteForShell(nodePath)} "$@"\n`);
  for (const path of await listEntries(root)) {
    const isProgram = /(\.sh|\.template|Runner\.(Listener|Worker)|bin\/node)$/.test(path);
    const isFolder = (await stat(join(root, path))).isDirectory();
    await chmod(join(root, path), isProgram || isFolder ? 0o755 : 0o644);
  }
}

/** Paths below a folder in a fixed order, folders before what is in them. */
async function listEntries(root: string): Promise<string[]> {
  return (await readdir(root, { recursive: true })).sort();
}

function plainNode(): string {
  if (process.versions.electron === undefined) return process.execPath;
  throw new Error(
    'A practice runner needs a plain Node, Electron cannot stand in for it. Name one (nodePath).',
  );
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `out/practice-runner`, seen from the built programs in `out/main` and from this file in a checkout. */
async function findBundle(): Promise<string> {
  const here = import.meta.dirname;
  const candidates = [join(here, '../practice-runner'), join(here, '../../../out/practice-runner')];
  for (const folder of candidates) {
    const isThere = await access(join(folder, programs[0] ?? '')).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  throw new Error('The practice runner has not been built. Run `npm run build` first.');
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
