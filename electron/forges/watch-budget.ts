/** What the watches of one connection share: the budget that all of them keep to together, and what is told of it. */
import { isDeepStrictEqual } from 'node:util';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Connections } from './connections.ts';
import type { ForgeBudget, RequestMeter } from './forge.ts';
import { createSpendingMeter } from './spending.ts';
import { allowanceOf, ceilingsOf, planWatches, type WatchDemand, type WatchPlan } from './watch-plan.ts';

export interface WatchBudget {
  /** Counts what the watches send. */
  readonly meter: RequestMeter;
  /** From now on this repository is planned for with the others. */
  join(repositoryId: string, demand: () => WatchDemand): void;
  leave(repositoryId: string): void;
  /** How often that repository may be looked at as things stand. */
  plan(repositoryId: string): WatchPlan;
  /** Milliseconds until one more request keeps to the ceilings; 0 = now. */
  waitMs(): number;
  /** Requests that keep to the ceilings now, beside those that the looks of the next minute take. */
  room(): number;
  dispose(): void;
}

/** The board gets the figures at most this often. */
const showPeriodMs = 5000;
/** Share of the requests of a minute that is left for looking. */
const roomShare = 0.75;

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

  const forgeBudget = (): ForgeBudget | null => {
    try {
      return connections.forge(connectionId).budget();
    } catch {
      return null;
    }
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
      charged: meter.charged,
    },
    join: (repositoryId, demand) => void members.set(repositoryId, demand),
    leave: (repositoryId) => void members.delete(repositoryId),
    plan(repositoryId) {
      const allowance = allowanceOf(clock.now(), forgeBudget(), meter.chargedLastHour());
      const plans = planWatches(
        [...members.values()].map((demand) => demand()),
        allowance,
      );
      const own = plans[[...members.keys()].indexOf(repositoryId)];
      if (!own) throw new Error(`The repository ${repositoryId} is not planned for.`);
      return own;
    },
    waitMs: () => meter.waitMs(ceilingsOf(forgeBudget())),
    room() {
      const { perMinute, chargedPerHour } = ceilingsOf(forgeBudget());
      const inMinute = perMinute * roomShare - meter.requestsLastMinute();
      return Math.max(0, Math.floor(Math.min(inMinute, chargedPerHour - meter.chargedLastHour())));
    },
    dispose: () => cancelShow?.(),
  };
}
