/** What looks at one repository have cost lately. */
import type { ReadingPurpose, RequestMeter } from './forge.ts';
import type { WatchDemand } from './watch-plan.ts';

export interface WatchCosts {
  /** Counts on the shared account as well. */
  meterOf(purpose: ReadingPurpose): RequestMeter;
  /** A look begins. */
  begin(): void;
  /** It has ended well, that long after the one before. @param isUsual whether it says what the next one will cost */
  learn(isUsual: boolean, sinceMs: number): void;
  current(): Pick<WatchDemand, 'requestsPerLook' | 'chargedPerLook' | 'upkeepRequests' | 'chargedShare'>;
}

/** What a look cost counts less the longer ago it was: a burst is no reason to look seldom for long. */
const memoryMs = 60_000;
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
    learn(isUsual, sinceMs) {
      const { news, again } = spent;
      const weight = 1 - Math.exp(-Math.abs(sinceMs) / memoryMs);
      const smooth = (old: number, last: number): number => old + (last - old) * weight;
      if (again.sent > 0) chargedShare = smooth(chargedShare, Math.min(1, again.charged / again.sent));
      if (!isUsual) return;
      requestsPerLook = smooth(requestsPerLook, news.sent);
      chargedPerLook = smooth(chargedPerLook, news.charged);
    },
    current: () => ({ requestsPerLook, chargedPerLook, upkeepRequests, chargedShare }),
  };
}
