import { expect, test } from 'vitest';
import { poolChangeSchema } from './contract.ts';
import { settingsSchema } from './model.ts';

test('a change carries what it names and nothing else', () => {
  expect(poolChangeSchema.parse({ paused: true })).toEqual({ paused: true });
  expect(poolChangeSchema.parse({})).toEqual({});
  expect(settingsSchema.partial().parse({ drainBoundMs: 0 })).toEqual({ drainBoundMs: 0 });
});
