import { expect, test } from 'vitest';
import { connectionRow } from '../../testing/rows.ts';
import { quotaMeter, spendingMeters, tightestQuota, watchWords } from './budget.ts';

const budget = (remaining: number) => ({ limit: 5000, remaining, resetsAt: 0 });
const spending = { requestsLastMinute: 31, minuteCeiling: 300, chargedLastHour: 1190, hourCeiling: 1250 };

test('the quota is told as what is left', () => {
  expect(quotaMeter(budget(4963))).toMatchObject({ amount: '4,963 of 5,000 requests', tone: 'idle' });
  expect(quotaMeter(budget(500))).toMatchObject({ value: 0.1, tone: 'wait' });
  expect(quotaMeter({ ...budget(0), limit: 0 }).value).toBe(0);
});

test('spending is told against its ceilings, amber near to one', () => {
  const [minute, hour] = spendingMeters(spending);
  expect(minute).toMatchObject({ amount: '31 of at most 300', tone: 'busy' });
  expect(hour).toMatchObject({ amount: '1,190 of at most 1,250', tone: 'wait' });
});

test('a repository says how often it is looked at and why', () => {
  expect(watchWords({ intervalMs: 2000, reason: 'pool' })).toBe(
    'every 2 s, because a pool waits for its jobs',
  );
  expect(watchWords({ intervalMs: 60_000, reason: 'unattended' })).toContain(
    'every 1 min, because nobody looks',
  );
});

test('of several connections the one nearest to its end counts', () => {
  const rows = [
    connectionRow(),
    connectionRow({ budget: budget(4000) }),
    connectionRow({ budget: budget(10), spending }),
  ];
  expect(tightestQuota(rows)).toEqual({ budget: budget(10), spending });
  expect(tightestQuota([connectionRow()])).toBeNull();
});
