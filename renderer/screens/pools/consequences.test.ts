import { expect, test } from 'vitest';
import { defaultNeighbour, defaultScaling } from '../../../shared/pool-defaults.ts';
import { presets } from '../../../shared/sizes.ts';
import { poolRow, runnerRow } from '../../testing/rows.ts';
import { consequences } from './consequences.ts';
import { changeOf, type PoolShape, poolDraftOf, readPoolDraft } from './pool-draft.ts';

const pool = poolRow({ lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 } });
const idle = runnerRow({ name: 'arm-1', state: 'idle' });
const busy = runnerRow({ name: 'arm-2', state: 'busy' });
const told = (change: Partial<PoolShape>, runners = [idle, idle, busy, busy], of = pool): string[] =>
  consequences(of, { ...of, ...change }, runners);
const atMost = (maxRunners: number): Partial<PoolShape> => ({ scaling: { ...defaultScaling, maxRunners } });

test('nothing changes, nothing is told', () => {
  expect(told({})).toEqual([]);
});

test('a maximum that falls says who leaves, and when', () => {
  expect(told(atMost(2))).toEqual(['2 idle runners leave, because the maximum falls to 2.']);
  expect(told(atMost(1))).toEqual([
    '2 idle runners leave, because the maximum falls to 1.',
    '1 more leaves after its job.',
  ]);
  expect(told(atMost(1), [busy, busy])).toEqual([
    '1 runner leaves after its job, because the maximum falls to 1.',
  ]);
  expect(told(atMost(2), [idle])).toEqual(['Up to 2 runners at once.']);
  expect(told(atMost(6))).toEqual(['Up to 6 runners at once.']);
});

test('another life says what becomes of those that are there', () => {
  expect(told({ lifecycle: { mode: 'manual' } })).toEqual([
    'No runner comes or leaves by itself any more: those that are there stay until you stop them.',
  ]);
  expect(told({ lifecycle: pool.lifecycle }, [idle, idle, busy], poolRow())).toEqual([
    'Runners come when jobs wait from now on.',
    '2 idle runners begin to count down and leave after 5 min.',
  ]);
  expect(told({ lifecycle: { mode: 'ephemeral' } }, [idle])).toEqual([
    'Each job gets a fresh runner from now on.',
    '1 runner that is there goes on until idle for a while.',
  ]);
  expect(told({ lifecycle: { mode: 'auto', idleTimeoutMs: 600_000 } })).toEqual([
    'A runner leaves after 10 min idle instead of 5 min.',
  ]);
});

test('policy, spares, size, neighbours and lost jobs are told', () => {
  expect(told({ scaling: { policy: 'aggressive', minRunners: 1, maxRunners: 4 } })).toEqual([
    'All at once, and a quarter more to spare. They stay 15 min.',
    '1 is kept ready while nothing waits.',
  ]);
  expect(told({ size: presets.small })).toEqual([
    'Each runner is planned with 1 core, 2 GB, the 4 that are there too.',
  ]);
  expect(told({ neighbour: { ...defaultNeighbour, pauseOnBattery: true } })).toEqual([
    'It pauses on battery.',
  ]);
  const careful = poolRow({ neighbour: { ...defaultNeighbour, pauseOnBattery: true, pauseOnMetered: true } });
  expect(told({ neighbour: defaultNeighbour }, [], careful)).toEqual(['Jobs run at any time.']);
  expect(told({ neighbour: { ...careful.neighbour, pauseOnBattery: false } }, [], careful)).toEqual([
    'It no longer pauses on battery.',
  ]);
  expect(told({ rerunLost: false })).toEqual(['Lost jobs are told, and not run again.']);
});

test('only fields that differ are sent', () => {
  const draft = poolDraftOf(pool);
  const shape = readPoolDraft(draft).shape;
  expect(shape && changeOf(pool, shape)).toBeNull();
  const raised = readPoolDraft({ ...draft, maximum: '6' }).shape;
  expect(raised && changeOf(pool, raised)).toEqual({ scaling: { ...defaultScaling, maxRunners: 6 } });
});

test('what cannot be read is told at its field', () => {
  const draft = poolDraftOf(pool);
  expect(readPoolDraft({ ...draft, maximum: 'many' })).toMatchObject({
    shape: null,
    problems: { maximum: expect.stringContaining('not a number') },
  });
  expect(
    Object.keys(readPoolDraft({ ...draft, preset: 'custom', custom: { cores: '', memory: '1' } }).problems),
  ).toEqual(['cores']);
});
