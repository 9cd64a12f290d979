/** Mounting and unmounting on Linux: overlay file systems, and what is mounted below a folder. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode, isDiskFull } from './disk.ts';

const run = promisify(execFile);
const commandTimeoutMs = 20_000;

/** Sub-folders of an overlay's own folder. `lower` is a link to the read-only tree. */
const overlayParts = { lower: 'lower', upper: 'upper', work: 'work' } as const;

/** Everything mounted at or below `folder`, deepest and newest first, as `/proc/self/mountinfo` tells it. */
export async function mountsBelow(folder: string): Promise<string[]> {
  if (platform() !== 'linux') return [];
  const real = await realpath(folder);
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return table
    .split('\n')
    .map((line) => unescapeMountPath(line.split(' ')[4] ?? ''))
    .filter((point) => point === real || point.startsWith(`${real}/`))
    .reverse()
    .sort((left, right) => right.length - left.length);
}

/** Whether something is mounted exactly at `point`, an existing folder. */
export async function isMountPoint(point: string): Promise<boolean> {
  return (await mountsBelow(point)).includes(await realpath(point));
}

/** The kernel writes blanks, tabs, line feeds and backslashes of a path as octal numbers. */
function unescapeMountPath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Makes the folders that `mountOverlay` needs. */
export async function prepareOverlay(options: {
  overlayFolder: string;
  lower: string;
  target: string;
}): Promise<void> {
  const { overlayFolder, lower, target } = options;
  await mkdir(target, { recursive: true });
  await mkdir(join(overlayFolder, overlayParts.upper), { recursive: true });
  await mkdir(join(overlayFolder, overlayParts.work), { recursive: true });
  await symlink(lower, join(overlayFolder, overlayParts.lower));
}

/**
 * Mounts the overlay on `target`. The folders are named relative to `overlayFolder`, so that no path with a comma, a
 * colon, a blank or a backslash ever stands in the mount options: the rules for escaping them differ between kernels.
 * @throws the error of mount(8), with what it wrote on stderr
 */
export async function mountOverlay(options: { overlayFolder: string; target: string }): Promise<void> {
  const { lower, upper, work } = overlayParts;
  await systemCommand(
    'mount',
    [
      '-t',
      'overlay',
      'trackside',
      '-o',
      `lowerdir=${lower},upperdir=${upper},workdir=${work}`,
      '--',
      options.target,
    ],
    options.overlayFolder,
  );
}

/** Unmounts one mount point; nothing happens when nothing is mounted there. */
export async function unmount(point: string): Promise<void> {
  try {
    await systemCommand('umount', ['--', point], '/');
  } catch (error) {
    if (await isMountPoint(point)) throw error;
  }
}

async function systemCommand(name: string, args: string[], cwd: string): Promise<void> {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`;
  await run(name, args, { cwd, timeout: commandTimeoutMs, env: { PATH: path, LC_ALL: 'C' } });
}

/**
 * Whether this process may mount overlays below `folder`; found out by mounting one and writing through it.
 * @throws when the disk is full: that says nothing about what it can do
 */
export async function canMountOverlay(folder: string): Promise<boolean> {
  if (platform() !== 'linux') return false;
  const scratch = join(folder, `overlay-${randomUUID()}`);
  const lower = join(scratch, 'tree');
  const target = join(scratch, 'mounted');
  const overlayFolder = join(scratch, 'overlay');
  try {
    await mkdir(lower, { recursive: true });
    await writeFile(join(lower, 'file'), 'lower');
    await prepareOverlay({ overlayFolder, lower, target });
    await mountOverlay({ overlayFolder, target });
    await writeFile(join(target, 'file'), 'written');
    return (await readFile(join(lower, 'file'), 'utf8')) === 'lower';
  } catch (error) {
    if (isDiskFull(error)) throw error;
    return false;
  } finally {
    await unmount(target).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    await rm(scratch, { recursive: true, force: true });
  }
}
