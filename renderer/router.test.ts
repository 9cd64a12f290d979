import { expect, test } from 'vitest';
import { parseHash } from './router.ts';

test.each([
  ['', '/', ''],
  ['#', '/', ''],
  ['#/', '/', ''],
  ['#/runners/a%20b', '/runners/a%20b', ''],
  ['#/deploy?labels=gpu,large', '/deploy', 'labels=gpu,large'],
  ['#/deploy?labels=a?b', '/deploy', 'labels=a?b'],
])('%j leads to %s with %j', (hash, path, search) => {
  expect(parseHash(hash)).toEqual({ path, search });
});
