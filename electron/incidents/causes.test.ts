import { expect, test } from 'vitest';
import type { Board } from '../../shared/board.ts';
import { emptyBoard } from '../../shared/board-apply.ts';
import type { Runner, Shift } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { forgeCauses, outageCauses, poolCauses, runnerCauses } from './causes.ts';
import { lostJobCauses, lostJobEnding } from './lost-jobs.ts';
import { minute, repository, wait } from './testing.ts';

/** A board with these rows; what a cause does not look at is left out. */
function board(rows: Partial<Record<keyof Board, Record<string, unknown>>>): Board {
  const panel = {
    ...{
      now: 0,
      version: '0',
      demo: false,
      host: null,
      load: null,
      tokenStore: 'memory' as const,
      dataFolder: '/',
    },
    ...{ settings: defaultSettings, surroundings: null, quitting: null },
  };
  return { ...emptyBoard(panel), ...rows } as Board;
}

const problem = { code: 'TOKEN_REFUSED', message: 'GitHub refuses the token.', remedy: 'Paste a new one.' };
const pool = { id: 'p', name: 'arm', repositoryId: 'r' };
const failing = { id: 'p', demand: 3, hold: { kind: 'failing', sentence: 'The last 3 runners failed.' } };

function runner(id: string, over: Partial<Runner> = {}) {
  const failure = { message: 'The disk is full.', remedy: 'Free some space.', code: 'HOST_FAILED' };
  return {
    id,
    name: id,
    poolId: 'p',
    repositoryId: 'r',
    state: 'failed',
    stateSince: 5,
    retryAt: null,
    failure,
    ...over,
  };
}

test('failed runners of a pool are one cause, and none of their own when the pool is held for them', () => {
  const one = board({
    pools: { p: pool },
    runners: { a: runner('arm-1'), b: runner('arm-2', { state: 'idle' }) },
  });
  expect(runnerCauses(one)).toMatchObject([
    {
      key: 'runner:p',
      title: 'arm-1 has failed',
      sentence: 'The disk is full. Free some space.',
      runnerId: 'arm-1',
      since: 5,
    },
  ]);
  const two = { ...one, runners: { a: runner('arm-1'), b: runner('arm-2', { stateSince: 3 }) } } as Board;
  expect(runnerCauses(two)).toMatchObject([
    { key: 'runner:p', title: '2 runners of arm have failed', runnerId: null, poolId: 'p', since: 3 },
  ]);
  const held = { ...two, poolStates: { p: failing } } as unknown as Board;
  expect(runnerCauses(held)).toEqual([]);
  expect(poolCauses(held)).toMatchObject([
    {
      key: 'pool:p',
      title: 'The runners of arm fail',
      sentence: 'The last 3 runners failed.',
      jobs: 3,
      poolId: 'p',
    },
  ]);
  const retried = { ...one, runners: { a: runner('arm-1', { retryAt: 9 }) } } as Board;
  expect(runnerCauses(retried)).toEqual([]);
});

test('a pool that is held for another reason is no trouble', () => {
  const hold = { kind: 'battery', sentence: 'On battery.' };
  expect(poolCauses(board({ pools: { p: pool }, poolStates: { p: { ...failing, hold } } }))).toEqual([]);
});

test('a connection that does not work is one cause, whatever its repositories say; alike ones are told together', () => {
  const rows = {
    connections: {
      c: { id: 'c', webUrl: 'https://github.com', problem },
      d: { id: 'd', webUrl: 'https://x.ghe.com', problem: null },
    },
    repositories: {
      r: repository({ problem }),
      s: repository({ id: 's', connectionId: 'd', fullName: 'o/s', problem }),
      t: repository({ id: 't', connectionId: 'd', fullName: 'o/t', problem }),
      u: repository({
        id: 'u',
        connectionId: 'd',
        fullName: 'o/u',
        problem: { ...problem, code: 'UNKNOWN' },
      }),
    },
  };
  expect(forgeCauses(board(rows)).map(({ key, title, repositoryId }) => [key, title, repositoryId])).toEqual([
    ['connection:c', 'The connection to github.com does not work', null],
    ['repository:d:TOKEN_REFUSED', '2 repositories cannot be watched', null],
    ['repository:d:UNKNOWN', 'o/u cannot be watched', 'u'],
  ]);
});

test('an outage is one cause for all jobs that it holds', () => {
  const held = { kind: 'outage', passes: true, sentence: 'GitHub says that jobs start late there.' } as const;
  const rows = {
    repositories: { r: repository(), s: repository({ id: 's' }) },
    waits: {
      a: wait({ ...held, id: 'a', jobs: 2, since: 5 }),
      b: wait({ ...held, id: 'b', jobs: 3, since: 3, repositoryId: 's' }),
    },
  };
  expect(outageCauses(board(rows))).toMatchObject([
    {
      key: 'outage:c',
      kind: 'forge',
      title: '5 jobs wait because of trouble at GitHub',
      jobs: 5,
      since: 3,
      waitId: 'b',
    },
  ]);
});

function lost(id: string, over: Partial<Shift> = {}): Shift {
  return {
    id,
    runnerId: 'arm-1',
    runnerName: 'arm-1',
    repositoryId: 'r',
    jobName: `job-${id}`,
    startedAt: 0,
    endedAt: minute,
    result: 'Lost',
    jobId: 1,
    url: 'https://github.com/octo/forge/actions/runs/1/job/1',
    verdict: { cause: 'out-of-memory', sentence: 'The runner ran out of memory.', rerun: null },
    ...over,
  };
}
const shiftsOf = (...shifts: Shift[]) =>
  board({
    runners: { 'arm-1': runner('arm-1') },
    shifts: Object.fromEntries(shifts.map((shift) => [shift.id, shift])),
  });

test('jobs lost in the same way are one cause, until each was run again to its end', () => {
  const [a, b] = [lost('a'), lost('b', { endedAt: 2 * minute, runnerName: 'arm-2' })];
  const key = 'lost-job:r:p:out-of-memory';
  expect(lostJobCauses(shiftsOf(a), 3 * minute)).toMatchObject([
    { key, title: 'The job job-a was lost on arm-1', jobs: 1, isSure: true, since: minute },
  ]);
  expect(lostJobCauses(shiftsOf(a, b), 3 * minute)).toMatchObject([
    { key, title: '2 jobs were lost, the last on arm-2', jobs: 2 },
  ]);
  const again = lost('c', {
    jobName: 'job-a',
    startedAt: 3 * minute,
    endedAt: null,
    result: null,
    verdict: null,
  });
  expect(lostJobCauses(shiftsOf(a, again), 4 * minute)).toHaveLength(1);
  const ended = { ...again, endedAt: 4 * minute, result: 'Succeeded' as const, runnerName: 'arm-3' };
  expect(lostJobCauses(shiftsOf(a, ended), 5 * minute)).toEqual([]);
  expect(lostJobEnding(key, shiftsOf(a, ended))).toBe('job-a was run again on arm-3 and succeeded.');
});

test('a job that a person cancelled here is not lost; what was asked to run again elsewhere is over in time', () => {
  const cancelled = lost('a', { verdict: { cause: 'cancelled-here', sentence: 'Stopped.', rerun: null } });
  expect(lostJobCauses(shiftsOf(cancelled), 2 * minute)).toEqual([]);
  const rerun = { status: 'asked', at: minute, sentence: 'GitHub was told to run it again.' } as const;
  const asked = lost('a', { verdict: { cause: 'worker-died', sentence: 'Its worker died.', rerun } });
  expect(lostJobCauses(shiftsOf(asked), 2 * minute)).toMatchObject([
    { sentence: 'Its worker died. GitHub was told to run it again.' },
  ]);
  expect(lostJobCauses(shiftsOf(asked), 32 * minute)).toEqual([]);
  expect(lostJobEnding('lost-job:r:p:worker-died', shiftsOf(asked))).toBe(
    'GitHub was told to run job-a again; it runs on another machine.',
  );
  expect(lostJobCauses(shiftsOf(lost('a')), 7 * 60 * minute)).toEqual([]);
});
