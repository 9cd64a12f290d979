/** What a watch hands on beside jobs and runners: the groups above its repository, the forge's status. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../demo/github/testing/started.ts';
import { makeTestFolder, openTestDesk, removeTestFolders, type TestDesk } from './testing.ts';
import type { RepositorySight } from './watch.ts';

let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest({ posedRunners: [{ name: 'acme-1', owner: 'acme-corp', labels: ['gpu'] }] });
});
afterAll(async () => {
  await started.stop();
  await removeTestFolders();
});
let desk: TestDesk | null = null;
afterEach(() => {
  started.demo.faults.clear();
  desk?.dispose();
});

/** Watches acme-corp/workshop; what it hands on goes to the returned list. */
async function watching() {
  const sights: RepositorySight[] = [];
  const opened = await openTestDesk({
    folder: await makeTestFolder(),
    onSight: (_, sight) => sights.push(sight),
  });
  desk = opened;
  const token = started.demo.demoTokens.find(({ name }) => name === 'organization-admin')?.token ?? '';
  const connection = await opened.connections.add({ token, apiUrl: started.demo.url, repository: null });
  const repository = await opened.repositories.connect({
    connectionId: connection.id,
    fullName: 'acme-corp/workshop',
  });
  const look = async () => {
    await opened.repositories.refresh(repository.id);
    await opened.settled();
    return sights.at(-1);
  };
  return { ...opened, repository, sights, look };
}

test('groups are handed on while a job finds no runner in its repository', async () => {
  const { look, sights, clock } = await watching();
  expect(await look()).toMatchObject({ groups: null, status: null });
  await started.rest('POST', '/repos/acme-corp/workshop/actions/workflows/check.yml/dispatches', {
    token: 'organization-admin',
    body: { ref: 'main' },
  });
  const sight = await look();
  expect(sight).toMatchObject({
    jobs: [{ status: 'queued' }],
    runners: [],
    groups: [
      { name: 'Default', excluded: null, runners: [{ name: 'acme-1' }] },
      { name: 'Open source', excluded: null },
      { name: 'Vault only', excluded: expect.any(String) },
    ],
  });
  const { total } = started.demo.counters();
  await look();
  const perLook = started.demo.counters().total - total;
  expect(sights.at(-1)?.groups).toBe(sight?.groups);
  await clock.advance(600_000);
  await desk?.settled();
  const before = started.demo.counters().total;
  await look();
  expect(started.demo.counters().total - before, 'they were read again before').toBe(perLook);
});

test('the status is handed on while looks fail, with what was known last', async () => {
  const { look, sights, repository, board } = await watching();
  await look();
  const known = sights.at(-1);
  started.demo.faults.set({ kind: 'server-error', status: 503, pathPattern: '/actions/' });
  started.demo.faults.set({ kind: 'actions-outage', incident: 'Jobs do not start' });
  await look();
  expect(board.current().repositories[repository.id]?.problem?.code).toBe('FORGE_UNREACHABLE');
  expect(sights.at(-1)).toMatchObject({ status: { actions: 'down', incident: 'Jobs do not start' } });
  expect(sights.at(-1)?.jobs).toBe(known?.jobs);
});
