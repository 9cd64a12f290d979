import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../demo/github/testing/started.ts';
import { createWireRunner } from '../demo/github/testing/wire-runner.ts';
import type { DemoTokenName } from '../demo/github/tokens.ts';
import type { WakeCause } from '../platform/wakefulness.ts';
import type { ForgeJob, ForgeRunner } from './forge.ts';
import {
  makeTestFolder,
  openTestDesk,
  removeTestFolders,
  type TestDesk,
  testPool,
  testRunner,
} from './testing.ts';
import type { RepositorySight } from './watch.ts';

let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest();
});
afterAll(async () => {
  await started.stop();
  await removeTestFolders();
});
const desks: TestDesk[] = [];
afterEach(() => {
  started.demo.faults.clear();
  for (const desk of desks.splice(0)) desk.dispose();
});

async function open(options: Partial<Parameters<typeof openTestDesk>[0]> = {}) {
  const desk = await openTestDesk({ folder: await makeTestFolder(), ...options });
  desks.push(desk);
  return desk;
}

async function connected(options: Parameters<typeof open>[0] = {}, token: DemoTokenName = 'full') {
  const desk = await open(options);
  const value = started.demo.demoTokens.find(({ name }) => name === token)?.token ?? '';
  const connection = await desk.connections.add({ token: value, apiUrl: started.demo.url, repository: null });
  const repository = await desk.repositories.connect({ connectionId: connection.id, fullName: 'octo/forge' });
  const row = () => desk.board.current().repositories[repository.id];
  /** Moves the clock and waits for the look that falls due. */
  const lookAfter = async (durationMs: number) => {
    const before = row()?.checkedAt;
    await desk.clock.advance(durationMs);
    await desk.board.when(({ repositories }) => repositories[repository.id]?.checkedAt !== before);
  };
  /** Lets time pass look by look. */
  const pass = async (durationMs: number) => {
    for (let leftMs = durationMs; leftMs >= 0; leftMs -= 500) {
      await desk.clock.advance(Math.min(500, leftMs));
      await desk.settled();
    }
  };
  return { ...desk, connection, repository, row, lookAfter, pass };
}

async function wireRunner(desk: TestDesk, connectionId: string, name: string, labels: string[] = []) {
  const { token } = await desk.connections.forge(connectionId).registrationToken('octo/forge');
  const runner = await createWireRunner({
    url: started.demo.url,
    token,
    repository: 'octo/forge',
    name,
    labels,
  });
  return {
    ...runner,
    delete: () => desk.connections.forge(connectionId).deleteRunner('octo/forge', runner.id),
  };
}

test('a connected repository is looked at at once', async () => {
  const { repository, row, board, clock } = await connected();
  expect(repository).toMatchObject({ fullName: 'octo/forge', visibility: 'private', checkedAt: null });
  await clock.advance(0);
  await board.when(({ repositories }) => repositories[repository.id]?.checkedAt !== null);
  expect(row()).toMatchObject({ checkedAt: clock.now(), problem: null });
});

test('the queue is handed on after each look, and told as left when it is not watched any more', async () => {
  const seen: ForgeJob[][] = [];
  const sights: RepositorySight[] = [];
  const left: string[] = [];
  const desk = await connected({
    onJobs: (_, jobs) => seen.push(jobs),
    onSight: (_, sight) => sights.push(sight),
    onLeft: (repositoryId) => left.push(repositoryId),
  });
  const { connections, connection, repositories, repository } = desk;
  const forge = connections.forge(connection.id);
  const quick = (await forge.workflows('octo/forge')).find(({ path }) => path.endsWith('quick.yml'));
  await forge.dispatch('octo/forge', quick?.id ?? 0, 'main', {});
  await repositories.refresh(repository.id);
  expect(sights.at(-1)).toMatchObject({
    jobs: [{ status: 'queued', workflowPath: quick?.path, event: 'workflow_dispatch' }],
    runners: [],
    groups: null,
    status: null,
  });
  expect(seen.at(-1)).toBe(sights.at(-1)?.jobs);

  const runner = await wireRunner(desk, connection.id, 'watch-1');
  await runner.open();
  const message = await runner.nextJob();
  await repositories.refresh(repository.id);
  expect(sights.at(-1)).toMatchObject({
    jobs: [{ status: 'in_progress', runnerName: 'watch-1' }],
    runners: [{ name: 'watch-1' }],
  });
  await runner.run(message);
  await runner.close();
  await repositories.refresh(repository.id);
  expect(sights.at(-1)?.jobs).toEqual([]);
  await runner.delete();
  expect(left).toEqual([]);
  await repositories.disconnect(repository.id);
  expect(left).toEqual([repository.id]);
});

test('while nothing changes, a look hands on the very same lists', async () => {
  const sights: RepositorySight[] = [];
  const { pass } = await connected({ onSight: (_, sight) => sights.push(sight) });
  await pass(2000);
  const count = sights.length;
  await pass(30_000);
  const later = sights.slice(count);
  expect(later.length).toBeGreaterThan(1);
  for (const { jobs, runners } of later) {
    expect(jobs).toBe(sights.at(-1)?.jobs);
    expect(runners).toBe(sights.at(-1)?.runners);
  }
});

test('all runners of the repository are handed on', async () => {
  const handed: ForgeRunner[][] = [];
  const sights: RepositorySight[] = [];
  const desk = await connected({
    onRunners: (_, runners) => handed.push(runners),
    onSight: (_, sight) => sights.push(sight),
  });
  const { connection, repositories, repository } = desk;
  const ours = await wireRunner(desk, connection.id, 'ours-1');
  const theirs = await wireRunner(desk, connection.id, 'theirs-1', ['gpu']);
  await theirs.open();
  await repositories.refresh(repository.id);
  expect(handed.at(-1)?.map(({ name }) => name)).toEqual(['ours-1', 'theirs-1']);
  expect(sights.at(-1)?.runners).toBe(handed.at(-1));
  await Promise.all([ours.delete(), theirs.delete()]);
  await repositories.refresh(repository.id);
  expect(sights.at(-1)?.runners).toEqual([]);
});

test('it slows down while nothing goes on, and is quick again when somebody looks', async () => {
  const { board, pass, row } = await connected();
  await pass(0);
  expect(row()?.watch).toEqual({ intervalMs: 2000, reason: 'unattended' });
  await pass(600_000);
  expect(row()?.watch).toEqual({ intervalMs: 60_000, reason: 'unattended' });
  const abort = new AbortController();
  const reader = board.watch(abort.signal);
  await reader.next();
  await pass(1000);
  expect(row()?.watch).toEqual({ intervalMs: 2000, reason: 'looked-at' });
  abort.abort();
  await reader.return(undefined);
  await pass(2000);
  expect(row()?.watch?.reason).toBe('unattended');
});

test('a pool that manages itself keeps it quick until it is paused or gone', async () => {
  const { board, pass, row, repository } = await connected();
  const pool = testPool({ id: 'pool', repositoryId: repository.id });
  await pass(600_000);
  board.set('pools', pool.id, pool);
  await pass(1000);
  expect(row()?.watch).toEqual({ intervalMs: 2000, reason: 'pool' });
  board.set('pools', pool.id, { ...pool, paused: true });
  await pass(60_000);
  expect(row()?.watch?.reason).toBe('unattended');
  board.set('pools', pool.id, { ...pool, lifecycle: { mode: 'ephemeral' } });
  await pass(2000);
  expect(row()?.watch?.reason).toBe('pool');
  board.delete('pools', pool.id);
  await pass(60_000);
  expect(row()?.watch?.reason).toBe('unattended');
});

test('quiet looks cost nothing, and what they cost is told', async () => {
  const { pass, board, connection } = await connected();
  await pass(120_000);
  const { charged } = started.demo.counters();
  await pass(300_000);
  expect(started.demo.counters().charged).toBe(charged);
  expect(board.current().connections[connection.id]?.spending).toEqual({
    requestsLastMinute: expect.any(Number),
    minuteCeiling: 300,
    chargedLastHour: 6,
    hourCeiling: 1250,
  });
});

test('in a hurry it looks soon, once for many calls, and not while looks fail', async () => {
  const { pass, repositories, repository, row } = await connected();
  await pass(600_000);
  const { total } = started.demo.counters();
  for (let count = 0; count < 100; count++) repositories.hurry(repository.id);
  repositories.hurry('nowhere');
  await pass(500);
  expect(started.demo.counters().total).toBe(total + 2);
  started.demo.faults.set({ kind: 'secondary-limit', retryAfterSeconds: 300, count: 1 });
  repositories.hurry(repository.id);
  await pass(500);
  expect(row()).toMatchObject({ problem: { code: 'RATE_LIMITED' }, watch: { reason: 'failing' } });
  const limited = started.demo.counters().total;
  repositories.hurry(repository.id);
  await pass(200_000);
  expect(started.demo.counters().total).toBe(limited);
});

test('when one of our runners ends its job, it looks soon, at the runners too', async () => {
  const handed: ForgeRunner[][] = [];
  const { pass, board, repository } = await connected({ onRunners: (_, runners) => handed.push(runners) });
  const runner = testRunner({ id: 'ours', repositoryId: repository.id });
  const job = { name: 'Check', startedAt: 0, url: null };
  board.set('runners', runner.id, { ...runner, state: 'busy', job });
  await pass(600_000);
  const [{ total }, before] = [started.demo.counters(), handed.length];
  board.set('runners', runner.id, { ...runner, pid: 7, state: 'busy', job });
  await pass(500);
  expect(started.demo.counters().total).toBe(total);
  board.set('runners', runner.id, runner);
  await pass(500);
  expect(handed.length).toBe(before + 1);
});

test('after sleep, and on another network, it looks at once, whatever failed before', async () => {
  let wake = (): void => {};
  const wakefulness = {
    onWake(callback: (cause: WakeCause) => void) {
      wake = () => callback('sleep');
      return () => {};
    },
  };
  const { pass, row } = await connected({ wakefulness });
  await pass(0);
  started.demo.faults.set({ kind: 'server-error', status: 503 });
  await pass(120_000);
  expect(row()?.problem?.code).toBe('FORGE_UNREACHABLE');
  started.demo.faults.clear();
  wake();
  await pass(500);
  expect(row()?.problem).toBeNull();
});

test('a limit is waited for to its end', async () => {
  const { board, clock, repository, lookAfter, row } = await connected();
  await lookAfter(0);
  started.demo.faults.set({ kind: 'secondary-limit', retryAfterSeconds: 300, count: 1 });
  await clock.advance(1000);
  await board.when(({ repositories }) => repositories[repository.id]?.problem !== null);
  expect(row()?.problem?.code).toBe('RATE_LIMITED');
  const limited = row();
  await clock.advance(299_000);
  expect(row()).toBe(limited);
  await lookAfter(1000);
  expect(row()?.problem).toBeNull();
});

test('a refused token is told at the repository and at the connection, and both recover', async () => {
  const { board, clock, connection, repositories, repository, row } = await connected();
  started.demo.faults.set({ kind: 'revoked-token' });
  await repositories.refresh(repository.id);
  expect(row()?.problem?.code).toBe('TOKEN_REFUSED');
  expect(board.current().connections[connection.id]?.usable).toBe(false);
  started.demo.faults.clear();
  await clock.advance(60_000);
  await board.when(({ repositories }) => repositories[repository.id]?.problem === null);
  expect(board.current().connections[connection.id]).toMatchObject({ usable: true, problem: null });
});

test('what was last known stays while the forge is away', async () => {
  const sights: RepositorySight[] = [];
  const desk = await connected({ onSight: (_, sight) => sights.push(sight) });
  const { connection, repositories, repository, row } = desk;
  const runner = await wireRunner(desk, connection.id, 'stays-1');
  await repositories.refresh(repository.id);
  const checkedAt = row()?.checkedAt;
  started.demo.faults.set({ kind: 'server-error', status: 503 });
  await repositories.refresh(repository.id);
  expect(row()).toMatchObject({ checkedAt, problem: { code: 'FORGE_UNREACHABLE' } });
  expect(sights.at(-1)?.runners.map(({ name }) => name)).toEqual(['stays-1']);
  started.demo.faults.clear();
  await runner.delete();
});

test('many who refresh share a look that began after they asked', async () => {
  const { repositories, repository, lookAfter } = await connected();
  await lookAfter(0);
  const { total } = started.demo.counters();
  await repositories.refresh(repository.id);
  const perLook = started.demo.counters().total - total;
  await Promise.all(Array.from({ length: 10 }, () => repositories.refresh(repository.id)));
  expect(started.demo.counters().total - total).toBe(3 * perLook);
});

test('a repository survives a restart and is gone after disconnecting', async () => {
  const before = await connected();
  const after = await open({ folder: before.folder });
  expect(after.repositories.get(before.repository.id)).toMatchObject({
    fullName: 'octo/forge',
    checkedAt: null,
  });
  await after.repositories.refresh(before.repository.id);
  expect(after.repositories.get(before.repository.id).problem?.code).toBe('TOKEN_REFUSED');
  expect(() => after.repositories.forgeOf(before.repository.id)).toThrowError(/only kept in memory/);
  await after.repositories.disconnect(before.repository.id);
  expect(() => after.repositories.get(before.repository.id)).toThrowError(/not connected any more/);
  expect((await open({ folder: before.folder })).board.current().repositories).toEqual({});
});

test('connecting: whatever the case, once, and only where runners may be managed', async () => {
  const { repositories, repository, connection, board } = await connected();
  const again = await repositories.connect({
    connectionId: connection.id,
    fullName: `${started.demo.url}/Octo/Forge`,
  });
  expect(again.id).toBe(repository.id);
  expect(Object.keys(board.current().repositories)).toEqual([repository.id]);
  await expect(
    repositories.connect({ connectionId: connection.id, fullName: 'octo/nothing' }),
  ).rejects.toMatchObject({
    code: 'UNKNOWN',
  });
  await expect(connected({}, 'no-admin-right')).rejects.toMatchObject({ code: 'PERMISSION_MISSING' });
});
