/** What fits on this machine: the sum behind "Deploy 4 runners", shown to the person as it is computed here. */
import type { Host, Load, Plan, Size } from '../../shared/model.ts';
import { gigabyte, presets } from '../../shared/sizes.ts';

/** Disk a runner's own work is expected to need beside its files. */
const workBytes = 2 * gigabyte;
/** Disk that always stays free. */
const diskReserveBytes = 2 * gigabyte;
/** Runners suggested when more would fit. */
const defaultCount = 4;

export interface PlanInput {
  host: Host;
  load: Load;
  /** Sizes of the runners that are here already. */
  present: Size[];
  /** Null = the largest preset of which at least one fits. */
  size: Size | null;
  /** What one more runner's files take, in bytes. */
  diskPerRunnerBytes: number;
  suggestedName: string;
  defaultLabels: string[];
}

/** Cores that stay for the person: a quarter, none on a machine of one or two. */
export function reservedCores(cores: number): number {
  return cores <= 2 ? 0 : Math.max(1, Math.floor(cores / 4));
}

const inGigabytes = (bytes: number): string => {
  const value = bytes / gigabyte;
  return `${value >= 10 || Number.isInteger(value) ? Math.floor(value) : value.toFixed(1)} GB`;
};

/** Computes the plan; a pure function of what it is given. */
export function planRunners(input: PlanInput): Plan {
  const size = input.size ?? bestSize(input);
  const sum = sumFor(input, size);
  const tightest = sum.reduce((least, line) => (line.fits < least.fits ? line : least));
  const fits = Math.max(0, tightest.fits);
  return {
    size,
    suggestedCount: Math.max(1, Math.min(defaultCount, fits)),
    fits,
    sum,
    bound: tightest.resource,
    reservedCores: reservedCores(input.host.cores),
    usedCores: input.present.reduce((total, { cores }) => total + cores, 0),
    totalCores: input.host.cores,
    diskPerRunnerBytes: input.diskPerRunnerBytes,
    warnings:
      fits === 0
        ? [`Not even one ${size.preset} runner fits beside what runs now: it would share cores and memory.`]
        : [],
    refusal: input.host.unsupported
      ? { code: 'UNSUPPORTED', message: input.host.unsupported, remedy: null }
      : null,
    suggestedName: input.suggestedName,
    defaultLabels: input.defaultLabels,
  };
}

function bestSize(input: PlanInput): Size {
  const fitting = [presets.standard, presets.small].find((size) =>
    sumFor(input, size).every((line) => line.fits >= 1),
  );
  return fitting ?? presets.small;
}

function sumFor({ host, load, present, diskPerRunnerBytes }: PlanInput, size: Size): Plan['sum'] {
  const taken = (key: 'cores' | 'memoryBytes'): number => present.reduce((total, row) => total + row[key], 0);
  const kept = reservedCores(host.cores);
  const freeCores = Math.max(0, host.cores - kept - taken('cores'));
  const coresFit = Math.floor(freeCores / size.cores);
  const memoryReserve = Math.min(4 * gigabyte, host.memoryBytes / 4);
  const freeMemory = Math.max(0, host.memoryBytes - memoryReserve - taken('memoryBytes'));
  const memoryFit = Math.floor(freeMemory / size.memoryBytes);
  const perRunner = diskPerRunnerBytes + workBytes;
  const freeDisk = Math.max(0, load.diskFreeBytes - diskReserveBytes);
  const diskFit = Math.floor(freeDisk / perRunner);
  /** "16 cores − 4 for you = 12; ÷ 4 = 3", or "2 cores ÷ 1 = 2" where nothing is taken off. */
  const sentence = (total: string, taken: string[], free: string, each: string, fits: number): string =>
    taken.length > 0
      ? `${total} − ${taken.join(' − ')} = ${free}; ÷ ${each} = ${fits}`
      : `${total} ÷ ${each} = ${fits}`;
  const coresTaken = taken('cores');
  const memoryTaken = taken('memoryBytes');
  const coreParts = [
    ...(kept > 0 ? [`${kept} for you`] : []),
    ...(coresTaken > 0 ? [`${coresTaken} in use by runners`] : []),
  ];
  const memoryParts = [
    `${inGigabytes(memoryReserve)} for you`,
    ...(memoryTaken > 0 ? [`${inGigabytes(memoryTaken)} for runners`] : []),
  ];
  const diskParts = [`${inGigabytes(diskReserveBytes)} kept free`];
  return [
    {
      resource: 'cores',
      fits: coresFit,
      sentence: sentence(`${host.cores} cores`, coreParts, `${freeCores}`, `${size.cores}`, coresFit),
    },
    {
      resource: 'memory',
      fits: memoryFit,
      sentence: sentence(
        inGigabytes(host.memoryBytes),
        memoryParts,
        inGigabytes(freeMemory),
        inGigabytes(size.memoryBytes),
        memoryFit,
      ),
    },
    {
      resource: 'disk',
      fits: diskFit,
      sentence: sentence(
        `${inGigabytes(load.diskFreeBytes)} free`,
        diskParts,
        inGigabytes(freeDisk),
        inGigabytes(perRunner),
        diskFit,
      ),
    },
  ];
}
