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

/** Memory or disk as people read it: `62 GB`, `2.6 GB`. */
export const inGigabytes = (bytes: number): string => {
  const value = bytes / gigabyte;
  return `${value >= 10 || Number.isInteger(value) ? Math.floor(value) : value.toFixed(1)} GB`;
};

/** Computes the plan; a pure function of what it is given. */
export function planRunners(input: PlanInput): Plan {
  const size = input.size ?? bestSize(input);
  const sum = sumFor(input, size);
  const bound = tightest(sum);
  const fits = Math.max(0, bound.fits);
  return {
    size,
    suggestedCount: Math.max(1, Math.min(defaultCount, fits)),
    fits,
    sum,
    bound: bound.resource,
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

/** One resource of this machine, as a sum: `(total − kept − taken) ÷ each`, all in cores or bytes. */
export interface Room {
  resource: Plan['bound'];
  total: number;
  /** What stays for the person, or free. */
  kept: number;
  /** What the runners that are here are counted with; of the disk, what they use is gone from the total already. */
  taken: number;
  free: number;
  /** What one more runner is counted with. */
  each: number;
  /** How many more runners it is enough for. */
  fits: number;
}

/** What this machine has for more runners of a size: its cores, memory and disk, in this order. */
export function measureRoom(
  {
    host,
    load,
    present,
    diskPerRunnerBytes,
  }: Pick<PlanInput, 'host' | 'load' | 'present' | 'diskPerRunnerBytes'>,
  size: Size,
): [Room, Room, Room] {
  const taken = (key: 'cores' | 'memoryBytes'): number => present.reduce((total, row) => total + row[key], 0);
  const memoryReserve = Math.min(4 * gigabyte, host.memoryBytes / 4);
  const perRunner = diskPerRunnerBytes + workBytes;
  return [
    roomOf('cores', host.cores, reservedCores(host.cores), taken('cores'), size.cores),
    roomOf('memory', host.memoryBytes, memoryReserve, taken('memoryBytes'), size.memoryBytes),
    roomOf('disk', load.diskFreeBytes, diskReserveBytes, 0, perRunner),
  ];
}

function roomOf(resource: Room['resource'], total: number, kept: number, taken: number, each: number): Room {
  // Sums of fractions are a hair off: 0.1 + 0.2 must leave room for 0.7 of one core.
  const free = Math.max(0, Number((total - kept - taken).toFixed(6)));
  const fits = each > 0 ? Math.floor(free / each + 1e-6) : Number.MAX_SAFE_INTEGER;
  return { resource, total, kept, taken, free, each, fits };
}

/** The room that is used up first. */
export function tightest<R extends { fits: number }>(rooms: readonly [R, ...R[]]): R {
  return rooms.reduce((least, room) => (room.fits < least.fits ? room : least), rooms[0]);
}

/** Cores as people read them, without the crumbs of fractions: `2`, `0.25`. */
export const inCores = (cores: number): string => String(Number(cores.toFixed(2)));

type SumLine = Plan['sum'][number];

function sumFor(input: PlanInput, size: Size): [SumLine, ...SumLine[]] {
  const [cores, memory, disk] = measureRoom(input, size);
  const memoryTotal = inGigabytes(memory.total);
  const diskTotal = `${inGigabytes(disk.total)} free`;
  return [
    lineOf(cores, `${cores.total} cores`, inCores, 'for you', 'in use by runners'),
    lineOf(memory, memoryTotal, inGigabytes, 'for you', 'for runners'),
    lineOf(disk, diskTotal, inGigabytes, 'kept free', 'for runners'),
  ];
}

/** "16 cores − 4 for you = 12; ÷ 4 = 3", or "2 cores ÷ 1 = 2" where nothing is taken off. */
function lineOf(
  { resource, kept, taken, free, each, fits }: Room,
  total: string,
  amount: (value: number) => string,
  keptFor: string,
  takenFor: string,
): SumLine {
  const parts = [
    ...(kept > 0 ? [`${amount(kept)} ${keptFor}`] : []),
    ...(taken > 0 ? [`${amount(taken)} ${takenFor}`] : []),
  ];
  const share = `÷ ${amount(each)} = ${fits}`;
  const sentence =
    parts.length > 0 ? `${total} − ${parts.join(' − ')} = ${amount(free)}; ${share}` : `${total} ${share}`;
  return { resource, fits, sentence };
}
