/** Deploys eight runners from an archive that is there already: Trackside against the vendor's documented procedure. */
import { execFileSync } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemClock } from '../../electron/platform/clock.ts';
import { diskSpace, folderUsage, listFolder } from '../../electron/platform/disk.ts';
import { createInstaller } from '../../electron/runners/install.ts';
import type { Benchmark, Figures, Targets } from './benchmark.ts';
import { median } from './benchmark.ts';
import { type EngineDeploy, openEngine } from './engine-deploy.ts';
import { countSharedWritableFiles } from './sharing.ts';
import { type Stage, setUpStage } from './stage.ts';
import { deployByProcedure } from './vendor.ts';

const runnerCount = 8;
const rounds = 3;

interface Round {
  vendorSeconds: number;
  vendorBytesPerRunner: number;
  /** From the cached archive: checked, extracted, cloned, registered, started. */
  engineSeconds: number;
  /** The same once more, when the extracted package is in the cache as well. */
  engineAgainSeconds: number;
}

interface Footprint extends Figures {
  strategy: string;
  packageFiles: number;
  packageBytes: number;
  firstRunnerBytes: number;
  furtherRunnerBytes: number;
  furtherRunnerShare: number;
  sharedWritableFiles: number;
}

/** Waits until what one side has written is on the disk, so that the other does not pay for it. */
function settleDisk(): void {
  execFileSync('sync');
}

/** Disk that one more runner of this deploy takes, in bytes. */
async function furtherBytes(stage: Stage, { runners, treeFolder }: EngineDeploy): Promise<number> {
  if (runners[0]?.strategy !== 'reflink') {
    return median(await Promise.all(runners.map(({ root }) => folderUsage(dirname(root)))));
  }
  // Shared blocks are invisible to du: what counts is what the disk has less of after one more clone.
  const installer = createInstaller({ clock: systemClock, probeFolder: join(stage.folder, 'probe') });
  const { files } = await listFolder(treeFolder);
  const bytes = files.reduce((total, { stats }) => total + stats.size, 0);
  const tree = { folder: treeFolder, version: '', bytes, files: files.length, fromCache: true };
  const destination = join(stage.folder, 'one-more');
  settleDisk();
  const before = await diskSpace(stage.folder);
  await installer.clone(tree, destination, new AbortController().signal);
  settleDisk();
  const after = await diskSpace(stage.folder);
  await installer.remove(destination);
  return before.freeBytes - after.freeBytes;
}

async function measureFootprint(stage: Stage, deployed: EngineDeploy): Promise<Footprint> {
  const { files } = await listFolder(deployed.treeFolder);
  const further = await furtherBytes(stage, deployed);
  const first = (await folderUsage(deployed.treeFolder)) + further;
  return {
    strategy: deployed.runners[0]?.strategy ?? 'none',
    packageFiles: files.length,
    packageBytes: files.reduce((total, { stats }) => total + stats.size, 0),
    firstRunnerBytes: first,
    furtherRunnerBytes: further,
    furtherRunnerShare: further / first,
    sharedWritableFiles: await countSharedWritableFiles(
      deployed.treeFolder,
      deployed.runners.map(({ root }) => root),
    ),
  };
}

async function runEngine(stage: Stage, isLast: boolean) {
  const engine = await openEngine(stage);
  try {
    settleDisk();
    const first = await engine.deploy(runnerCount);
    await engine.removeAll();
    settleDisk();
    const again = await engine.deploy(runnerCount);
    const footprint = isLast ? await measureFootprint(stage, again) : null;
    return {
      engineSeconds: first.seconds,
      engineAgainSeconds: again.seconds,
      footprint,
      treeFolder: again.treeFolder,
    };
  } finally {
    await engine.removeAll();
    await engine.close();
    await rm(stage.dataFolder, { recursive: true });
  }
}

/** @returns the folder of the extracted package */
async function fillCache(stage: Stage): Promise<string> {
  const engine = await openEngine(stage);
  try {
    return (await engine.deploy(1)).treeFolder;
  } finally {
    await engine.removeAll();
    await engine.close();
    await rm(stage.dataFolder, { recursive: true });
  }
}

async function measure(stage: Stage, tell: (line: string) => void) {
  tell('Fills the cache: one runner, not measured …');
  let treeFolder = await fillCache(stage);
  const all: Round[] = [];
  let footprint: Footprint | null = null;
  for (let round = 1; round <= rounds; round += 1) {
    settleDisk();
    const vendor = await deployByProcedure(stage, await stage.aside(), runnerCount);
    await rename(treeFolder, await stage.aside());
    const engine = await runEngine(stage, round === rounds);
    treeFolder = engine.treeFolder;
    footprint = engine.footprint;
    const { engineSeconds, engineAgainSeconds } = engine;
    all.push({
      vendorSeconds: vendor.seconds,
      vendorBytesPerRunner: vendor.bytesPerRunner,
      engineSeconds,
      engineAgainSeconds,
    });
    tell(
      `Round ${round}: procedure ${vendor.seconds.toFixed(1)} s, Trackside ${engineSeconds.toFixed(1)} s, ` +
        `again ${engineAgainSeconds.toFixed(1)} s`,
    );
  }
  if (!footprint) throw new Error('No round was run');
  return { all, footprint };
}

export const deployBenchmark: Benchmark = {
  name: 'deploy',
  description: `${runnerCount} runners from a cached archive until all listen, against scripts/bench/vendor-procedure.sh`,
  async run(tell) {
    const stage = await setUpStage(tell, { realisticSize: true });
    try {
      const { all, footprint } = await measure(stage, tell);
      const middle = (key: keyof Round): number => median(all.map((round) => round[key]));
      const vendorSeconds = middle('vendorSeconds');
      const engineSeconds = middle('engineSeconds');
      const engineAgainSeconds = middle('engineAgainSeconds');
      const figures: Figures = {
        runners: runnerCount,
        rounds,
        archiveBytes: stage.archiveBytes,
        vendorSeconds,
        engineSeconds,
        ratio: vendorSeconds / engineSeconds,
        engineAgainSeconds,
        ratioAgain: vendorSeconds / engineAgainSeconds,
        vendorBytesPerRunner: middle('vendorBytesPerRunner'),
        ...footprint,
      };
      const sharesSafely = ['reflink', 'overlay'].includes(footprint.strategy);
      const targets: Targets = {
        packageFiles: { atLeast: 5000 },
        packageBytes: { atLeast: 400_000_000 },
        ratio: { atLeast: 4 },
        furtherRunnerShare: { below: sharesSafely ? 0.1 : 0.35 },
        sharedWritableFiles: { is: 0 },
      };
      return { figures, targets };
    } finally {
      await stage.dispose();
    }
  },
};
