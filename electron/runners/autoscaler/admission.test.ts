import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host, Load, Size } from '../../../shared/model.ts';
import { gigabyte, presets } from '../../../shared/sizes.ts';
import { planRunners } from '../../hardware/plan.ts';
import { type AdmissionInput, admit } from './admission.ts';

const host = (cores: number, gigabytes: number): Host => ({
  hostname: 'workstation',
  os: 'linux',
  architecture: 'ARM64',
  cores,
  memoryBytes: gigabytes * gigabyte,
  cpuModel: null,
  unsupported: null,
});
const load = (freeGigabytes: number): Load => ({
  at: 0,
  cpuCores: 0,
  memoryUsedBytes: 0,
  diskTotalBytes: 1000 * gigabyte,
  diskFreeBytes: freeGigabytes * gigabyte,
});
const custom = (cores: number, gigabytes: number): Size => ({
  preset: 'custom',
  cores,
  memoryBytes: gigabytes * gigabyte,
});
const ask = (change: Partial<AdmissionInput>) =>
  admit({
    host: host(2, 24),
    load: load(400),
    present: [],
    size: presets.small,
    diskPerRunnerBytes: gigabyte / 2,
    ...change,
  });

test('cores in use hold the next runner back, with their sum', () => {
  expect(ask({ present: [presets.small, presets.small] })).toEqual({
    count: 0,
    hold: { kind: 'cores', sentence: '2 of 2 cores are in use by runners; another needs 1.' },
  });
  expect(
    ask({ host: host(16, 64), present: Array(3).fill(presets.standard), size: presets.standard }),
  ).toEqual({
    count: 0,
    hold: {
      kind: 'cores',
      sentence: '12 of 16 cores are in use by runners and 4 stay for you; another needs 4.',
    },
  });
});

test('while there is room, the hold says for how many', () => {
  expect(ask({ present: [presets.small] })).toEqual({
    count: 1,
    hold: {
      kind: 'cores',
      sentence: '1 of 2 cores is in use by runners; there is room for 1 runner of 1.',
    },
  });
});

test('memory and disk hold back as well', () => {
  expect(ask({ host: host(64, 8), present: Array(3).fill(custom(1, 2)) }).hold).toEqual({
    kind: 'memory',
    sentence: '6 GB of 8 GB memory are set aside for runners and 2 GB for you; another needs 2 GB.',
  });
  expect(ask({ load: load(3) })).toEqual({
    count: 0,
    hold: {
      kind: 'disk',
      sentence: '3 GB of disk are free and 2 GB must stay so; another needs 2.5 GB.',
    },
  });
});

test('fractions of a core add up', () => {
  const tenths = Array<Size>(3).fill(custom(0.1, 0.1));
  expect(ask({ host: host(1, 24), present: tenths, size: custom(0.1, 0.1) }).count).toBe(7);
  expect(ask({ host: host(1, 24), present: [...tenths, custom(0.7, 1)], size: custom(0.1, 0) })).toEqual({
    count: 0,
    hold: { kind: 'cores', sentence: '1 of 1 cores is in use by runners; another needs 0.1.' },
  });
  expect(ask({ present: [custom(1.75, 1)], size: custom(0.25, 1) }).count).toBe(1);
});

test('for any machine as many are admitted as the plan of a deploy says fit, and one more would not', () => {
  const size = fc.record({
    preset: fc.constant('custom' as const),
    cores: fc.integer({ min: 1, max: 40 }).map((quarters) => quarters / 4),
    memoryBytes: fc.integer({ min: 0, max: 16 }).map((count) => count * gigabyte),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 256 }),
      fc.integer({ min: 1, max: 1024 }),
      fc.integer({ min: 0, max: 500 }),
      fc.array(size, { maxLength: 20 }),
      size,
      (cores, memory, disk, present, wanted) => {
        const input = {
          host: host(cores, memory),
          load: load(disk),
          present,
          diskPerRunnerBytes: gigabyte / 2,
        };
        const { count, hold } = admit({ ...input, size: wanted });
        const plan = planRunners({ ...input, size: wanted, suggestedName: 'arm', defaultLabels: [] });
        expect(count).toBe(plan.fits);
        expect(hold.kind).toBe(plan.bound);
        const filled = admit({
          ...input,
          present: [...present, ...Array<Size>(count).fill(wanted)],
          size: wanted,
        });
        if (hold.kind !== 'disk') expect(filled.count).toBe(0);
      },
    ),
    { seed: 20261124, numRuns: 300 },
  );
});
