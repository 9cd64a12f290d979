/** Keeps an eye on what surrounds the runners while some pool asks for it or somebody looks, and pauses pools by it. */
import type { Pool, Surroundings } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Power } from './battery.ts';
import { type Pause, pauseOf } from './pause.ts';
import { calm, followLoad, type LoadMemory } from './user-load.ts';

export interface SurroundingsProbes {
  power(): Promise<Power>;
  metered(): Promise<boolean | null>;
  othersLoad(): Promise<number | null>;
}

export interface GoodNeighbour {
  /** Whether a pool takes no new jobs now, a person's own pause included. */
  pauseOf(pool: Pool): Pause;
  /** Measures what is asked for now; resolves when that is on the board. Nothing is measured for nobody. */
  sample(): Promise<void>;
  dispose(): void;
}

/** Time between two looks while a pool depends on them, and while somebody merely looks. */
const neededMs = 10_000;
const calmMs = 30_000;
/** A host that does not answer within this time does not tell. */
const probeTimeoutMs = 4000;
/** Less is not worth a message. */
const noticeableLoad = 0.05;

type Needs = Record<keyof SurroundingsProbes, boolean>;

export function createGoodNeighbour(options: {
  board: BoardPublisher;
  probes: SurroundingsProbes;
  clock: Clock;
  /** Told of a failed look; the next one is tried all the same. */
  onFault(error: unknown): void;
}): GoodNeighbour {
  const { board, probes, clock, onFault } = options;
  const memories = new Map<string, LoadMemory>();
  let measured: Surroundings | null = null;
  let sampling: Promise<void> | null = null;
  let disposed = false;
  let cancelNext = (): void => {};

  const pools = (): Pool[] => Object.values(board.current().pools);
  const rhythm = (): number | null => {
    if (Object.values(needsOf(pools())).includes(true)) return neededMs;
    return board.watchers() > 0 ? calmMs : null;
  };

  /** A probe that nobody asks for, that fails or hangs, tells nothing. */
  const ask = async <T>(needed: boolean, probe: () => Promise<T>): Promise<T | null> => {
    if (!needed && board.watchers() === 0) return null;
    try {
      return await within(clock, probeTimeoutMs, probe());
    } catch (error) {
      onFault(error);
      return null;
    }
  };

  const look = async (): Promise<void> => {
    const needs = needsOf(pools());
    const [power, metered, othersLoad] = await Promise.all([
      ask(needs.power, probes.power),
      ask(needs.metered, probes.metered),
      ask(needs.othersLoad, probes.othersLoad),
    ]);
    const at = clock.now();
    const { onBattery = null, batteryPercent = null } = power ?? {};
    measured = { at, onBattery, batteryPercent, metered, othersLoad };
    const turned = followPools(pools(), memories, othersLoad, at);
    const shown = board.current().panel.surroundings;
    if (!disposed && (turned || isNoticeable(shown, measured))) board.panel({ surroundings: measured });
  };

  const sample = (): Promise<void> => {
    cancelNext();
    if (rhythm() === null) return Promise.resolve();
    sampling ??= look().finally(() => {
      sampling = null;
      const next = rhythm();
      cancelNext();
      if (next !== null && !disposed) cancelNext = clock.after(next, () => void sample());
    });
    return sampling;
  };

  const stopFollowing = board.onChange((change) => {
    if (change.kind === 'panel' || change.table !== 'pools') return;
    if (change.kind === 'delete') memories.delete(change.id);
    else if (needsMore(measured, needsOf([change.row]))) void sample();
  });
  const stopWatching = board.onWatchers((count) => {
    if (count === 1) void sample();
  });

  return {
    pauseOf: (pool) =>
      pauseByHand(pool) ?? pauseOf(pool.neighbour, measured, clock.now(), memories.get(pool.id) ?? calm),
    sample,
    dispose() {
      disposed = true;
      stopFollowing();
      stopWatching();
      cancelNext();
    },
  };
}

/** A person's pause lasts until it is taken back. */
function pauseByHand({ name, paused }: Pool): Pause | null {
  if (!paused) return null;
  const sentence = `${name} is paused: no new jobs until you resume it.`;
  return { hold: { kind: 'paused', sentence }, nextChangeAt: null };
}

function needsOf(pools: readonly Pool[]): Needs {
  return {
    power: pools.some(({ neighbour }) => neighbour.pauseOnBattery),
    metered: pools.some(({ neighbour }) => neighbour.pauseOnMetered),
    othersLoad: pools.some(({ neighbour }) => neighbour.pauseAboveLoad !== null),
  };
}

/** Whether something is asked for of which nothing is known. */
function needsMore(measured: Surroundings | null, needs: Needs): boolean {
  return (
    (needs.power && (measured?.onBattery ?? null) === null) ||
    (needs.metered && (measured?.metered ?? null) === null) ||
    (needs.othersLoad && (measured?.othersLoad ?? null) === null)
  );
}

/** Takes a measurement in for each pool. @returns whether one begins or ends its pause by it */
function followPools(
  pools: readonly Pool[],
  memories: Map<string, LoadMemory>,
  othersLoad: number | null,
  at: number,
): boolean {
  let turned = false;
  for (const { id, neighbour } of pools) {
    const before = memories.get(id) ?? calm;
    const after = followLoad(before, neighbour.pauseAboveLoad, othersLoad, at);
    memories.set(id, after);
    turned ||= before.paused !== after.paused;
  }
  return turned;
}

function isNoticeable(shown: Surroundings | null, now: Surroundings): boolean {
  if (!shown || shown.onBattery !== now.onBattery || shown.metered !== now.metered) return true;
  const percent = (value: number | null): number | null => value && Math.round(value);
  if (percent(shown.batteryPercent) !== percent(now.batteryPercent)) return true;
  if (shown.othersLoad === null || now.othersLoad === null) return shown.othersLoad !== now.othersLoad;
  return Math.abs(shown.othersLoad - now.othersLoad) >= noticeableLoad;
}

/** Resolves with null when the work takes longer. */
function within<T>(clock: Clock, timeoutMs: number, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => resolve(null));
    work.finally(cancel).then(resolve, reject);
  });
}
