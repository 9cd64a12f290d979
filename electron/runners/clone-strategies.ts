/** The four ways to give a runner its own files, the cheapest first. */
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  canReflink,
  describeBytes,
  type FolderListing,
  type ListedFile,
  listFolder,
  requireSpace,
} from '../platform/disk.ts';
import { canMountOverlay, mountOverlay, mountsBelow, prepareOverlay, unmount } from '../platform/mounts.ts';
import { type Clone, clonePaths } from './clone-record.ts';
import type { ExtractedTree } from './trees.ts';

export interface CloneJob {
  tree: ExtractedTree;
  listing: FolderListing;
  destination: string;
  signal: AbortSignal;
}

export interface CloneStrategy {
  name: Clone['strategy'];
  /** Whether this host, this user and these disks can do it; found out by doing it, once. */
  available(job: CloneJob): Promise<boolean>;
  /** Makes the runner root. @returns how, in a few words for a person */
  make(job: CloneJob): Promise<string>;
}

/** Files in work at once for one clone: what keeps Node's threads busy. */
const parallelFiles = 8;
/** The part of a package that is only ever read, and by far the largest. */
const sharedPart = 'externals';

/**
 * The strategies in the order to try them.
 * @param probeParent on the disk of the runners' folders; abilities are tried out in a folder of its own in it
 */
export function createCloneStrategies(probeParent: string): CloneStrategy[] {
  const probeFolder = resolve(probeParent, 'clone-probes');
  const prepareProbes = once(() => makeFresh(probeFolder));
  return [reflink(probeFolder, prepareProbes), overlay(probeFolder, prepareProbes), linked(), copy];
}

function reflink(probeFolder: string, prepareProbes: () => Promise<void>): CloneStrategy {
  const worksByDevice = new Map<number, boolean>();
  return {
    name: 'reflink',
    async available({ tree, listing }) {
      const device = (await lstat(tree.folder)).dev;
      const known = worksByDevice.get(device);
      const sample = listing.files.find(({ stats }) => stats.size >= 4096) ?? listing.files[0];
      if (known !== undefined || !sample) return known ?? false;
      await prepareProbes();
      const works = await canReflink(join(tree.folder, sample.path), probeFolder);
      worksByDevice.set(device, works);
      return works;
    },
    async make(job) {
      await copyEntries(job, () => true, constants.COPYFILE_FICLONE_FORCE);
      return 'reflink: own files, disk blocks shared until written';
    },
  };
}

function overlay(probeFolder: string, prepareProbes: () => Promise<void>): CloneStrategy {
  return {
    name: 'overlay',
    available: once(async () => {
      await prepareProbes();
      return canMountOverlay(probeFolder);
    }),
    async make({ tree, destination }) {
      const { root, overlay: overlayFolder } = clonePaths(destination);
      await prepareOverlay({ overlayFolder, lower: tree.folder, target: root });
      await mountOverlay({ overlayFolder, target: root });
      return 'overlay: nothing copied, what it writes is its own';
    },
  };
}

function linked(): CloneStrategy {
  const seals = new WeakMap<ExtractedTree, () => Promise<void>>();
  const own = (path: string): boolean => path !== sharedPart && !path.startsWith(`${sharedPart}/`);
  return {
    name: 'linked',
    // Read-only files hold back everybody but root, who must therefore not share any.
    available: async ({ listing }) =>
      process.getuid?.() !== 0 && listing.folders.some(({ path }) => path === sharedPart),
    async make(job) {
      await requireSpace(job.destination, bytesOf(job.listing, own), `the files of ${job.destination}`);
      const seal = seals.get(job.tree) ?? once(() => sealSharedPart(job));
      seals.set(job.tree, seal);
      await seal();
      await copyEntries(job, own, 0);
      await symlink(join(job.tree.folder, sharedPart), join(clonePaths(job.destination).root, sharedPart));
      return `own files, read-only ${sharedPart} shared`;
    },
  };
}

const copy: CloneStrategy = {
  name: 'copy',
  available: async () => true,
  async make(job) {
    await requireSpace(job.destination, job.tree.bytes, `the files of ${job.destination}`);
    await copyEntries(job, () => true, 0);
    return `full copy, ${describeBytes(job.tree.bytes)}`;
  },
};

/** Does the work at the first call and keeps its result for the later ones. A failure is not kept. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = null;
      throw error;
    });
    return result;
  };
}

/** Makes the folder for probes and takes away what an engine that died amid a probe left there. */
async function makeFresh(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const point of await mountsBelow(folder)) await unmount(point);
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Lists a tree once for all clones that are made of it. */
export function createTreeListings(): (tree: ExtractedTree) => Promise<FolderListing> {
  const listings = new WeakMap<ExtractedTree, Promise<FolderListing>>();
  return (tree) => {
    const listing = listings.get(tree) ?? listFolder(tree.folder);
    listings.set(tree, listing);
    return listing;
  };
}

function bytesOf({ files }: FolderListing, wanted: (path: string) => boolean): number {
  return files.reduce((total, { path, stats }) => total + (wanted(path) ? stats.size : 0), 0);
}

/** Makes folders, links and files of the tree in the runner root; files become writable for their owner again. */
async function copyEntries(job: CloneJob, wanted: (path: string) => boolean, mode: number): Promise<void> {
  const { tree, listing, destination, signal } = job;
  const { root } = clonePaths(destination);
  await mkdir(root);
  for (const { path, stats } of listing.folders) {
    if (wanted(path)) await mkdir(join(root, path), { mode: (stats.mode & 0o777) | 0o700 });
  }
  signal.throwIfAborted();
  for (const { path, target } of listing.links) {
    if (wanted(path)) await symlink(target, join(root, path));
  }
  const copyOne = async ({ path, stats }: ListedFile): Promise<void> => {
    const target = join(root, path);
    await copyFile(join(tree.folder, path), target, mode | constants.COPYFILE_EXCL);
    await chmod(target, (stats.mode & 0o777) | 0o600);
  };
  await inParallel(
    listing.files.filter(({ path }) => wanted(path)),
    parallelFiles,
    copyOne,
    signal,
  );
}

/** Does `work` for every item, `width` at a time; the first failure or abort stops it once those under way have ended. */
async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const left = items.values();
  let failed = false;
  const takeTurns = async (): Promise<void> => {
    for (const item of left) {
      if (failed) return;
      signal.throwIfAborted();
      await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: width }, takeTurns));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Takes away everybody's right to write in the shared part of a tree, folders included. */
async function sealSharedPart({ tree, listing }: CloneJob): Promise<void> {
  const shared = (path: string): boolean => path === sharedPart || path.startsWith(`${sharedPart}/`);
  for (const { path, stats } of [...listing.folders, ...listing.files]) {
    if (shared(path) && (stats.mode & 0o222) !== 0) await chmod(join(tree.folder, path), stats.mode & 0o555);
  }
}
