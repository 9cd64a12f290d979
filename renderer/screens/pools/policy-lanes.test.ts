import { expect, test } from 'vitest';
import { pictureMinutes, policyLanes } from './policy-lanes.ts';

test('lazy runs the jobs one after the other on one runner', () => {
  expect(policyLanes('lazy')).toEqual([
    [
      { kind: 'busy', from: 1.5, to: 3.5 },
      { kind: 'busy', from: 3.5, to: 5.5 },
      { kind: 'busy', from: 5.5, to: 7.5 },
      { kind: 'idle', from: 7.5, to: 12.5 },
    ],
  ]);
});

test('balanced runs them side by side and keeps one longer', () => {
  const ends = policyLanes('balanced').map((spans) => spans.at(-1)?.to);
  expect(ends).toEqual([13, 8, 8]);
});

test('aggressive adds a quarter and keeps all three times as long', () => {
  const lanes = policyLanes('aggressive');
  expect(lanes).toHaveLength(4);
  expect(lanes.at(-1)).toEqual([{ kind: 'idle', from: 1, to: 16 }]);
  expect(pictureMinutes).toBe(18);
});
