import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TracksideError } from '../../shared/errors.ts';
import { connectionSchema } from '../../shared/model.ts';
import { type StartedDemo, startForTest } from '../demo/github/testing/started.ts';
import type { DemoTokenName } from '../demo/github/tokens.ts';
import { createMemoryStore, type SecretStore } from '../platform/secrets.ts';
import type { GitHubCli } from './github-cli.ts';
import { makeTestFolder, openTestDesk, removeTestFolders, type TestDesk } from './testing.ts';

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

async function open(options: Partial<Parameters<typeof openTestDesk>[0]> = {}): Promise<TestDesk> {
  const desk = await openTestDesk({ folder: options.folder ?? (await makeTestFolder()), ...options });
  desks.push(desk);
  return desk;
}

function tokenOf(name: DemoTokenName): string {
  const found = started.demo.demoTokens.find((token) => token.name === name);
  if (!found) throw new Error(`The demo has no token ${name}.`);
  return found.token;
}
const credentials = (name: DemoTokenName = 'full') => ({
  token: tokenOf(name),
  apiUrl: started.demo.url,
  repository: null,
});

async function everythingOnDisk(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
  return texts.join('\n');
}

test('a connection is shown, used, and its token is neither on the board nor on our disk', async () => {
  const { board, connections, folder } = await open();
  const connection = await connections.add({ ...credentials(), token: `  "${tokenOf('full')}"\n` });
  expect(connectionSchema.parse(connection)).toMatchObject({
    login: 'octo',
    webUrl: started.demo.url,
    apiUrl: `${started.demo.url}/api/v3`,
    demo: false,
    tokenStore: 'memory',
    usable: true,
  });
  expect(board.current().connections[connection.id]).toEqual(connection);
  expect(await connections.forge(connection.id).account()).toMatchObject({ login: 'octo' });
  expect(JSON.stringify([board.current(), connection])).not.toContain(tokenOf('full'));
  const disk = await everythingOnDisk(folder);
  expect(disk).toContain('octo');
  expect(disk).not.toContain(tokenOf('full'));
});

test('a token that is none, or that is refused, connects nothing', async () => {
  const { board, connections } = await open();
  const add = (token: string) => connections.add({ ...credentials(), token });
  await expect(add('hunter2')).rejects.toMatchObject({ code: 'TOKEN_REFUSED', data: { field: 'token' } });
  await expect(add(tokenOf('expired'))).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
  await expect(connections.add({ ...credentials(), apiUrl: 'http://git.example.com' })).rejects.toMatchObject(
    {
      code: 'INVALID_REQUEST',
    },
  );
  expect(board.current().connections).toEqual({});
});

test('connecting the same account again replaces its token', async () => {
  const { board, connections } = await open();
  const first = await connections.add(credentials());
  const second = await connections.add(credentials('classic-repo'));
  expect(second.id).toBe(first.id);
  expect(second.expiresAt).toBeNull();
  expect(Object.keys(board.current().connections)).toEqual([first.id]);
  const other = await connections.add(credentials('no-admin-right'));
  expect(other.id).not.toBe(first.id);
});

test('after a restart a kept token is there again', async () => {
  const secrets: SecretStore = { ...createMemoryStore(), kind: 'keyring' };
  const before = await open({ secrets });
  const { id } = await before.connections.add(credentials());
  const after = await open({ secrets, folder: before.folder });
  expect(after.board.current().connections[id]).toMatchObject({ usable: true, tokenStore: 'keyring' });
  expect(await after.connections.forge(id).account()).toMatchObject({ login: 'octo' });
});

test('after a restart a token that was only in memory is asked for again', async () => {
  const before = await open();
  const { id } = await before.connections.add(credentials());
  const after = await open({ folder: before.folder });
  expect(after.board.current().connections[id]).toMatchObject({
    usable: false,
    problem: { code: 'TOKEN_REFUSED', message: expect.stringContaining('only kept in memory') },
  });
  expect(() => after.connections.forge(id)).toThrowError(expect.objectContaining({ code: 'TOKEN_REFUSED' }));
  const mended = await after.connections.add(credentials());
  expect(mended).toMatchObject({ id, usable: true, problem: null });
});

test('a keyring that fails later: told at the start, and the memory steps in for a new token', async () => {
  const broken: SecretStore = {
    kind: 'keyring',
    get: () => Promise.reject(new Error('locked')),
    set: () => Promise.reject(new Error('locked')),
    delete: async () => {},
  };
  const good = await open({ secrets: { ...createMemoryStore(), kind: 'keyring' } });
  const { id } = await good.connections.add(credentials());
  const { board, connections } = await open({ secrets: broken, folder: good.folder });
  expect(board.current().connections[id]).toMatchObject({
    usable: false,
    problem: { message: expect.stringContaining('cannot be read') },
  });
  expect(await connections.add(credentials())).toMatchObject({ id, usable: true, tokenStore: 'memory' });
});

test('removing forgets the token and the record', async () => {
  const secrets = createMemoryStore();
  const { board, connections, folder } = await open({ secrets });
  const { id } = await connections.add(credentials());
  await connections.remove(id);
  expect(board.current().connections).toEqual({});
  expect(await secrets.get(`connection ${id}`)).toBeNull();
  expect(await everythingOnDisk(folder)).toBe('');
  await expect(connections.remove(id)).rejects.toMatchObject({ code: 'UNKNOWN' });
});

test('the demo has one connection, whatever its port', async () => {
  const { connections, board } = await open();
  const demo = {
    apiUrl: `${started.demo.url}/api/v3`,
    webUrl: started.demo.url,
    token: tokenOf('full'),
    demo: true,
  };
  const first = await connections.addWithToken(demo);
  expect(first).toMatchObject({ demo: true, tokenStore: 'memory', usable: true });
  const localhost = started.demo.url.replace('127.0.0.1', 'localhost');
  const second = await connections.addWithToken({
    ...demo,
    apiUrl: `${localhost}/api/v3`,
    webUrl: localhost,
  });
  expect(second).toMatchObject({ id: first.id, webUrl: localhost });
  expect(Object.keys(board.current().connections)).toHaveLength(1);
  const own = await connections.add(credentials());
  expect(own.id).not.toBe(first.id);
});

test("the GitHub CLI's login", async () => {
  const cli: GitHubCli = {
    login: async () => ({ host: started.demo.url, login: 'octo' }),
    token: async () => tokenOf('classic-repo'),
  };
  const { connections } = await open({ githubCli: cli });
  expect(await connections.githubCli()).toEqual({ available: true, host: started.demo.url, login: 'octo' });
  await expect(connections.addGithubCli({ repository: 'octo/nothing' })).rejects.toMatchObject({
    code: 'PERMISSION_MISSING',
    message: expect.stringContaining('octo/nothing'),
  });
  expect(await connections.addGithubCli({ repository: 'octo/forge' })).toMatchObject({
    login: 'octo',
    usable: true,
  });

  const without = await open();
  expect(await without.connections.githubCli()).toEqual({ available: false, host: null, login: null });
  await expect(without.connections.addGithubCli({ repository: null })).rejects.toMatchObject({
    code: 'UNKNOWN',
  });
});

test('a refused token makes the connection unusable, a good answer usable', async () => {
  const { board, clock, connections } = await open();
  const { id } = await connections.add(credentials());
  const row = () => board.current().connections[id];
  connections.note(id, new TracksideError('FORGE_UNREACHABLE', 'no net'));
  expect(row()?.usable).toBe(true);
  connections.note(id, new TracksideError('TOKEN_REFUSED', 'refused'));
  expect(row()).toMatchObject({ usable: false, problem: { message: 'refused' } });
  connections.note(id, new TracksideError('FORGE_UNREACHABLE', 'no net'));
  expect(row()?.usable).toBe(false);
  connections.note(id, null);
  expect(row()).toMatchObject({ usable: true, problem: null });
  await clock.advance(100 * 86_400_000);
  connections.note(id, new TracksideError('TOKEN_REFUSED', 'refused'));
  expect(row()?.problem?.message).toMatch(/The token of octo expired on \d{4}-\d\d-\d\d/);
});

test('the budget is on the board, not more often than every two seconds', async () => {
  const { board, clock, connections } = await open();
  const { id } = await connections.add(credentials());
  const forge = connections.forge(id);
  await forge.account();
  await forge.repository('octo/forge');
  expect(board.current().connections[id]?.budget).toBeNull();
  await clock.advance(2000);
  expect(board.current().connections[id]?.budget).toEqual(forge.budget());
});

test('the check keeps nothing', async () => {
  const { board, connections } = await open();
  let sufficient = false;
  for await (const report of connections.check({ ...credentials(), repository: 'octo/forge' })) {
    sufficient = report.sufficient;
  }
  expect(sufficient).toBe(true);
  expect(board.current().connections).toEqual({});
});

test('the token page', async () => {
  const { connections } = await open();
  const page = connections.tokenPage({ apiUrl: null, repository: 'octo/forge' });
  expect(page.url).toContain('target_name=octo');
  expect(() => connections.tokenPage({ apiUrl: null, repository: 'forge' })).toThrowError(TracksideError);
});
