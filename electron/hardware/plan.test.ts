import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host, Load, Size } from '../../shared/model.ts';
import { presets } from '../../shared/sizes.ts';
import { type PlanInput, planRunners, reservedCores } from './plan.ts';

const gigabyte = 1024 ** 3;
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
const input = (changes: Partial<PlanInput>): PlanInput => ({
  host: host(16, 62),
  load: load(400),
  present: [],
  size: null,
  diskPerRunnerBytes: gigabyte / 2,
  suggestedName: 'arm',
  defaultLabels: [],
  ...changes,
});

test('a 16-core workstation keeps four cores for its person and offers three standard runners', () => {
  const plan = planRunners(input({}));
  expect(plan).toMatchObject({ size: presets.standard, suggestedCount: 3, fits: 3, bound: 'cores' });
  expect(plan.sum[0]?.sentence).toBe('16 cores − 4 for you = 12; ÷ 4 = 3');
});

test('what runs already is taken off', () => {
  const plan = planRunners(input({ present: [presets.standard, presets.standard] }));
  expect(plan.sum[0]?.sentence).toBe('16 cores − 4 for you − 8 in use by runners = 4; ÷ 4 = 1');
  expect(plan.fits).toBe(1);
});

test('two cores are offered small runners', () => {
  expect(planRunners(input({ host: host(2, 24) }))).toMatchObject({ size: presets.small, suggestedCount: 2 });
});

test('a full disk bounds it and says so', () => {
  const plan = planRunners(input({ load: load(3) }));
  expect(plan).toMatchObject({ bound: 'disk', fits: 0, suggestedCount: 1 });
  expect(plan.warnings[0]).toContain('Not even one');
});

test('four are suggested when more fit', () => {
  expect(planRunners(input({ host: host(128, 512) }))).toMatchObject({ suggestedCount: 4, fits: 24 });
});

test('a host that cannot run runners refuses with its reason', () => {
  const plan = planRunners(input({ host: { ...host(8, 16), unsupported: 'No runner for this.' } }));
  expect(plan.refusal?.message).toBe('No runner for this.');
});

test('for any machine the suggestion never exceeds what fits, except that one may always be tried', () => {
  const size: fc.Arbitrary<Size | null> = fc.constantFrom(null, ...Object.values(presets));
  fc.assert(
    fc.property(fc.nat(4096), fc.nat(4096), fc.nat(100_000), size, (cores, memory, disk, chosen) => {
      const plan = planRunners(input({ host: host(cores + 1, memory + 1), load: load(disk), size: chosen }));
      expect(plan.suggestedCount).toBeLessThanOrEqual(Math.max(1, plan.fits));
      expect(plan.fits * plan.size.cores + reservedCores(cores + 1)).toBeLessThanOrEqual(
        Math.max(cores + 1, reservedCores(cores + 1)),
      );
    }),
  );
});
