/** What looks at one repository have cost lately. */
import type { ReadingPurpose, RequestMeter } from './forge.ts';
import type { WatchDemand } from './watch-plan.ts';

interface WatchCosts {
  /** Counts on the shared account as well. */
  meterOf(purpose: ReadingPurpose): RequestMeter;
  /** A look begins. */
  begin(): void;
  /**
   * It has ended well.
   * @param look `isUsual`: it says what the next one will cost; `sinceMs`: from the beginning of the look before to its own;
   * `upkeepMs`: what the time between two upkeeps was to be
   */
  learn(look: { isUsual: boolean; sinceMs: number; upkeepMs: number }): void;
  current(): Pick<
    WatchDemand,
    'requestsPerLook' | 'chargedPerLook' | 'upkeepRequests' | 'upkeepCharged' | 'chargedShare'
  >;
}

/** What a look took counts less the longer ago it was. */
const requestsMemoryMs = 60_000;
/** The same for what it was charged: the hour's share lasts long, and a burst is no reason to look seldom. */
const chargedMemoryMs = 600_000;
/** Once a minute: one of the two lists out of turn, runs under way, runs that wait, runners. */
const upkeepRequests = 4;

/** @param shared the account of all watches of the connection */
export function createWatchCosts(shared: RequestMeter): WatchCosts {
  const spent: Record<ReadingPurpose, { sent: number; charged: number }> = {
    news: { sent: 0, charged: 0 },
    again: { sent: 0, charged: 0 },
    upkeep: { sent: 0, charged: 0 },
  };
  let requestsPerLook = 1;
  let chargedPerLook = 0;
  let upkeepCharged = 0;
  let chargedShare = 1;

  return {
    meterOf: (purpose) => ({
      sent() {
        spent[purpose].sent += 1;
        shared.sent();
      },
      charged() {
        spent[purpose].charged += 1;
        shared.charged();
      },
    }),
    begin() {
      for (const one of Object.values(spent)) Object.assign(one, { sent: 0, charged: 0 });
    },
    learn({ isUsual, sinceMs, upkeepMs }) {
      const { news, again, upkeep } = spent;
      const smooth = (old: number, last: number, memoryMs: number): number =>
        old + (last - old) * (1 - Math.exp(-sinceMs / memoryMs));
      if (again.sent > 0) {
        chargedShare = smooth(chargedShare, Math.min(1, again.charged / again.sent), requestsMemoryMs);
      }
      if (!isUsual || sinceMs <= 0) return;
      requestsPerLook = smooth(requestsPerLook, news.sent, requestsMemoryMs);
      chargedPerLook = smooth(chargedPerLook, news.charged, chargedMemoryMs);
      const perUpkeep = (upkeep.charged * upkeepMs) / sinceMs;
      upkeepCharged = smooth(upkeepCharged, perUpkeep, chargedMemoryMs);
    },
    current: () => ({ requestsPerLook, chargedPerLook, upkeepRequests, upkeepCharged, chargedShare }),
  };
}
