import { expect, test } from 'vitest';
import { createLatest } from './latest.ts';

test('a follower gets the value there is, then the newest of those that came, then the end', async () => {
  const latest = createLatest<number>();
  latest.set(1);
  const follower = latest.follow();
  expect((await follower.next()).value).toBe(1);
  latest.set(2);
  latest.set(3);
  expect((await follower.next()).value).toBe(3);
  const waiting = follower.next();
  latest.set(4);
  latest.end();
  latest.set(5);
  expect((await waiting).value).toBe(4);
  expect((await follower.next()).done).toBe(true);
});

test('an error comes after the last value; an abort ends quietly', async () => {
  const latest = createLatest<number>();
  const abort = new AbortController();
  const left = latest.follow(abort.signal).next();
  const follower = latest.follow();
  const first = follower.next();
  abort.abort();
  expect((await left).done).toBe(true);
  latest.set(1);
  latest.end(new Error('over'));
  expect((await first).value).toBe(1);
  await expect(follower.next()).rejects.toThrow('over');
});
