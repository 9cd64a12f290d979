import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IncidentLab, job, minute, openIncidentLab, repository, wait } from './testing.ts';

let lab: IncidentLab;
beforeEach(() => {
  lab = openIncidentLab();
  lab.board.set('repositories', 'r', repository());
});
afterEach(() => {
  expect(lab.faults).toEqual([]);
  lab.dispose();
});

/** Puts jobs that wait on the board, with their row of `waits`. */
function jobsWait(count: number, over: Parameters<typeof wait>[0] = {}): void {
  for (let id = 1; id <= count; id += 1) lab.board.set('jobs', `r/${id}`, job(id));
  lab.board.set('waits', 'w', wait({ jobs: count, ...over }));
}

function begins(id: number, runnerName: string | null = 'arm-2'): void {
  const startedAt = lab.clock.now();
  lab.board.set('jobs', `r/${id}`, job(id, { status: 'in_progress', startedAt, runnerName, waitId: null }));
}

test('what waits for less than a minute is none; then there is one for all jobs', async () => {
  jobsWait(3);
  await lab.clock.advance(59_000);
  expect(lab.rows()).toEqual([]);
  await lab.clock.advance(2000);
  expect(lab.rows()).toMatchObject([
    {
      id: 'i1',
      kind: 'wait',
      title: '3 jobs wait for a runner with label `gpu`',
      sentence: 'No runner has label `gpu`.',
      since: 0,
      jobs: 3,
      waitId: 'w',
      repositoryId: 'r',
      resolvedAt: null,
      resolution: null,
      notifiedAt: null,
    },
  ]);
});

test('what passes by itself is none', async () => {
  jobsWait(3, { passes: true, kind: 'all-busy' });
  await lab.clock.advance(10 * minute);
  expect(lab.rows()).toEqual([]);
});

test('it tells how it ended, with the title and the jobs of its worst', async () => {
  jobsWait(1);
  await lab.clock.advance(2 * minute);
  jobsWait(12);
  await lab.clock.advance(minute);
  jobsWait(1);
  for (let id = 2; id <= 12; id += 1) lab.board.delete('jobs', `r/${id}`);
  await lab.clock.advance(minute);
  begins(1);
  lab.board.delete('waits', 'w');
  await lab.clock.advance(10_000);
  expect(lab.rows()).toMatchObject([
    {
      title: '12 jobs wait for a runner with label `gpu`',
      jobs: 12,
      resolvedAt: 4 * minute + 250,
      resolution: 'The last job began on arm-2 after 4 min.',
      repairs: [],
    },
  ]);
});

test.each<[string, number, () => void, string]>([
  ['one begins', 1, () => begins(1), 'The job began on arm-2 after 4 min.'],
  ['one begins, nobody tells where', 1, () => begins(1, null), 'The job began after 4 min.'],
  ['all begin', 2, () => [begins(1), begins(2)], 'All 2 jobs began, the first on arm-2 after 4 min.'],
  [
    'some begin',
    2,
    () => [begins(1), lab.board.delete('jobs', 'r/2')],
    '1 of 2 jobs began, the first on arm-2 after 4 min.',
  ],
  [
    'one is cancelled',
    1,
    () => lab.board.delete('jobs', 'r/1'),
    'The job is not in the queue any more: it was cancelled, or has run elsewhere.',
  ],
  [
    'it waits for something else',
    1,
    () => {
      lab.board.set('waits', 'x', wait({ id: 'x', passes: true, sentence: 'arm-1 is busy.' }));
      lab.board.set('jobs', 'r/1', job(1, { waitId: 'x' }));
    },
    'The job waits for something else now: arm-1 is busy.',
  ],
])('how it ended: %s', async (_, count, happen, resolution) => {
  jobsWait(count);
  await lab.clock.advance(4 * minute);
  happen();
  lab.board.delete('waits', 'w');
  await lab.clock.advance(10_000);
  expect(lab.rows()).toMatchObject([{ resolution }]);
});

test('a job that began and ended between two looks is known from our own runner', async () => {
  jobsWait(1);
  await lab.clock.advance(4 * minute);
  lab.board.set('shifts', 's', {
    ...{
      id: 's',
      runnerId: 'x',
      runnerName: 'arm-7',
      repositoryId: 'r',
      jobName: 'build',
      startedAt: 4 * minute,
    },
    ...{ endedAt: 4 * minute + 100, result: 'Succeeded', jobId: 1, url: null, verdict: null },
  });
  lab.board.delete('jobs', 'r/1');
  lab.board.delete('waits', 'w');
  await lab.clock.advance(10_000);
  expect(lab.rows()).toMatchObject([{ resolution: 'The job began on arm-7 after 4 min.' }]);
});

test('what is away for a moment goes on; what comes back within two minutes is the same one', async () => {
  jobsWait(1);
  await lab.clock.advance(2 * minute);
  lab.board.delete('waits', 'w');
  await lab.clock.advance(3000);
  expect(lab.rows()).toMatchObject([{ resolvedAt: null }]);
  jobsWait(1);
  await lab.clock.advance(minute);
  lab.board.delete('waits', 'w');
  await lab.clock.advance(minute);
  expect(lab.rows()[0]?.resolvedAt).not.toBeNull();
  jobsWait(2);
  await lab.clock.advance(1000);
  expect(lab.rows()).toMatchObject([{ id: 'i1', since: 0, resolvedAt: null, resolution: null, jobs: 2 }]);
  lab.board.delete('waits', 'w');
  await lab.clock.advance(3 * minute);
  jobsWait(1);
  await lab.clock.advance(2 * minute);
  expect(lab.rows().map(({ id, resolvedAt }) => [id, resolvedAt === null])).toEqual([
    ['i1', false],
    ['i2', true],
  ]);
});

test('nothing ends because the forge cannot be asked, or was not asked yet', async () => {
  jobsWait(1);
  await lab.clock.advance(2 * minute);
  const problem = { code: 'FORGE_UNREACHABLE', message: 'GitHub does not answer.', remedy: null };
  lab.board.set('repositories', 'r', repository({ problem }));
  lab.board.delete('waits', 'w');
  await lab.clock.advance(5 * minute);
  expect(lab.rows()).toMatchObject([
    { kind: 'wait', resolvedAt: null },
    { kind: 'forge', title: 'octo/forge cannot be watched', sentence: 'GitHub does not answer.' },
  ]);
  lab.board.set('repositories', 'r', repository());
  await lab.clock.advance(10_000);
  expect(lab.rows().map(({ resolution }) => resolution)).toEqual([
    'The job is not in the queue any more: it was cancelled, or has run elsewhere.',
    'It works again after 5 min.',
  ]);
});

test('an engine that was killed finds its incidents again, and ends those that ended meanwhile', async () => {
  jobsWait(2);
  await lab.clock.advance(2 * minute);
  lab.restart();
  expect(lab.rows()).toMatchObject([{ id: 'i1', since: 0, resolvedAt: null }]);
  lab.board.set('repositories', 'r', repository({ checkedAt: null }));
  await lab.clock.advance(minute);
  expect(lab.rows()).toMatchObject([{ id: 'i1', resolvedAt: null }]);
  jobsWait(1);
  lab.board.set('repositories', 'r', repository());
  await lab.clock.advance(minute);
  expect(lab.rows()).toMatchObject([{ id: 'i1', resolvedAt: null, jobs: 2 }]);
  lab.restart();
  lab.board.set('repositories', 'r', repository());
  await lab.clock.advance(minute);
  expect(lab.rows()).toMatchObject([{ id: 'i1', resolution: 'No job waits for it any more.' }]);
});

test('fifty that ended are shown, and the latest of them after a restart', async () => {
  for (let number = 1; number <= 60; number += 1) {
    lab.board.set('waits', `w${number}`, wait({ id: `w${number}` }));
    await lab.clock.advance(2 * minute);
    lab.board.delete('waits', `w${number}`);
    await lab.clock.advance(10_000);
  }
  const shown = (): string[] => lab.rows().map(({ waitId }) => waitId ?? '');
  const latest = Array.from({ length: 50 }, (_, index) => `w${index + 11}`);
  expect(new Set(shown())).toEqual(new Set(latest));
  lab.restart();
  expect(new Set(shown())).toEqual(new Set(latest));
});

test('one that was put away stays so, also after a restart; another one cannot be', async () => {
  jobsWait(1);
  await lab.clock.advance(2 * minute);
  lab.incidents.dismiss('i1');
  jobsWait(2);
  await lab.clock.advance(minute);
  expect(lab.rows()).toMatchObject([{ dismissed: true, jobs: 2 }]);
  lab.restart();
  expect(lab.rows()).toMatchObject([{ dismissed: true }]);
  expect(() => lab.incidents.dismiss('other')).toThrow(expect.objectContaining({ code: 'UNKNOWN' }));
});

test('a disk that is nearly full is told until it has room enough', async () => {
  const gigabyte = 1024 ** 3;
  const free = async (gigabytes: number): Promise<void> => {
    lab.measure({ freeBytes: gigabytes * gigabyte, totalBytes: 100 * gigabyte });
    await lab.clock.advance(3 * minute);
  };
  await free(20);
  expect(lab.rows()).toEqual([]);
  await free(1.5);
  expect(lab.rows()).toMatchObject([
    {
      kind: 'disk',
      sentence: '1.5 of 100 GB are free. Free some space: jobs will fail, and new runners do not fit.',
    },
  ]);
  await free(2.5);
  expect(lab.rows()).toMatchObject([{ resolvedAt: null }]);
  await free(4);
  expect(lab.rows()).toMatchObject([{ resolution: '4 GB are free again.' }]);
});

test('a full disk keeps nothing from being shown, and is written when there is room', async () => {
  lab.fill(true);
  jobsWait(1);
  await lab.clock.advance(2 * minute);
  expect(lab.rows()).toHaveLength(1);
  lab.fill(false);
  await lab.clock.advance(minute);
  lab.restart();
  expect(lab.rows()).toHaveLength(1);
});
