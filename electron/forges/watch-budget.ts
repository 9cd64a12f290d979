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
  /**
   * Resolves when a look of about so many requests keeps to the ceilings, and keeps room for them until the returned
   * function is called.
   */
  admit(requests: number, signal: AbortSignal): Promise<() => void>;
  /** Runs whose jobs may be read now: changed ones up to the ceilings, others where that leaves room for looks. */
  room(): { mostChanged: number; mostAgain: number };
  dispose(): void;
}

/** The board gets the figures at most this often. */
const showPeriodMs = 5000;
/** Share of the requests of a minute up to which what did not change is read again. */
const againShare = 0.75;

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
  /** Requests of looks that are under way. */
  let reserved = 0;

  const forgeBudget = (): ForgeBudget | null => {
    try {
      return connections.forge(connectionId).budget();
    } catch {
      return null;
    }
  };
  const waitFor = (requests: number): number => {
    const { perMinute, chargedPerHour } = ceilingsOf(forgeBudget());
    return meter.waitMs({ perMinute: perMinute - reserved - requests + 1, chargedPerHour });
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
    async admit(requests, signal) {
      for (let waitMs = waitFor(requests); waitMs > 0; waitMs = waitFor(requests)) {
        await clock.sleep(waitMs, signal);
      }
      reserved += requests;
      return () => {
        reserved -= requests;
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
