import { expect, test } from 'vitest';
import type { Notice } from '../../shared/model.ts';
import { noticesByWeight, noticesLine } from './notice-order.ts';

const notice = (id: string, kind: Notice['kind'], at: number): Notice => ({
  id,
  kind,
  at,
  message: `${id} happened.`,
  remedy: null,
});
const all = [notice('a', 'recovered', 9), notice('b', 'trouble', 1), notice('c', 'trouble', 5)];

test('the weightiest notice comes first, then the newest', () => {
  expect(noticesByWeight(all).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
});

test('several notices are one line', () => {
  expect(noticesLine(noticesByWeight(all))).toBe('c happened. And 2 more.');
  expect(noticesLine(all.slice(0, 1))).toBe('a happened.');
  expect(noticesLine([])).toBe('');
});
