import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ghost, Runner } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { type StartedDemo, startForTest } from '../demo/github/testing/started.ts';
import { createWireRunner, type WireRunner } from '../demo/github/testing/wire-runner.ts';
import { makeTestFolder, openTestDesk, removeTestFolders, type TestDesk } from '../forges/testing.ts';
import { type HistoryDatabase, openHistoryDatabase } from '../history/database.ts';
import { createEventHistory, type EventHistory } from '../history/events.ts';
import { createGhosts, type Ghosts } from './ghosts.ts';
import { newRunnerRecord } from './record.ts';
import { createRegistrationLedger, type LedgerEntry, type RegistrationLedger } from './registrations.ts';

const hour = 3_600_000;

let github: StartedDemo;
let desk: TestDesk;
let database: HistoryDatabase;
let ledger: RegistrationLedger;
let events: EventHistory;
let ghosts: Ghosts;
let repositoryId: string;
/** Registrations that a runner of this installation has. */
let here: Set<number>;
let gone: LedgerEntry[];
let faults: unknown[];

beforeEach(async () => {
  github = await startForTest();
  const folder = await makeTestFolder();
  here = new Set();
  gone = [];
  faults = [];
  desk = await openTestDesk({ folder, onRunners: (id, listed) => ghosts.seen(id, listed) });
  const { board, clock, connections, repositories } = desk;
  database = openHistoryDatabase({
    path: join(folder, 'history.db'),
    clock,
    onDamaged: (d) => faults.push(d),
  });
  ledger = createRegistrationLedger({ database, clock });
  const onFault = (error: unknown): void => void faults.push(error);
  const settings = () => board.current().panel.settings;
  events = createEventHistory({ database, board, clock, settings, onFault });
  ghosts = createGhosts({
    ...{ ledger, board, clock, settings, onFault, history: events },
    isHere: ({ forgeRunnerId }) => here.has(forgeRunnerId),
    forgeOf: (id) => repositories.forgeOf(id),
    refresh: (id) => repositories.refresh(id),
    onGone: async (entry) => void gone.push(entry),
  });
  const connection = await connections.add({
    token: github.demo.token,
    apiUrl: `${github.demo.url}/api/v3`,
    repository: null,
  });
  const repository = await repositories.connect({ connectionId: connection.id, fullName: 'octo/forge' });
  repositoryId = repository.id;
});
afterEach(async () => {
  events.dispose();
  desk.dispose();
  await github.stop();
  database.dispose();
  await removeTestFolders();
  expect(faults).toEqual([]);
});

/** A registration on the forge, whoever made it; offline until it opens a session. */
const registerOnForge = async (name: string): Promise<WireRunner> =>
  createWireRunner({
    url: github.demo.url,
    token: await github.runnerToken(),
    repository: 'octo/forge',
    name,
  });

/** Writes into the ledger what a runner of ours of that name and number would. */
function noteOurs(name: string, forgeRunnerId: number): void {
  const record = newRunnerRecord({
    id: `runner-${name}`,
    poolId: 'pool',
    repositoryId,
    name,
    defaultLabels: [],
    customLabels: [],
    ephemeral: false,
    cause: 'Asked for.',
    now: desk.clock.now(),
  });
  const runner: Runner = { ...record.runner, forgeRunnerId };
  ledger.add(runner, desk.repositories.get(repositoryId));
}

const makeGhost = async (name: string): Promise<WireRunner> => {
  const runner = await registerOnForge(name);
  noteOurs(name, runner.id);
  return runner;
};
const found = (): Ghost[] =>
  Object.values(desk.board.current().ghosts).sort((a, b) => a.name.localeCompare(b.name));
const names = (): string[] => found().map(({ name }) => name);
const onForge = (): string[] =>
  github.demo
    .snapshot()
    .runners.map(({ name }) => name)
    .sort();
const causes = (): string[] => Object.values(desk.board.current().events).map(({ cause }) => cause);

test('a ghost is listed with its proof, and only removed when asked', async () => {
  const { id } = await makeGhost('arm-1');
  await ghosts.scan();
  expect(found()).toMatchObject([
    { id: `${repositoryId}:${id}`, forgeRunnerId: id, name: 'arm-1', removedAt: null },
  ]);
  expect(found()[0]?.proof).toMatch(
    new RegExp(
      `^Registered by this Trackside on .*\\d{4}.* as number ${id}; offline, and no runner here has it\\.$`,
    ),
  );
  await ghosts.scan();
  expect(onForge()).toEqual(['arm-1']);

  expect(await ghosts.remove(found().map((ghost) => ghost.id))).toBe(1);
  expect(onForge()).toEqual([]);
  expect(found()).toEqual([]);
  expect(gone.map(({ name }) => name)).toEqual(['arm-1']);
  expect(causes()).toEqual([
    expect.stringMatching(/^Its registration was removed from octo\/forge\. Registered by/),
  ]);
});

test('what this installation did not register is never listed and never touched', async () => {
  await registerOnForge('stranger');
  const sameName = await registerOnForge('same-name');
  noteOurs('same-name', sameName.id + 100);
  const sameNumber = await registerOnForge('same-number');
  noteOurs('another-name', sameNumber.id);
  await ghosts.scan();
  expect(found()).toEqual([]);
  const ids = github.demo.snapshot().runners.map(({ id }) => `${repositoryId}:${id}`);
  await expect(ghosts.remove(ids)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(onForge()).toEqual(['same-name', 'same-number', 'stranger']);
  // What is not as noted is known to be gone: it is not looked for again.
  expect(ledger.present(desk.repositories.get(repositoryId).webUrl)).toEqual([]);
});

test('ours that are online, or belong to a runner here, are no ghosts', async () => {
  const online = await makeGhost('online');
  await online.open();
  here.add((await makeGhost('here')).id);
  await ghosts.scan();
  expect(found()).toEqual([]);
  await online.close();
  here.clear();
  await ghosts.scan();
  expect(names()).toEqual(['here', 'online']);
});

test('one that came back since it was listed is not removed, and it is said why', async () => {
  const ghost = await makeGhost('arm-1');
  await ghosts.scan();
  const ids = found().map(({ id }) => id);
  await ghost.open();
  await expect(ghosts.remove(ids)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'arm-1 was not removed: it is online again.',
  });
  expect(onForge()).toEqual(['arm-1']);
  expect(causes()).toEqual(['arm-1 was not removed: it is online again.']);
  expect(found()).toEqual([]);
});

test('one whose name another runner has by now, one that is gone, and one that a runner here took over', async () => {
  const taken = await makeGhost('taken');
  const absent = await makeGhost('absent');
  const adopted = await makeGhost('adopted');
  await makeGhost('true-ghost');
  await ghosts.scan();
  const ids = found().map(({ id }) => id);
  expect(ids).toHaveLength(4);
  const runnersPath = '/repos/octo/forge/actions/runners';
  await github.rest('DELETE', `${runnersPath}/${taken.id}`);
  await github.rest('DELETE', `${runnersPath}/${absent.id}`);
  await registerOnForge('taken');
  here.add(adopted.id);
  expect(await ghosts.remove(ids)).toBe(1);
  expect(onForge()).toEqual(['adopted', 'taken']);
  expect(causes()).toEqual(
    expect.arrayContaining([
      'taken was not removed: another runner has its name now.',
      'absent was not removed: it is gone from the forge already.',
      'adopted was not removed: a runner here has its registration.',
    ]),
  );
});

test('a forge that refuses is told, and the ghost stays', async () => {
  await makeGhost('arm-1');
  await ghosts.scan();
  github.demo.faults.set({ kind: 'revoked-token', method: 'DELETE' });
  await expect(ghosts.remove(found().map(({ id }) => id))).rejects.toMatchObject({
    message: expect.stringMatching(/^arm-1 was not removed: /),
  });
  expect(names()).toEqual(['arm-1']);
});

test('after the set time they go by themselves, counted from when they were first seen', async () => {
  desk.board.panel({ settings: { ...defaultSettings, removeGhostsAfterMs: 2 * hour } });
  const flapping = await makeGhost('flapping');
  await makeGhost('arm-1');
  const start = desk.clock.now();
  await ghosts.scan();
  expect(found().map(({ removedAt }) => removedAt)).toEqual([start + 2 * hour, start + 2 * hour]);
  await desk.clock.advance(hour);
  await flapping.open();
  await ghosts.scan();
  await flapping.close();
  await desk.clock.advance(hour + 1);
  await ghosts.scan();
  await github.demo.waitFor(({ runners }) => runners.length === 1);
  expect(onForge()).toEqual(['flapping']);
  await desk.board.when(({ ghosts: rows }) => Object.keys(rows).length === 1);
  expect(names()).toEqual(['flapping']);
});

test('what is gone from the forge is forgotten by a look that costs nothing more', async () => {
  const ghost = await makeGhost('arm-1');
  await ghosts.scan();
  await github.rest('DELETE', `/repos/octo/forge/actions/runners/${ghost.id}`);
  await desk.repositories.refresh(repositoryId);
  expect(found()).toEqual([]);
  expect(ledger.ofRunner('runner-arm-1')).toBeNull();
});
