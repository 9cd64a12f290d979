/** What the disk below a folder has and can: free space, what a folder takes, whether files can share blocks. */
import { randomUUID } from 'node:crypto';
import {
  constants,
  type Dirent,
  lstatSync,
  readdirSync,
  readlinkSync,
  type Stats,
  statfsSync,
} from 'node:fs';
import { copyFile, lstat, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TracksideError } from '../../shared/errors.ts';

export interface DiskSpace {
  totalBytes: number;
  /** What this user may still write. */
  freeBytes: number;
}

/** Kept free beside what is written: a disk filled to the last byte stops more than us. */
const reserveBytes = 32 * 1024 ** 2;
/** How long a listing may hold the event loop before it lets others run. */
const sliceMs = 8;

/** Space of the disk that holds `folder`, or that would hold it once it is made. */
export async function diskSpace(folder: string): Promise<DiskSpace> {
  try {
    const { blocks, bavail, bsize } = await statfs(folder);
    return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || dirname(folder) === folder) throw error;
    return diskSpace(dirname(folder));
  }
}

/**
 * Checks that `neededBytes` more fit below `folder`.
 * @param purpose what is to be written, e.g. "the download of actions-runner.tar.gz"
 * @throws DiskFullError
 */
export async function requireSpace(folder: string, neededBytes: number, purpose: string): Promise<void> {
  const { freeBytes } = await diskSpace(folder);
  if (freeBytes < neededBytes + reserveBytes)
    throw new DiskFullError(folder, purpose, neededBytes, freeBytes);
}

/**
 * Turns what `isDiskFull` knows into the error that `requireSpace` throws; other errors come back as they are.
 * @param folder exists, or did until the disk was full
 * @param neededBytes null where it is not known
 */
export function explainDiskFull(
  error: unknown,
  folder: string,
  purpose: string,
  neededBytes: number | null,
): unknown {
  if (error instanceof DiskFullError || !isDiskFull(error)) return error;
  return new DiskFullError(folder, purpose, neededBytes, freeBytesNow(folder), error);
}

function freeBytesNow(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch (error) {
    return hasCode(error, 'ENOENT') && dirname(folder) !== folder ? freeBytesNow(dirname(folder)) : 0;
  }
}

/** There is no room on a disk. Names the needed and free bytes and the folder. */
export class DiskFullError extends TracksideError {
  constructor(
    folder: string,
    purpose: string,
    neededBytes: number | null,
    freeBytes: number,
    cause?: unknown,
  ) {
    const needed = neededBytes === null ? '' : ` It needs ${describeBytes(neededBytes)}.`;
    super(
      'HOST_FAILED',
      `The disk has no room for ${purpose}.${needed} ${describeBytes(freeBytes)} are free in ${folder}.`,
      { remedy: 'Free some space on that disk, then try again. Nothing half-made was left there.', cause },
    );
  }
}

/** SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: the file beside a database in WAL mode finds no room. */
const databaseFullCodes: readonly unknown[] = [13, 4874];

/** Whether an exception, of the system or of SQLite, says that a disk or this user's share of it is full. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof DiskFullError || hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) return true;
  return error instanceof Error && 'errcode' in error && databaseFullCodes.includes(error.errcode);
}

/** Whether an exception is a system error with this code, e.g. `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** A size as people read it, in decimal units as disks are sold: "97 MB", "1.2 GB". */
export function describeBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power >= 3 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[power]}`;
}

export interface ListedFile {
  /** Relative to the listed folder. */
  path: string;
  stats: Stats;
}

export interface FolderListing {
  /** Parents before their children; the listed folder itself is not among them. */
  folders: ListedFile[];
  files: ListedFile[];
  links: { path: string; target: string }[];
  /** Sockets, pipes and devices. */
  others: ListedFile[];
  /** Folders on which another file system is mounted; not entered. */
  mounts: string[];
}

/**
 * Lists everything below `folder` without following links or entering other file systems. Synchronous calls in short
 * slices: many times faster than asynchronous ones, and the event loop is never held longer than a few milliseconds.
 */
export async function listFolder(folder: string, signal?: AbortSignal): Promise<FolderListing> {
  const listing: FolderListing = { folders: [], files: [], links: [], others: [], mounts: [] };
  const device = lstatSync(folder).dev;
  const pending = [''];
  let sliceStart = performance.now();
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const entry of readdirSync(join(folder, parent), { withFileTypes: true })) {
      const path = parent === '' ? entry.name : `${parent}/${entry.name}`;
      if (addToListing(listing, folder, path, entry, device)) pending.push(path);
      if (performance.now() - sliceStart < sliceMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      sliceStart = performance.now();
    }
  }
  return listing;
}

/** @returns whether it is a folder to enter */
function addToListing(
  listing: FolderListing,
  folder: string,
  path: string,
  entry: Dirent,
  device: number,
): boolean {
  const absolute = join(folder, path);
  if (entry.isSymbolicLink()) {
    listing.links.push({ path, target: readlinkSync(absolute) });
    return false;
  }
  const stats = lstatSync(absolute);
  if (stats.isDirectory()) {
    if (stats.dev !== device) listing.mounts.push(path);
    else listing.folders.push({ path, stats });
    return stats.dev === device;
  }
  (stats.isFile() ? listing.files : listing.others).push({ path, stats });
  return false;
}

/**
 * What a folder takes on its disk, in bytes, as `du -x` counts it: allocated blocks, hard links once, nothing of other
 * file systems mounted inside. Blocks shared by reflinks count in full.
 */
export async function folderUsage(folder: string, signal?: AbortSignal): Promise<number> {
  const { folders, files, others } = await listFolder(folder, signal);
  const seen = new Set<number>();
  let blocks = (await lstat(folder)).blocks;
  for (const { stats } of [...folders, ...files, ...others]) {
    if (stats.nlink > 1 && stats.isFile()) {
      if (seen.has(stats.ino)) continue;
      seen.add(stats.ino);
    }
    blocks += stats.blocks;
  }
  return blocks * 512;
}

/**
 * Whether a file can be cloned into `folder` with its blocks shared until one side is written; found out by doing it.
 * @throws when the disk is full: that says nothing about what it can do
 */
export async function canReflink(sourceFile: string, folder: string): Promise<boolean> {
  const target = join(folder, `reflink-${randomUUID()}`);
  try {
    await copyFile(sourceFile, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (isDiskFull(error)) throw error;
    return false;
  } finally {
    await rm(target, { force: true });
  }
}
