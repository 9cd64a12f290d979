/** From a package's description to its files in the cache: downloaded once, checked, extracted once, for everybody. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TracksideError } from '../../shared/errors.ts';
import type { DeployStepId } from '../../shared/model.ts';
import type { RunnerPackage } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import { describeBytes } from '../platform/disk.ts';
import { BadArchiveError } from './archive-entries.ts';
import { forgetArchive, hashFile, sizeOf, stampArchive, stampedChecksum } from './archive-stamp.ts';
import { downloadFile, type Fetch } from './download.ts';
import { extractArchive } from './extract.ts';
import { createJoinedWork } from './joined-work.ts';
import {
  type CacheSessions,
  createTrees,
  type ExtractedTree,
  flushFolder,
  openCacheSession,
  sweepCache,
  type Trees,
} from './trees.ts';

export type { ExtractedTree } from './trees.ts';

export type ObtainStep = Extract<DeployStepId, 'download' | 'verify' | 'extract'>;

interface ObtainOptions {
  signal: AbortSignal;
  /** @param progress 0–1 where it can be measured */
  onStep(step: ObtainStep, status: 'active' | 'done', progress: number | null, detail: string | null): void;
}

export interface Archive {
  /**
   * The package, unpacked. Those who ask for the same one share one download, one check and one extraction; it is
   * given up when the last of them has aborted.
   * @throws TracksideError FORGE_UNREACHABLE (download, wrong checksum), HOST_FAILED (disk, refused archive),
   * UNSUPPORTED (zip archives), INVALID_REQUEST (a description that makes no sense); or the signal's reason
   */
  obtain(runnerPackage: RunnerPackage, options: ObtainOptions): Promise<ExtractedTree>;
  /** Whether the package lies unpacked in the cache, complete. */
  holds(runnerPackage: RunnerPackage): Promise<boolean>;
  /** Removes half-made downloads and trees of engines that are dead. @returns the names removed */
  sweep(): Promise<string[]>;
  dispose(): Promise<void>;
}

interface StepReport {
  step: ObtainStep;
  status: 'active' | 'done';
  progress: number | null;
  detail: string | null;
}

/** What is asked of an archive service, with all that its steps need. */
interface Job {
  runnerPackage: RunnerPackage;
  /** Its name in the cache. */
  name: string;
  archiveFile: string;
  report(step: ObtainStep, status: 'active' | 'done', progress?: number | null, detail?: string | null): void;
  signal: AbortSignal;
  tools: {
    clock: Clock;
    fetch: Fetch;
    retryDelayMs: number | undefined;
    session: CacheSessions;
    trees: Trees;
  };
}

/**
 * @param cacheFolder made when missing; `archives/`, `trees/` and `sessions/` below it are ours
 * @param retryDelayMs first wait before a dropped download is tried again
 */
export function createArchive(options: {
  cacheFolder: string;
  clock: Clock;
  fetch: Fetch;
  retryDelayMs?: number;
}): Archive {
  const { clock, fetch, retryDelayMs } = options;
  const cacheFolder = resolve(options.cacheFolder);
  const archivesFolder = join(cacheFolder, 'archives');
  const treesFolder = join(cacheFolder, 'trees');
  const sessionsFolder = join(cacheFolder, 'sessions');
  const joined = createJoinedWork<StepReport, ExtractedTree>(({ step }) => step);
  let session: CacheSessions | null = null;
  const openSession = (): CacheSessions => {
    session ??= openCacheSession(sessionsFolder);
    return session;
  };
  const toolsNow = (): Job['tools'] => {
    const opened = openSession();
    return { clock, fetch, retryDelayMs, session: opened, trees: createTrees(treesFolder, opened) };
  };

  return {
    async obtain(runnerPackage, { signal, onStep }) {
      const name = cacheName(runnerPackage);
      return joined.join(name, {
        signal,
        onReport: ({ step, status, progress, detail }) => onStep(step, status, progress, detail),
        begin: (tell, workSignal) =>
          obtainTree({
            runnerPackage,
            name,
            archiveFile: join(archivesFolder, `${name}.tar.gz`),
            report: (step, status, progress = null, detail = null) =>
              tell({ step, status, progress, detail }),
            signal: workSignal,
            tools: toolsNow(),
          }),
      });
    },
    async holds(runnerPackage) {
      const { trees } = toolsNow();
      return (await trees.find(cacheName(runnerPackage), new AbortController().signal)) !== null;
    },
    sweep: async () => sweepCache([archivesFolder, treesFolder], sessionsFolder, openSession()),
    async dispose() {
      await joined.dispose(new Error('The engine stops.'));
      await session?.release();
      session = null;
    },
  };
}

async function obtainTree(job: Job): Promise<ExtractedTree> {
  const tree = await job.tools.trees.find(job.name, job.signal);
  if (tree) {
    for (const step of ['download', 'verify'] as const) job.report(step, 'done', 1, 'from cache');
    job.report('extract', 'done', 1, `${describeTree(tree)} from cache`);
    return tree;
  }
  if (!(await isCached(job))) await download(job);
  return extract(job);
}

/** Whether the archive in the cache is, provably, the file that was published. A wrong one is deleted. */
async function isCached({ archiveFile, runnerPackage, signal, report }: Job): Promise<boolean> {
  const size = await sizeOf(archiveFile);
  if (size === null) return false;
  report('download', 'done', 1, `${describeBytes(size)} from cache`);
  report('verify', 'active');
  const stamped = await stampedChecksum(archiveFile);
  const sha256 = stamped ?? (await hashFile(archiveFile, signal));
  const published = runnerPackage.sha256?.toLowerCase() ?? stamped;
  if (sha256 !== published) {
    await forgetArchive(archiveFile);
    return false;
  }
  if (stamped === null) await stampArchive(archiveFile, sha256);
  report('verify', 'done', 1, describeChecksum(runnerPackage, sha256));
  return true;
}

async function download({ runnerPackage, archiveFile, signal, report, tools }: Job): Promise<void> {
  const folder = dirname(archiveFile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partFile = tools.session.partial(folder, basename(archiveFile));
  report('download', 'active');
  const { sha256, bytes } = await downloadFile({
    url: runnerPackage.url,
    name: runnerPackage.filename,
    token: runnerPackage.downloadToken,
    partFile,
    fetch: tools.fetch,
    clock: tools.clock,
    signal,
    checksumKnown: runnerPackage.sha256 !== null,
    retryDelayMs: tools.retryDelayMs,
    onProgress: sparingly((received, total) =>
      report('download', 'active', ...downloadProgress(received, total)),
    ),
  });
  report('download', 'done', 1, describeBytes(bytes));
  report('verify', 'active');
  try {
    checkDownload(runnerPackage, sha256);
    await chmod(partFile, 0o400);
    await rename(partFile, archiveFile);
    await flushFolder(folder);
  } catch (error) {
    await rm(partFile, { force: true });
    throw error;
  }
  await stampArchive(archiveFile, sha256);
  report('verify', 'done', 1, describeChecksum(runnerPackage, sha256));
}

async function extract({
  runnerPackage,
  archiveFile,
  name,
  signal,
  report,
  tools,
}: Job): Promise<ExtractedTree> {
  report('extract', 'active');
  const onProgress = sparingly((share: number) => report('extract', 'active', share));
  const facts = { version: runnerPackage.version, sha256: runnerPackage.sha256 };
  const archiveName = runnerPackage.filename;
  const fill = (folder: string) => extractArchive({ archiveFile, archiveName, folder, signal, onProgress });
  try {
    const tree = await tools.trees.make(name, facts, fill, signal);
    report('extract', 'done', 1, describeTree(tree));
    return tree;
  } catch (error) {
    if (error instanceof BadArchiveError) await forgetArchive(archiveFile);
    throw error;
  }
}

/** A name for the cache from what a forge told: never a path, and different for different content. */
function cacheName({ filename, url, sha256 }: RunnerPackage): string {
  const refuse = (what: string): never => {
    throw new TracksideError(
      'INVALID_REQUEST',
      `The forge described a runner package that makes no sense: ${what}.`,
      {
        remedy: 'Try again; if it stays so, the forge, or something between, answers wrongly.',
      },
    );
  };
  if (!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,150}$/.test(filename))
    refuse(`the file name ${JSON.stringify(filename.slice(0, 80))}`);
  if (sha256 !== null && !/^[0-9a-f]{64}$/i.test(sha256)) refuse(`a SHA-256 of ${sha256.length} characters`);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) refuse('an address that is not http or https');
  if (filename.toLowerCase().endsWith('.zip')) {
    throw new TracksideError('UNSUPPORTED', `${filename} is a zip archive: a runner for Windows.`, {
      remedy: 'Trackside deploys runners on Linux and macOS, whose packages end in .tar.gz.',
    });
  }
  const mark = sha256?.toLowerCase() ?? `unchecked-${createHash('sha256').update(url).digest('hex')}`;
  return `${filename.replace(/\.(tar\.gz|tgz)$/i, '')}-${mark.slice(0, 26)}`;
}

function checkDownload({ filename, sha256: published, url }: RunnerPackage, received: string): void {
  if (published === null || published.toLowerCase() === received) return;
  throw new TracksideError(
    'FORGE_UNREACHABLE',
    `The download of ${filename} is not the file that was published: its SHA-256 begins with ${short(received)}, ` +
      `expected ${short(published)}. It was deleted.`,
    {
      remedy: `Try again. If it happens again, something between here and ${new URL(url).host} changes downloads: a proxy or a virus scanner.`,
    },
  );
}

const short = (sha256: string): string => sha256.slice(0, 12).toLowerCase();

function describeChecksum({ sha256: published }: RunnerPackage, sha256: string): string {
  return published === null
    ? `no checksum was published: not verified (SHA-256 ${short(sha256)}…)`
    : `SHA-256 ${short(sha256)}… as published`;
}

function describeTree({ files, bytes }: ExtractedTree): string {
  return `${files.toLocaleString('en')} files, ${describeBytes(bytes)}`;
}

function downloadProgress(received: number, total: number | null): [number | null, string] {
  if (total === null) return [null, describeBytes(received)];
  return [
    Math.min(1, received / Math.max(1, total)),
    `${describeBytes(received)} of ${describeBytes(total)}`,
  ];
}

/** Passes on every hundredth part of the way, or every megabyte where the way's length is not known. */
function sparingly(
  tell: (done: number, total: number | null) => void,
): (done: number, total?: number | null) => void {
  let told = -1;
  return (done, total = 1) => {
    const part = Math.floor(total === null ? done / 1e6 : (done / Math.max(total, Number.EPSILON)) * 100);
    if (part === told) return;
    told = part;
    tell(done, total);
  };
}
