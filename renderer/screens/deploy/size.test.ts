import { expect, test } from 'vitest';
import { gigabyte } from '../../../shared/sizes.ts';
import { describeSize, readSize } from './size.ts';

test('reads a preset whatever stands in the custom fields', () => {
  expect(readSize('standard', { cores: 'x', memory: '' })).toEqual({
    ok: true,
    value: { preset: 'standard', cores: 4, memoryBytes: 8 * gigabyte },
  });
});

test.each([
  [{ cores: '2', memory: '3' }, 2, 3],
  [{ cores: '0.5', memory: '1,5' }, 0.5, 1.5],
])('reads %j', (custom, cores, memory) => {
  expect(readSize('custom', custom)).toEqual({
    ok: true,
    value: { preset: 'custom', cores, memoryBytes: memory * gigabyte },
  });
});

test.each([
  [{ cores: '', memory: '4' }, 'cores', 'Say how many cores each runner gets.'],
  [{ cores: 'two', memory: '4' }, 'cores', '“two” is not a number of cores.'],
  [{ cores: '1e3', memory: '4' }, 'cores', '“1e3” is not a number of cores.'],
  [{ cores: '0', memory: '4' }, 'cores', 'A runner needs at least half a core.'],
  [{ cores: '-2', memory: '4' }, 'cores', 'A runner needs at least half a core.'],
  [{ cores: '2000', memory: '4' }, 'cores', 'At most 1,024 cores.'],
  [{ cores: '2', memory: '' }, 'memory', 'Say how many GB of memory each runner gets.'],
  [{ cores: '2', memory: '0.1' }, 'memory', 'A runner needs at least 0.5 GB of memory.'],
])('refuses %j', (custom, field, problem) => {
  expect(readSize('custom', custom)).toEqual({ ok: false, field, problem });
});

test('describes a size', () => {
  expect(describeSize({ cores: 1, memoryBytes: 2 * gigabyte })).toBe('1 core, 2 GB');
  expect(describeSize({ cores: 4, memoryBytes: 1.5 * gigabyte })).toBe('4 cores, 1.5 GB');
});
