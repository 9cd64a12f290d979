import { expect, test } from 'vitest';
import type { Repair } from '../../../shared/model.ts';
import type { TracksideClient } from '../../client/client.ts';
import { boardWith, poolRow, runnerRow } from '../../testing/rows.ts';
import { doRepair, isCall, labelsWith, repairHref } from './repair-work.ts';

const title = 'Mend it';

test.each<[Repair, string | null]>([
  [
    { kind: 'deploy', title, repositoryId: 'r 1', labels: ['gpu', 'a,b'] },
    '#/deploy?repository=r%201&labels=gpu,a%2Cb',
  ],
  [{ kind: 'deploy', title, repositoryId: 'r1', labels: [] }, '#/deploy?repository=r1'],
  [{ kind: 'open-screen', title, path: '/pools/abc' }, '#/pools/abc'],
  [{ kind: 'open-page', title, url: 'https://github.com/x' }, 'https://github.com/x'],
  [{ kind: 'resume-pool', title, poolId: 'p1' }, null],
  [
    { kind: 'patch', title, path: null, line: null, before: '', after: '', url: 'https://github.com/x' },
    null,
  ],
])('where $kind leads', (repair, href) => {
  expect(repairHref(repair)).toBe(href);
  expect(isCall(repair)).toBe(repair.kind === 'resume-pool');
});

test('a label is the same in any case of letters', () => {
  expect(labelsWith(['GPU', 'big'], ['gpu', 'arm'])).toEqual(['GPU', 'big', 'arm']);
});

/** A client that writes down what it was asked for. */
function listening() {
  const calls: [string, unknown][] = [];
  const answer = (name: string) => async (input: unknown) => void calls.push([name, input]);
  const client = {
    pools: { update: answer('pools.update'), add: answer('pools.add') },
    runners: { restart: answer('runners.restart'), start: answer('runners.start') },
    engine: { cancelQuit: answer('engine.cancelQuit') },
  } as unknown as Pick<TracksideClient, 'pools' | 'runners' | 'engine'>;
  return { calls, client };
}

const board = boardWith({
  pools: [poolRow({ labels: ['big'], paused: true })],
  runners: [runnerRow({ name: 'arm-1' })],
});

test.each<[Repair, [string, unknown]]>([
  [
    { kind: 'add-label', title, poolId: 'p1', labels: ['gpu'] },
    ['pools.update', { poolId: 'p1', change: { labels: ['big', 'gpu'] } }],
  ],
  [{ kind: 'add-runners', title, poolId: 'p1', count: 2 }, ['pools.add', { poolId: 'p1', count: 2 }]],
  [
    { kind: 'raise-maximum', title, poolId: 'p1', maxRunners: 6 },
    ['pools.update', { poolId: 'p1', change: { scaling: { ...poolRow().scaling, maxRunners: 6 } } }],
  ],
  [
    { kind: 'resume-pool', title, poolId: 'p1' },
    ['pools.update', { poolId: 'p1', change: { paused: false } }],
  ],
  [{ kind: 'restart-runner', title, runnerId: 'arm-1' }, ['runners.restart', { runnerId: 'arm-1' }]],
  [{ kind: 'start-runner', title, runnerId: 'arm-1' }, ['runners.start', { runnerId: 'arm-1' }]],
  [{ kind: 'cancel-quit', title }, ['engine.cancelQuit', {}]],
])('what $kind asks of the engine', async (repair, call) => {
  const { calls, client } = listening();
  if (!isCall(repair)) throw new Error(`${repair.kind} is no call.`);
  expect(await doRepair(repair, client, board)).toBe(true);
  expect(calls).toEqual([call]);
});

test('a pool that is gone is told, and nothing is asked', async () => {
  const { calls, client } = listening();
  const bare = boardWith({ pools: [] });
  expect(await doRepair({ kind: 'add-label', title, poolId: 'p1', labels: ['x'] }, client, bare)).toBe(false);
  expect(await doRepair({ kind: 'resume-pool', title, poolId: 'p1' }, client, bare)).toBe(false);
  expect(calls).toEqual([]);
});
