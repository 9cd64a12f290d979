/** What watching the forge costs, against what it may cost. */
import { formatCount, formatRoughly } from '../../../shared/format.ts';
import type { Connection, Repository } from '../../../shared/model.ts';
import type { Tone } from '../../components/pill.tsx';

/** Below this share of the hourly quota, or above its rest of a ceiling, watching will have to slow down soon. */
const lowShare = 0.15;

export interface BudgetMeter {
  label: string;
  /** 0–1. */
  value: number;
  amount: string;
  tone: Tone;
  /** What it means, in one sentence. */
  meaning: string;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The hourly quota as the forge tells it. */
export function quotaMeter({ limit, remaining }: NonNullable<Connection['budget']>): BudgetMeter {
  const left = share(remaining, limit);
  return {
    label: 'Left this hour',
    value: left,
    amount: `${remaining.toLocaleString('en')} of ${formatCount(limit, 'request')}`,
    tone: left < lowShare ? 'wait' : 'idle',
    meaning: 'Counted by the forge, for everything that uses this login.',
  };
}

/** What Trackside itself spends, against the ceilings it keeps to. */
export function spendingMeters(spending: NonNullable<Connection['spending']>): BudgetMeter[] {
  const { requestsLastMinute, minuteCeiling, chargedLastHour, hourCeiling } = spending;
  const meter = (label: string, spent: number, ceiling: number, meaning: string): BudgetMeter => ({
    label,
    value: share(spent, ceiling),
    amount: `${spent.toLocaleString('en')} of at most ${ceiling.toLocaleString('en')}`,
    tone: share(spent, ceiling) > 1 - lowShare ? 'wait' : 'busy',
    meaning,
  });
  return [
    meter(
      'Requests in the last minute',
      requestsLastMinute,
      minuteCeiling,
      'Looks at the queue and everything else, unchanged answers included.',
    ),
    meter(
      'Charged in the last hour',
      chargedLastHour,
      hourCeiling,
      'Answers that say “unchanged” are not charged. Trackside keeps to a quarter of the quota.',
    ),
  ];
}

const reasons: Record<NonNullable<Repository['watch']>['reason'], string> = {
  pool: 'a pool waits for its jobs',
  active: 'jobs are queued or run',
  'looked-at': 'somebody looks at it',
  unattended: 'nobody looks and no pool waits for its jobs',
  budget: 'more often would cost more than Trackside allows itself',
  failing: 'the forge did not answer the last time',
};

/** "every 2 s, because a pool waits for its jobs" */
export function watchWords({ intervalMs, reason }: NonNullable<Repository['watch']>): string {
  return `every ${formatRoughly(intervalMs)}, because ${reasons[reason]}`;
}

/** The connection whose quota is the nearest to its end; null while no forge has told one. */
export function tightestQuota(
  connections: readonly Pick<Connection, 'budget' | 'spending'>[],
): { budget: NonNullable<Connection['budget']>; spending: Connection['spending'] } | null {
  const told = connections.flatMap(({ budget, spending }) => (budget === null ? [] : { budget, spending }));
  return told.reduce<(typeof told)[number] | null>(
    (least, row) =>
      least === null || quotaMeter(row.budget).value < quotaMeter(least.budget).value ? row : least,
    null,
  );
}
