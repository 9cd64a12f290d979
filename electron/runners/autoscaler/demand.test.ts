import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignDemand, type DemandJob, type DemandPool } from './demand.ts';

const linux = ['self-hosted', 'Linux', 'ARM64'];
const job = (id: string, labels: string[], change: Partial<DemandJob> = {}): DemandJob => ({
  id,
  repositoryId: 'forge',
  labels,
  queuedAt: 0,
  ...change,
});
const pool = (id: string, labels: string[], change: Partial<DemandPool> = {}): DemandPool => ({
  id,
  repositoryId: 'forge',
  labels: [...linux, ...labels],
  maxRunners: 4,
  taking: true,
  ...change,
});
const ids = (demand: Map<string, DemandJob[]>): Record<string, string[]> =>
  Object.fromEntries([...demand].map(([id, jobs]) => [id, jobs.map((row) => row.id)]));

test('a job counts where all its labels are, whatever their case', () => {
  const jobs = [
    job('gpu', ['self-hosted', 'GPU']),
    job('elsewhere', ['gpu'], { repositoryId: 'other' }),
    job('hosted', ['ubuntu-latest']),
    job('half', ['gpu', 'huge']),
    job('none', []),
  ];
  expect(ids(assignDemand(jobs, [pool('a', ['gpu'])]))).toEqual({ a: ['gpu'] });
});

test('a hosted label counts where a pool really has it', () => {
  expect(ids(assignDemand([job('j', ['ubuntu-latest'])], [pool('a', ['ubuntu-latest'])]))).toEqual({
    a: ['j'],
  });
});

test('the pool with the fewest labels beyond the wanted ones gets the job, then the first by id', () => {
  const pools = [pool('a', ['gpu', 'huge']), pool('c', ['gpu']), pool('b', ['gpu'])];
  expect(ids(assignDemand([job('j', ['gpu'])], pools))).toEqual({ a: [], b: ['j'], c: [] });
});

test('a pool that is full or takes nothing loses jobs to others, the longest waiting served first', () => {
  const jobs = [1, 2, 3].map((wait) => job(`wait-${wait}`, ['self-hosted'], { queuedAt: -wait }));
  const small = pool('small', [], { maxRunners: 1 });
  expect(ids(assignDemand(jobs, [small, pool('wide', ['gpu'])]))).toEqual({
    small: ['wait-3'],
    wide: ['wait-2', 'wait-1'],
  });
  const closed = pool('closed', [], { taking: false });
  expect(ids(assignDemand(jobs, [closed, pool('wide', ['gpu'])])).closed).toEqual([]);
});

test('where no other could take it, a job stays with the pool that would', () => {
  const jobs = ['one', 'two'].map((id) => job(id, ['self-hosted']));
  const closed = pool('closed', [], { taking: false });
  expect(ids(assignDemand(jobs, [closed]))).toEqual({ closed: ['one', 'two'] });
  const full = pool('full', ['gpu'], { maxRunners: 1 });
  expect(ids(assignDemand(jobs, [closed, full]))).toEqual({ closed: [], full: ['one', 'two'] });
});

test('every job that some pool could take is given to exactly one, whatever the order of jobs and pools', () => {
  const labels = fc.subarray(['self-hosted', 'linux', 'gpu', 'huge', 'ubuntu-latest']);
  const place = fc.constantFrom('forge', 'other');
  const jobList = fc.uniqueArray(
    fc.record({ id: fc.nat(999).map(String), repositoryId: place, labels, queuedAt: fc.nat(5) }),
    { selector: ({ id }) => id, maxLength: 40 },
  );
  const poolList = fc.uniqueArray(
    fc.record({
      id: fc.nat(99).map(String),
      repositoryId: place,
      labels,
      maxRunners: fc.integer({ min: 1, max: 5 }),
      taking: fc.boolean(),
    }),
    { selector: ({ id }) => id, maxLength: 6 },
  );
  fc.assert(
    fc.property(jobList, poolList, (jobs, pools) => {
      const demand = assignDemand(jobs, pools);
      expect(assignDemand(jobs.toReversed(), pools.toReversed())).toEqual(demand);
      const fits = (row: DemandJob, to: DemandPool): boolean =>
        row.repositoryId === to.repositoryId && row.labels.every((label) => to.labels.includes(label));
      for (const to of pools) {
        const own = demand.get(to.id) ?? [];
        expect(own.every((row) => fits(row, to))).toBe(true);
        expect(own.map(({ queuedAt }) => queuedAt)).toEqual(own.map((row) => row.queuedAt).toSorted());
      }
      const given = [...demand.values()].flat().map(({ id }) => id);
      const possible = jobs.filter((row) => row.labels.length > 0 && pools.some((to) => fits(row, to)));
      expect(given.toSorted()).toEqual(possible.map(({ id }) => id).toSorted());
    }),
    { seed: 20261124, numRuns: 300 },
  );
});
