/** The history of a whole engine: what happened, why, and who asked; over its end, in order or not. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HistoryQuery } from '../shared/contract.ts';
import type { HistoryEvent } from '../shared/model.ts';
import { mountsBelow, unmount } from './platform/mounts.ts';
import { deployRequest } from './testing/engine-lab.ts';
import {
  createPanelClient,
  expectNothingLeft,
  type HostileLab,
  openHostileLab,
  type PanelClient,
  registered,
  removeAll,
  when,
  whenAllReady,
} from './testing/hostile-lab.ts';

vi.setConfig({ testTimeout: 90_000 });

let lab: HostileLab;
beforeEach(async () => {
  lab = await openHostileLab();
});
afterEach(() => lab.dispose());

/** The events of a query, the oldest first. */
async function told(client: PanelClient, query: Partial<HistoryQuery> = {}): Promise<HistoryEvent[]> {
  const { events } = await client.history.query({
    ...{ runnerId: null, poolId: null, repositoryId: null, kinds: [], search: '', before: null, limit: 500 },
    ...query,
  });
  return events.reverse();
}
const courseOf = (events: HistoryEvent[]): string[] => events.map(({ from, to }) => `${from}→${to}`);

test('a runner’s whole life, its job and its pool, with what was asked for', async () => {
  const { client } = lab;
  const { pool, runnerIds } = await client.pools.deploy(deployRequest(lab.repositoryId, 1));
  const runnerId = runnerIds[0] ?? '';
  await whenAllReady(lab, 1);
  await lab.startJob();
  await lab.openGate();
  await when(lab, ([runner]) => runner?.state === 'idle');
  await client.runners.stop({ runnerId, how: 'drain' });
  await when(lab, ([runner]) => runner?.state === 'stopped');
  await removeAll(lab);

  expect(courseOf(await told(client, { runnerId, kinds: ['runner'] }))).toEqual([
    'null→deploying',
    'deploying→starting',
    'starting→idle',
    'idle→busy',
    'busy→idle',
    'idle→stopping',
    'stopping→stopped',
    'stopped→removing',
    'removing→null',
  ]);
  const job = await told(client, { kinds: ['job'], poolId: pool.id });
  expect(courseOf(job)).toEqual(['null→running', expect.stringMatching(/^running→/)]);
  expect(job.every((event) => event.subject === 'Wait' && event.runnerId === runnerId)).toBe(true);
  expect(courseOf(await told(client, { kinds: ['pool'] }))).toEqual(['null→created', 'null→removed']);
  expect(
    (await told(client, { kinds: ['person'] })).map(({ subject, cause }) => `${subject}: ${cause}`),
  ).toEqual([
    'Trackside: Connected with a token.',
    'octo: Asked to watch octo/forge.',
    'octo/forge: Asked to deploy 1 runner in the new pool arm.',
    expect.stringMatching(/^octo\/forge: Started the workflow \d+ by hand\.$/),
    'arm-1: Asked to stop it after its job.',
    'arm-1: Asked to remove it at once.',
  ]);
  await expectNothingLeft(lab);
});

test('what is refused is not told as asked for, and no secret is written down', async () => {
  const { client, github } = lab;
  const before = await told(client, { kinds: ['person'] });
  await expect(client.runners.stop({ runnerId: 'nobody', how: 'now' })).rejects.toThrow();
  await expect(
    client.connections.add({ token: 'hunter2hunter2', apiUrl: null, repository: null }),
  ).rejects.toThrow();
  expect(await told(client, { kinds: ['person'] })).toEqual(before);
  await lab.engine.dispose();
  const database = await readFile(join(lab.dataFolder, 'history.db'), 'latin1');
  expect(database).toContain('Connected with a token.');
  expect(database).not.toContain(github.token);
  expect(database).not.toContain('hunter2');
});

test('trouble with the forge, its beginning and its end', async () => {
  const { client, github, repositoryId } = lab;
  github.faults.set({ kind: 'revoked-token' });
  await client.repositories.refresh({ repositoryId });
  github.faults.clear();
  await client.repositories.refresh({ repositoryId });
  const events = await told(client, { kinds: ['forge'], repositoryId });
  expect(courseOf(events)).toEqual(['null→connected', 'fine→trouble', 'trouble→fine']);
  expect(events[1]?.cause).toMatch(/token/);
});

test('whether the engine before ended in order is told by the next', async () => {
  await lab.engine.dispose();
  const second = await lab.startEngine();
  await second.dispose();
  const third = await lab.startEngine();
  const client = createPanelClient(third, (error) => lab.faults.push(error));
  expect(courseOf(await told(client, { kinds: ['engine'] }))).toEqual([
    ...['stopped→running', 'running→stopped'],
    ...['stopped→running', 'running→stopped'],
    'stopped→running',
  ]);
});

test('a registration whose runner here is lost without a trace is a ghost, and goes when asked', async () => {
  const { client } = lab;
  const { runnerIds } = await client.pools.deploy(deployRequest(lab.repositoryId, 1));
  const runnerId = runnerIds[0] ?? '';
  await whenAllReady(lab, 1);
  await client.runners.stop({ runnerId, how: 'drain' });
  await when(lab, ([runner]) => runner?.state === 'stopped');
  await lab.engine.dispose();
  await rm(join(lab.dataFolder, 'state', 'runners', `${runnerId}.json`));
  for (const point of await mountsBelow(lab.dataFolder)) await unmount(point);
  await rm(join(lab.dataFolder, 'runners', runnerId), { recursive: true });

  const engine = await lab.startEngine();
  const next = createPanelClient(engine, (error) => lab.faults.push(error));
  await next.ghosts.scan({});
  const ghosts = Object.values(engine.board.current().ghosts);
  expect(ghosts).toMatchObject([{ name: 'arm-1', repositoryId: lab.repositoryId }]);
  expect(await next.ghosts.remove({ ghostIds: ghosts.map(({ id }) => id) })).toEqual({ removed: 1 });
  expect(registered(lab)).toEqual([]);
  expect(await told(next, { search: 'registration was removed' })).toMatchObject([
    { kind: 'forge', runnerId },
  ]);
});
