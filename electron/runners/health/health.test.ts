/** The health that a real engine tells of real runners on a GitHub that misbehaves. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Health, HealthCheck, Runner } from '../../../shared/model.ts';
import { deployRequest } from '../../testing/engine-lab.ts';
import {
  createPanelClient,
  type HostileLab,
  openHostileLab,
  when,
  whenAllReady,
} from '../../testing/hostile-lab.ts';

vi.setConfig({ testTimeout: 60_000 });

let hostile: HostileLab;
beforeEach(async () => {
  hostile = await openHostileLab();
});
afterEach(() => hostile.dispose());

async function deployOne(): Promise<Runner> {
  await hostile.client.pools.deploy(deployRequest(hostile.repositoryId, 1));
  const [runner] = await whenAllReady(hostile, 1);
  if (!runner) throw new Error('no runner');
  return runner;
}
const rowOf = (runnerId: string): Health | undefined => hostile.engine.board.current().health[runnerId];
const checkOf = (runnerId: string, id: HealthCheck['id']): HealthCheck | undefined =>
  rowOf(runnerId)?.checks.find((check) => check.id === id);
/** Waits until the engine tells this by itself. */
const whenTold = (runnerId: string, id: HealthCheck['id'], says: RegExp): Promise<unknown> =>
  hostile.engine.board.when(
    () => says.test(checkOf(runnerId, id)?.detail ?? ''),
    AbortSignal.timeout(45_000),
  );

test('a runner at work is told healthy, with what its forge says', async () => {
  const { id: runnerId, pid } = await deployOne();
  await hostile.client.runners.check({ runnerId });
  expect(checkOf(runnerId, 'process')).toMatchObject({ status: 'ok', detail: `Process ${pid} lives.` });
  expect(checkOf(runnerId, 'listener')).toMatchObject({ status: 'ok' });
  expect(checkOf(runnerId, 'forge')).toMatchObject({ status: 'ok', detail: 'GitHub shows it online.' });
  expect(checkOf(runnerId, 'clock')).toMatchObject({ status: 'ok' });
  expect(rowOf(runnerId)).toMatchObject({ restarts: 0, lastRestart: null });
  expect(hostile.faults).toEqual([]);
});

test('a killed listener: told at once with when it starts again, and its second start', async () => {
  const { id: runnerId, pid } = await deployOne();
  process.kill(-(pid ?? 0), 'SIGKILL');
  await whenTold(runnerId, 'process', /Nothing runs: it is started again in \d s/);
  expect(rowOf(runnerId)).toMatchObject({
    restarts: 1,
    lastRestart: { reason: expect.stringMatching(/^The runner.* Starts again after \d s, try 1\.$/) },
  });
  const isAnother = (now: Runner | undefined): boolean => typeof now?.pid === 'number' && now.pid !== pid;
  const [back] = await when(hostile, ([runner]) => isAnother(runner));
  await whenTold(runnerId, 'process', new RegExp(`Process ${back?.pid} lives`));
  // The forge holds the killed one's session for a while and refuses another.
  await whenTold(runnerId, 'listener', /lost GitHub \d+ s ago/);
  const [day] = rowOf(runnerId)?.availability ?? [];
  // Four to six seconds lie before its second start.
  expect(day?.downMs).toBeGreaterThan(3900);
});

test('a registration deleted on the forge: registered anew by itself, and told', async () => {
  const { id: runnerId, forgeRunnerId } = await deployOne();
  const deleted = await hostile.asOther('DELETE', `/repos/octo/forge/actions/runners/${forgeRunnerId}`);
  expect(deleted.status).toBe(204);
  const isAnother = (id: number | null | undefined): boolean =>
    typeof id === 'number' && id !== forgeRunnerId;
  await when(hostile, ([runner]) => runner?.state === 'idle' && isAnother(runner.forgeRunnerId));
  await hostile.client.runners.check({ runnerId });
  expect(rowOf(runnerId)).toMatchObject({
    restarts: 1,
    lastRestart: { reason: expect.stringContaining('Registers anew with the newest package') },
  });
  expect(checkOf(runnerId, 'forge')?.status).toBe('ok');
});

test('a forge that is away: the listener has lost it, and its view is not known', async () => {
  const { id: runnerId } = await deployOne();
  await hostile.forgeDown();
  await whenTold(runnerId, 'listener', /lost GitHub \d+ s ago and tries again/);
  await hostile.client.runners.check({ runnerId });
  expect(checkOf(runnerId, 'process')?.status).toBe('ok');
  expect(checkOf(runnerId, 'forge')).toMatchObject({
    status: 'unknown',
    detail: expect.stringContaining('GitHub cannot be asked'),
  });
  await hostile.forgeUp();
  await whenTold(runnerId, 'listener', /waited for jobs/);
});

test('a stopped runner is told stopped; one that is removed leaves no row', async () => {
  const { id: runnerId } = await deployOne();
  await hostile.client.runners.stop({ runnerId, how: 'drain' });
  await whenTold(runnerId, 'process', /stopped: nothing runs/);
  await hostile.client.runners.remove({ runnerId, how: 'now' });
  await hostile.engine.board.when(({ health }) => Object.keys(health).length === 0);
});

test('what a runner was up for outlives the engine, and the time without an engine counts too', async () => {
  const { id: runnerId, pid, stateSince } = await deployOne();
  await hostile.client.runners.check({ runnerId });
  await hostile.engine.dispose();
  const next = await hostile.startEngine();
  await when({ engine: next }, ([runner]) => runner?.state === 'idle' && runner.pid === pid);
  await createPanelClient(next, () => {}).runners.check({ runnerId });
  const row = next.board.current().health[runnerId];
  const upMs = row?.availability.reduce((sum, day) => sum + day.upMs, 0) ?? 0;
  const listenedMs = (row?.checks[0]?.checkedAt ?? 0) - stateSince;
  expect(Math.abs(upMs - listenedMs)).toBeLessThan(100);
  expect(row?.availability.every(({ downMs }) => downMs === 0)).toBe(true);
});
