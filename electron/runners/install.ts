/** Gives each runner its own files, and takes them away again: never anything that is not provably ours. */
import { lstat, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TracksideError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { explainDiskFull, hasCode, isDiskFull } from '../platform/disk.ts';
import { isMountPoint, mountOverlay, mountsBelow, unmount } from '../platform/mounts.ts';
import { removeTree } from '../platform/remove-tree.ts';
import {
  type Clone,
  clonePaths,
  readCloneRecord,
  unfinishedRecords,
  writeCloneRecord,
} from './clone-record.ts';
import {
  type CloneJob,
  type CloneStrategy,
  createCloneStrategies,
  createTreeListings,
} from './clone-strategies.ts';
import type { ExtractedTree } from './trees.ts';

export type { Clone } from './clone-record.ts';

export interface Installer {
  /**
   * Clones a tree into `<destination>/runner`. `destination` is made when missing; what an interrupted clone left in
   * it is replaced. A failed or cancelled clone leaves nothing.
   * @throws TracksideError CONFLICT when a runner lies there already, HOST_FAILED (DiskFullError when it is that); or
   * the signal's reason
   */
  clone(tree: ExtractedTree, destination: string, signal: AbortSignal): Promise<Clone>;
  /**
   * Removes a destination with all that is in it, complete or half-made; nothing happens when there is none. Links are
   * removed, never followed; what is mounted inside is unmounted first.
   * @throws TracksideError CONFLICT when it is not ours, HOST_FAILED when files are in use or belong to somebody else
   */
  remove(destination: Clone | string): Promise<void>;
  /**
   * Makes the files reachable again, after a restart of the machine for example. Cheap when they are.
   * @throws TracksideError HOST_FAILED when they cannot be
   */
  attach(destination: Clone | string): Promise<void>;
  /** Whether a folder was made by `clone`, complete or not. */
  owns(destination: string): Promise<boolean>;
}

/** How often and how long a mount that is in use is waited for. */
const busyTries = 20;
const busyWaitMs = 250;

/**
 * @param probeFolder on the disk of the runners' folders; abilities are tried out in a folder of its own in it
 * @param allowed the strategies that may be used, all by default; `copy` should be among them
 */
export function createInstaller(options: {
  clock: Clock;
  probeFolder: string;
  allowed?: readonly Clone['strategy'][];
}): Installer {
  const { clock, probeFolder, allowed } = options;
  const strategies = createCloneStrategies(probeFolder).filter(({ name }) => allowed?.includes(name) ?? true);
  const listingOf = createTreeListings();

  const make = async (job: CloneJob): Promise<Clone> => {
    const { root } = clonePaths(job.destination);
    let failure: unknown = new Error('no strategy is allowed');
    for (const strategy of strategies) {
      if (!(await strategy.available(job))) continue;
      try {
        return { strategy: strategy.name, root, detail: await makeAndCheck(strategy, job) };
      } catch (error) {
        job.signal.throwIfAborted();
        if (isDiskFull(error)) throw error;
        failure = error;
        await clearParts(job.destination, clock);
      }
    }
    throw failure;
  };

  return {
    async clone(tree, folder, signal) {
      const destination = resolve(folder);
      signal.throwIfAborted();
      await prepareDestination(destination, clock);
      const record = { madeBy: 'trackside', treeFolder: tree.folder } as const;
      try {
        await writeCloneRecord(destination, { ...record, state: 'making', clone: null });
        const clone = await make({ tree, listing: await listingOf(tree), destination, signal });
        signal.throwIfAborted();
        await writeCloneRecord(destination, { ...record, state: 'ready', clone });
        return clone;
      } catch (error) {
        await discard(destination, clock);
        signal.throwIfAborted();
        throw await explainFailure(error, tree, destination);
      }
    },
    async remove(target) {
      const destination = destinationOf(target);
      const kind = await kindOf(destination);
      if (kind === 'nothing') return;
      const ours = kind === 'folder' && (await isOurs(destination));
      const empty = kind === 'folder' && (await readdir(destination)).length === 0;
      if (!ours && !empty) throw notOurs(destination);
      await removeAll(destination, clock);
    },
    async attach(target) {
      const destination = destinationOf(target);
      const record = await readCloneRecord(destination);
      if (!record?.clone) throw gone(destination);
      const { root, overlay } = clonePaths(destination);
      const { strategy } = record.clone;
      const readsTree = strategy === 'overlay' || strategy === 'linked';
      if (readsTree && (await kindOf(record.treeFolder)) !== 'folder') throw gone(record.treeFolder);
      if ((await kindOf(root)) !== 'folder') throw gone(destination);
      if (strategy !== 'overlay' || (await isMountPoint(root))) return;
      await attachOverlay(root, overlay);
    },
    owns: isOurs,
  };
}

const destinationOf = (target: Clone | string): string =>
  resolve(typeof target === 'string' ? target : dirname(target.root));

async function kindOf(path: string): Promise<'nothing' | 'folder' | 'other'> {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'nothing';
    throw error;
  }
}

async function isOurs(destination: string): Promise<boolean> {
  if ((await kindOf(destination)) !== 'folder') return false;
  if ((await readCloneRecord(destination)) !== null) return true;
  const { names, nothingElse } = await unfinishedRecords(destination);
  return names.length > 0 && nothingElse;
}

async function prepareDestination(destination: string, clock: Clock): Promise<void> {
  const kind = await kindOf(destination);
  if (kind === 'other') throw notOurs(destination);
  if (kind === 'nothing') await mkdir(destination, { recursive: true, mode: 0o700 });
  const record = await readCloneRecord(destination);
  if (record?.state === 'ready') {
    throw new TracksideError('CONFLICT', `${destination} has a runner's files already.`, {
      remedy: 'Remove that runner first.',
    });
  }
  if (record) return clearParts(destination, clock);
  const { root, overlay } = clonePaths(destination);
  if ((await kindOf(root)) !== 'nothing' || (await kindOf(overlay)) !== 'nothing') throw notOurs(destination);
}

async function makeAndCheck(strategy: CloneStrategy, job: CloneJob): Promise<string> {
  const detail = await strategy.make(job);
  const first = job.listing.files[0];
  if (first) await lstat(join(clonePaths(job.destination).root, first.path));
  return detail;
}

/** Removes what a strategy made; the record and whatever else lies in the destination stay. */
async function clearParts(destination: string, clock: Clock): Promise<void> {
  await unmountBelow(destination, clock);
  const { root, overlay } = clonePaths(destination);
  await removeTree(root);
  await removeTree(overlay);
}

async function discard(destination: string, clock: Clock): Promise<void> {
  await clearParts(destination, clock);
  for (const name of (await unfinishedRecords(destination)).names) await rm(join(destination, name));
  await rm(clonePaths(destination).record, { force: true });
  await rmdir(destination).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'ENOENT')) throw error;
  });
}

/** The record goes last: whatever interrupts this, the rest is still known as ours. */
async function removeAll(destination: string, clock: Clock): Promise<void> {
  await unmountBelow(destination, clock);
  const { record } = clonePaths(destination);
  for (const name of await readdir(destination)) {
    if (name !== basename(record)) await removeTree(join(destination, name));
  }
  await rm(record, { force: true });
  await rmdir(destination);
}

/** Unmounts all below a destination. Deleting starts only when nothing is mounted there: it could be somebody's disk. */
async function unmountBelow(destination: string, clock: Clock): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    let failure: unknown = null;
    for (const point of await mountsBelow(destination)) {
      await unmount(point).catch((error: unknown) => {
        failure = error;
      });
    }
    const left = await mountsBelow(destination);
    if (left.length === 0) return;
    if (tries === busyTries) {
      throw new TracksideError(
        'HOST_FAILED',
        `The files in ${left[0]} are in use: they cannot be unmounted.`,
        {
          remedy:
            'End the processes that work there (a shell, a job that left something running), then try again.',
          cause: failure,
        },
      );
    }
    await clock.sleep(busyWaitMs);
  }
}

async function attachOverlay(root: string, overlayFolder: string): Promise<void> {
  try {
    await mountOverlay({ overlayFolder, target: root });
  } catch (cause) {
    throw new TracksideError('HOST_FAILED', `The runner's files in ${root} cannot be mounted.`, {
      remedy:
        'Start Trackside as the user that deployed this runner (mounting needs root), or remove the runner.',
      cause,
    });
  }
}

function gone(folder: string): TracksideError {
  return new TracksideError('HOST_FAILED', `The runner's files are gone: ${folder} is not as it was left.`, {
    remedy: 'Remove this runner and deploy a new one.',
  });
}

function notOurs(destination: string): TracksideError {
  return new TracksideError('CONFLICT', `${destination} was not made by Trackside: it is left alone.`, {
    remedy: 'Look at what it is; move or delete it by hand.',
  });
}

async function explainFailure(error: unknown, tree: ExtractedTree, destination: string): Promise<unknown> {
  if (error instanceof TracksideError) return error;
  const explained = explainDiskFull(error, destination, `the files of ${destination}`, tree.bytes);
  if (explained !== error) return explained;
  const reason = error instanceof Error ? error.message : String(error);
  return new TracksideError(
    'HOST_FAILED',
    `The runner's files could not be made in ${destination}: ${reason}`,
    {
      remedy: 'Check the permissions of that folder and its disk, then try again.',
      cause: error,
    },
  );
}
