/** Consideration for others on a whole engine: its priority, its pause, its hours. */
import { getPriority } from 'node:os';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultNeighbour } from '../../shared/pool-defaults.ts';
import { createProcessTable } from '../platform/processes.ts';
import { deployRequest, isReady, whenRunners } from '../testing/engine-lab.ts';
import { type HostileLab, openHostileLab, whenAllReady } from '../testing/hostile-lab.ts';

const patienceMs = 60_000;
vi.setConfig({ testTimeout: 3 * patienceMs });
const processes = createProcessTable();
let lab: HostileLab;
beforeEach(async () => {
  lab = await openHostileLab();
});
afterEach(() => lab.dispose());

test('the whole tree of a runner makes way, its job included, and the deploy says so', async () => {
  const neighbour = { ...defaultNeighbour, lowPriority: true };
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1, { neighbour }));
  const [runner] = await whenAllReady(lab, 1);
  expect(runner?.steps.find(({ id }) => id === 'start')?.detail).toContain('processor priority 10 lower');
  await lab.startJob();
  const tree = (await processes.workingIn(lab.dataFolder)).filter(({ pid }) => pid !== process.pid);
  expect(tree.length).toBeGreaterThan(2);
  const wanted = Math.min(19, getPriority() + 10);
  expect(tree.map(({ pid }) => getPriority(pid))).toEqual(tree.map(() => wanted));
  await lab.openGate();
});

test('outside its hours a pool’s listeners stop; without hours they are back', async () => {
  const { pool } = await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1));
  await whenAllReady(lab, 1);
  const inTwoDays = (new Date().getDay() + 2) % 7;
  const hours = { from: '09:00', to: '10:00', days: [inTwoDays] };
  await lab.client.pools.update({ poolId: pool.id, change: { neighbour: { ...defaultNeighbour, hours } } });
  await whenRunners(lab.engine, ([row]) => row?.state === 'stopped', patienceMs);
  const { poolStates } = lab.engine.board.current();
  expect(poolStates[pool.id]?.hold).toMatchObject({
    kind: 'hours',
    sentence: expect.stringContaining('Outside its hours: goes on at 09:00 on '),
  });
  expect(poolStates[pool.id]?.nextAt).toBeGreaterThan(Date.now());
  await lab.client.pools.update({ poolId: pool.id, change: { neighbour: defaultNeighbour } });
  await whenRunners(lab.engine, (rows) => rows.every(isReady), patienceMs);
});
