/** What the watches of one connection share: the budget that all of them keep to together, and what is told of it. */
import { isDeepStrictEqual } from 'node:util';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Connections } from './connections.ts';
import type { ForgeBudget, RequestMeter } from './forge.ts';
import { createRation, createSpendingMeter } from './spending.ts';
import {
  type Allowance,
  allowanceOf,
  ceilingsOf,
  chargedRation,
  planWatches,
  type WatchDemand,
  type WatchPlan,
} from './watch-plan.ts';

export interface WatchBudget {
  /** Counts what the watches send. */
  readonly meter: RequestMeter;
  /** From now on this repository is planned for with the others. */
  join(repositoryId: string, demand: () => WatchDemand): void;
  leave(repositoryId: string): void;
  /** How often that repository may be looked at as things stand. */
  plan(repositoryId: string): WatchPlan;
  /**
   * Resolves when a look that is expected to cost so much keeps to the budget, and keeps room for it until the returned
   * function is called. One that is hardly ever charged does not wait for what others used of the hour's share.
   */
  admit(
    expected: Pick<WatchDemand, 'requestsPerLook' | 'chargedPerLook'>,
    signal: AbortSignal,
  ): Promise<() => void>;
  /** Runs whose jobs may be read now: changed ones up to the ceilings, others where that leaves room for looks. */
  room(): { mostChanged: number; mostAgain: number };
  dispose(): void;
}

/** The board gets the figures at most this often. */
const showPeriodMs = 5000;
/** Share of the requests of a minute up to which what did not change is read again. */
const againShare = 0.75;
/** Charged requests of a look below which it counts as free. */
const seldomCharged = 0.05;

export function createWatchBudget(options: {
  connectionId: string;
  board: BoardPublisher;
  connections: Pick<Connections, 'forge'>;
  clock: Clock;
}): WatchBudget {
  const { connectionId, board, connections, clock } = options;
  const members = new Map<string, () => WatchDemand>();
  const meter = createSpendingMeter(clock);
  let cancelShow: (() => void) | null = null;
  /** What is expected of looks that are under way. */
  const reserved = { requests: 0, charged: 0 };

  const forgeBudget = (): ForgeBudget | null => {
    try {
      return connections.forge(connectionId).budget();
    } catch {
      return null;
    }
  };
  const ration = createRation(clock, () => chargedRation(forgeBudget()));
  const allowance = (): Allowance => allowanceOf(clock.now(), forgeBudget(), ration.left());
  const waitFor = (requests: number): number => {
    const { perMinute, chargedPerHour } = ceilingsOf(forgeBudget());
    return meter.waitMs({ perMinute: perMinute - reserved.requests - requests + 1, chargedPerHour });
  };
  const show = (): void => {
    cancelShow = null;
    const row = board.current().connections[connectionId];
    if (!row) return;
    const { perMinute, chargedPerHour } = ceilingsOf(forgeBudget());
    const spending = {
      requestsLastMinute: meter.requestsLastMinute(),
      minuteCeiling: perMinute,
      chargedLastHour: meter.chargedLastHour(),
      hourCeiling: chargedPerHour,
    };
    if (!isDeepStrictEqual(row.spending, spending)) {
      board.set('connections', connectionId, { ...row, spending });
    }
  };
  const showSoon = (): void => {
    cancelShow ??= clock.after(showPeriodMs, show);
  };

  return {
    meter: {
      sent() {
        meter.sent();
        showSoon();
      },
      charged() {
        meter.charged();
        ration.use();
      },
    },
    join: (repositoryId, demand) => void members.set(repositoryId, demand),
    leave: (repositoryId) => void members.delete(repositoryId),
    plan(repositoryId) {
      const demands = [...members.values()].map((demand) => demand());
      const plans = planWatches(demands, allowance());
      const own = plans[[...members.keys()].indexOf(repositoryId)];
      if (!own) throw new Error(`The repository ${repositoryId} is not planned for.`);
      return own;
    },
    async admit({ requestsPerLook, chargedPerLook }, signal) {
      const requests = Math.ceil(requestsPerLook);
      const waitMs = (): number =>
        Math.max(waitFor(requests), chargedPerLook < seldomCharged ? 0 : ration.waitMs(reserved.charged));
      for (let leftMs = waitMs(); leftMs > 0; leftMs = waitMs()) await clock.sleep(leftMs, signal);
      reserved.requests += requests;
      reserved.charged += chargedPerLook;
      return () => {
        reserved.requests -= requests;
        reserved.charged -= chargedPerLook;
      };
    },
    room() {
      const { perMinute, chargedPerHour } = ceilingsOf(forgeBudget());
      const used = meter.requestsLastMinute();
      const charges = chargedPerHour - meter.chargedLastHour();
      const most = (share: number) => Math.max(0, Math.floor(Math.min(perMinute * share - used, charges)));
      return { mostChanged: most(1), mostAgain: most(againShare) };
    },
    dispose: () => cancelShow?.(),
  };
}
