/** A forge that fails, refuses, forgets or goes away: what it did not spoil goes on, the rest says why and can be mended. */
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deployRequest, isReady } from './testing/engine-lab.ts';
import {
  expectNothingLeft,
  type HostileLab,
  halfMade,
  openHostileLab,
  refusal,
  registered,
  removeAll,
  when,
  whenAllReady,
  whenSettled,
} from './testing/hostile-lab.ts';

vi.setConfig({ testTimeout: 60_000 });

let hostile: HostileLab;
beforeEach(async () => {
  hostile = await openHostileLab();
});
afterEach(() => hostile.dispose());

const runnersPath = '/repos/octo/forge/actions/runners';
/** Registers a runner that this engine did not make. @returns its number */
async function registerForeign(name: string): Promise<number> {
  const wish = { name, runner_group_id: 1, labels: ['self-hosted'] };
  const { status, body } = await hostile.asOther('POST', `${runnersPath}/generate-jitconfig`, wish);
  expect(status).toBe(201);
  return (body as { runner: { id: number } }).runner.id;
}
const failures = () =>
  Object.values(hostile.engine.board.current().runners).flatMap(({ name, failure }) =>
    failure ? [{ name, ...failure }] : [],
  );
async function retryFailed(): Promise<void> {
  for (const { id, state } of Object.values(hostile.engine.board.current().runners)) {
    if (state === 'failed') await hostile.client.runners.retry({ runnerId: id });
  }
}
async function removeAndExpectNothing(): Promise<void> {
  await removeAll(hostile);
  await expectNothingLeft(hostile);
}

test('passing trouble is not even noticed', async () => {
  const { github, client, repositoryId } = hostile;
  github.faults.set({ kind: 'dropped-connection', pathPattern: '/releases/download/', count: 1 });
  github.faults.set({ kind: 'server-error', pathPattern: 'registration-token$', count: 1 });
  github.faults.set({ kind: 'secondary-limit', pathPattern: 'downloads$', count: 1, retryAfterSeconds: 1 });
  await client.pools.deploy(deployRequest(repositoryId, 2));
  await whenAllReady(hostile, 2);
  expect(github.faults.list()).toEqual([]);
  await removeAndExpectNothing();
});

test('a corrupt archive is told by name, thrown away, and the next try brings a good one', async () => {
  const { github, client, repositoryId } = hostile;
  github.faults.set({ kind: 'corrupt-archive' });
  await client.pools.deploy(deployRequest(repositoryId, 3));
  await whenSettled(hostile);
  expect(failures()).toHaveLength(3);
  for (const failure of failures()) {
    expect(failure).toMatchObject({
      code: 'FORGE_UNREACHABLE',
      message: expect.stringMatching(
        /^The download of actions-runner-\S+ is not the file that was published/,
      ),
      remedy: expect.stringContaining('Try again'),
    });
  }
  await expectNothingLeft(hostile);
  github.faults.clear();
  await retryFailed();
  await whenAllReady(hostile, 3);
  await removeAndExpectNothing();
});

test('a token revoked mid-deploy: each runner says so, nothing is left, and retry goes on with a good one', async () => {
  const { github, client, engine, repositoryId } = hostile;
  const asked = hostile.hold('registration-token$');
  await client.pools.deploy(deployRequest(repositoryId, 4));
  await asked.reached;
  github.faults.set({ kind: 'revoked-token' });
  asked.release();
  await whenSettled(hostile);
  expect(failures()).toHaveLength(4);
  for (const failure of failures()) {
    expect(failure).toMatchObject({
      code: 'TOKEN_REFUSED',
      message: expect.stringContaining('refuses the token: it is unknown, revoked or expired'),
      remedy: expect.stringContaining('Create a new token'),
    });
  }
  await expectNothingLeft(hostile);
  await client.repositories.refresh({ repositoryId });
  const connectionNow = () => Object.values(engine.board.current().connections)[0];
  expect(connectionNow()).toMatchObject({ usable: false, problem: { code: 'TOKEN_REFUSED' } });

  github.faults.clear();
  await client.connections.add({
    token: github.token,
    apiUrl: `${github.url}/api/v3`,
    repository: null,
  });
  expect(connectionNow()).toMatchObject({ usable: true, problem: null });
  await retryFailed();
  await whenAllReady(hostile, 4);
  await removeAndExpectNothing();
});

test('a limit says until when, before and amid a deploy', async () => {
  const { github, client, engine, repositoryId } = hostile;
  github.faults.set({ kind: 'secondary-limit', pathPattern: 'registration-token$', retryAfterSeconds: 60 });
  await client.pools.deploy(deployRequest(repositoryId, 2));
  await whenSettled(hostile);
  for (const failure of failures()) {
    expect(failure).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/asks to slow down until \d\d:\d\d UTC/),
      remedy: expect.stringContaining('Wait'),
    });
  }
  expect(failures()).toHaveLength(2);
  await removeAndExpectNothing();
  expect(await refusal(client.pools.deploy(deployRequest(repositoryId, 2)))).toMatchObject({
    code: 'RATE_LIMITED',
    remedy: expect.stringContaining('Wait'),
  });
  expect(engine.board.current().pools).toEqual({});
  await expectNothingLeft(hostile);
});

test('three siblings come up although the fourth one’s name was taken meanwhile, which stays as it is', async () => {
  const { client, repositoryId } = hostile;
  const download = hostile.hold('/releases/download/');
  await client.pools.deploy(deployRequest(repositoryId, 4));
  await download.reached;
  const foreign = await registerForeign('arm-3');
  download.release();
  const settled = await whenSettled(hostile);
  expect(
    settled
      .filter(isReady)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['arm-1', 'arm-2', 'arm-4']);
  const taken = {
    name: 'arm-3',
    code: 'CONFLICT',
    message: 'octo/forge has a runner named “arm-3” already.',
    remedy: 'Choose another name, or remove that runner on the forge.',
  };
  expect(failures()).toEqual([taken]);

  await retryFailed();
  await when(hostile, (rows) => rows.some(({ state }) => state === 'deploying'));
  await whenSettled(hostile);
  expect(failures()).toEqual([taken]);
  expect(hostile.github.snapshot().runners.find(({ name }) => name === 'arm-3')?.id).toBe(foreign);

  await hostile.asOther('DELETE', `${runnersPath}/${foreign}`);
  await retryFailed();
  await whenAllReady(hostile, 4);
  await removeAndExpectNothing();
});

test('a name taken at the last moment: the other one’s registration is not touched', async () => {
  const { client, repositoryId } = hostile;
  const registering = hostile.hold('^/actions/runners/register$');
  await client.pools.deploy(deployRequest(repositoryId, 1));
  await registering.reached;
  const foreign = await registerForeign('arm-1');
  registering.release();
  await whenSettled(hostile);
  expect(failures()).toMatchObject([
    { code: 'CONFLICT', message: expect.stringContaining('has a runner named “arm-1” already') },
  ]);
  await removeAll(hostile);
  expect(hostile.github.snapshot().runners.map(({ id }) => id)).toEqual([foreign]);
  await hostile.asOther('DELETE', `${runnersPath}/${foreign}`);
  await expectNothingLeft(hostile);
});

test('a deploy cancelled while config.sh is at work leaves nothing, on the forge neither', async () => {
  const { client, engine, repositoryId } = hostile;
  const registering = hostile.hold('^/actions/runners/register$');
  const { pool } = await client.pools.deploy(deployRequest(repositoryId, 2));
  await registering.reached;
  const cancelled = client.pools.cancelDeploy({ poolId: pool.id });
  registering.release();
  await cancelled;
  await engine.board.when(({ pools, runners }) => Object.keys({ ...pools, ...runners }).length === 0);
  await expectNothingLeft(hostile);
});

test('a remove while the forge is down names what stays there, and Clean up takes it away later', async () => {
  const { client, engine, repositoryId } = hostile;
  await client.pools.deploy(deployRequest(repositoryId, 2));
  await whenAllReady(hostile, 2);
  await hostile.forgeDown();
  await removeAll(hostile);
  expect(await hostile.processes()).toEqual([]);
  const leftovers = Object.values(engine.board.current().leftovers);
  expect(leftovers.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
    'registration arm-1',
    'registration arm-2',
  ]);
  for (const { id, detail } of leftovers) {
    expect(detail).toContain('refuses connections');
    expect(await refusal(client.leftovers.cleanUp({ leftoverId: id }))).toMatchObject({
      code: 'FORGE_UNREACHABLE',
      remedy: expect.stringMatching(/\w/),
    });
  }
  expect(Object.values(engine.board.current().leftovers)).toEqual(leftovers);

  // They are on disk: another engine knows them too.
  await engine.dispose();
  const next = await hostile.startEngine();
  expect(Object.values(next.board.current().leftovers)).toEqual(expect.arrayContaining(leftovers));
  await hostile.forgeUp();
  expect(registered(hostile)).toEqual(['arm-1', 'arm-2']);
  const panel = createRouterClient(next.router);
  for (const { id } of leftovers) await panel.leftovers.cleanUp({ leftoverId: id });
  expect(next.board.current().leftovers).toEqual({});
  expect(registered(hostile)).toEqual([]);
  expect(await halfMade(hostile)).toEqual([]);
});

test('a registration deleted on the forge: the idle runner registers anew by itself', async () => {
  const { client, repositoryId } = hostile;
  await client.pools.deploy(deployRequest(repositoryId, 2));
  const [first] = (await whenAllReady(hostile, 2)).toSorted((a, b) => a.name.localeCompare(b.name));
  expect((await hostile.asOther('DELETE', `${runnersPath}/${first?.forgeRunnerId}`)).status).toBe(204);
  const rows = await when(hostile, (all) => all.some(({ retryAt }) => retryAt !== null));
  expect(rows.find(({ name }) => name === 'arm-1')).toMatchObject({
    cause: expect.stringContaining('was deleted there'),
    forgeRunnerId: null,
  });
  expect(rows.find(({ name }) => name === 'arm-2')?.state).toBe('idle');
  const back = (await whenAllReady(hostile, 2)).find(({ name }) => name === 'arm-1');
  expect(back?.forgeRunnerId).not.toBe(first?.forgeRunnerId);
  expect(registered(hostile)).toEqual(['arm-1', 'arm-2']);
  await removeAndExpectNothing();
});
