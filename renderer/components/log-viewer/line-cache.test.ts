import { expect, test } from 'vitest';
import { createLineCache } from './line-cache.ts';

/** A log of so many lines, whose answers come when the test says so. */
function createLog(lines: number, most = Number.POSITIVE_INFINITY) {
  const asked: [from: number, count: number][] = [];
  const answers: (() => void)[] = [];
  const cache = createLineCache(async (from, count) => {
    asked.push([from, count]);
    await new Promise<void>((resolve) => answers.push(resolve));
    const end = Math.min(lines, from + Math.min(count, most));
    return Array.from({ length: Math.max(0, end - from) }, (_, index) => `line ${from + index}`);
  });
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  return {
    cache,
    asked,
    turn,
    async answer() {
      answers.shift()?.();
      await turn();
    },
  };
}

test('lines are asked for in stretches, once for all that are in view', async () => {
  const { cache, asked, answer, turn } = createLog(1000);
  for (const line of [395, 396, 399, 400, 401]) cache.want(line);
  await turn();
  expect(asked).toEqual([
    [400, 200],
    [200, 200],
  ]);
  await answer();
  expect(cache.get(400)).toBe('line 400');
  expect(cache.get(399)).toBeUndefined();
  await answer();
  expect(cache.get(399)).toBe('line 399');
  expect(asked).toHaveLength(2);
});

test('what was scrolled away before its turn is not asked for', async () => {
  const { cache, asked, answer, turn } = createLog(100_000);
  const wishes = [10_000, 20_000, 30_000].map((line) => cache.want(line));
  await turn();
  expect(asked.map(([from]) => from)).toEqual([30_000, 20_000]);
  for (const takeBack of wishes) takeBack();
  cache.want(40_000);
  await answer();
  await answer();
  expect(asked.map(([from]) => from)).toEqual([30_000, 20_000, 40_000]);
});

test('short answers are completed, and lines that are not there are not asked for again and again', async () => {
  const { cache, asked, answer, turn } = createLog(150, 100);
  cache.want(149);
  cache.want(160);
  await turn();
  await answer();
  await answer();
  await answer();
  expect(cache.get(149)).toBe('line 149');
  expect(cache.get(160)).toBeUndefined();
  expect(asked.length).toBeLessThan(5);
  const before = asked.length;
  cache.put(150, ['line 150']);
  await turn();
  expect(asked.length).toBe(before + 1);
});

test('lines that come unasked are there, one that grew is asked for again', async () => {
  const { cache, asked, answer, turn } = createLog(1000);
  cache.put(500, ['a', 'b']);
  expect([cache.get(500), cache.get(501)]).toEqual(['a', 'b']);
  cache.forget(501);
  cache.want(501);
  await turn();
  expect(asked).toEqual([[501, 99]]);
  await answer();
  expect(cache.get(501)).toBe('line 501');
});

test('what nobody has looked at for long is let go, what is in view stays', () => {
  const { cache } = createLog(0);
  cache.put(1000, ['line 1000']);
  cache.want(1000);
  for (let line = 0; line < 100_000; line += 1) cache.put(line, [`line ${line}`]);
  expect(cache.get(0)).toBeUndefined();
  expect(cache.get(1000)).toBe('line 1000');
  expect(cache.get(99_999)).toBe('line 99999');
  expect(cache.get(61_000)).toBe('line 61000');
});

test('a question that fails is told and not repeated at once', async () => {
  const problems: unknown[] = [];
  let asked = 0;
  const failing = (): Promise<string[]> => {
    asked += 1;
    return Promise.reject(new Error('gone'));
  };
  const cache = createLineCache(failing, (error) => problems.push(error));
  const takeBack = cache.want(5);
  await new Promise((resolve) => setTimeout(resolve));
  expect([asked, problems.length]).toEqual([1, 1]);
  takeBack();
  cache.want(5);
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked).toBe(2);
});
