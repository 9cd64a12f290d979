/** Bad input and a bad forge: a clear sentence each time, nothing lost, nothing left behind. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DeployRequest } from '../shared/contract.ts';
import { type TestEntry, tarGzOf, tarOf } from './runners/test-archives.ts';
import { deployRequest } from './testing/engine-lab.ts';
import {
  expectNothingLeft,
  type HostileLab,
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

/** Deploys two runners as a person would after the trouble, and removes them. */
async function expectDeployWorks(): Promise<void> {
  await hostile.client.pools.deploy(deployRequest(hostile.repositoryId, 2));
  await whenAllReady(hostile, 2);
  expect(registered(hostile)).toEqual(['arm-1', 'arm-2']);
  await removeAll(hostile);
  await expectNothingLeft(hostile);
}

/** The first that a stream gives. */
async function firstOf<T>(stream: Promise<AsyncIterable<T>>): Promise<T | undefined> {
  for await (const item of await stream) return item;
  return undefined;
}

const long = 'x'.repeat(300);
const badRequests: [what: string, change: Partial<DeployRequest>, field: string, message: RegExp][] = [
  ['0 runners', { count: 0 }, 'count', /^0 runners cannot be deployed/],
  ['−1 runners', { count: -1 }, 'count', /^-1 runners cannot be deployed/],
  ['10,000 runners', { count: 10_000 }, 'count', /^10000 runners are more than one deploy takes \(200\)/],
  ['one and a half', { count: 1.5 }, 'count', /^1\.5 is not a number of runners/],
  ['a label with a comma', { labels: ['gpu,fast'] }, 'labels', /“gpu,fast” contains a comma/],
  ['a label of 300 characters', { labels: [long] }, 'labels', /“x+…” has 300 characters; GitHub takes 256/],
  ['an empty label', { labels: ['gpu', ' '] }, 'labels', /A label is empty/],
  ['a label of two lines', { labels: ['a\nb'] }, 'labels', /contains a control character/],
  ['101 labels', { labels: Array.from({ length: 101 }, (_, n) => `l${n}`) }, 'labels', /^101 labels/],
  ['no name', { name: ' ' }, 'name', /need a name/],
  ['a name that is an option', { name: '--replace' }, 'name', /“--replace” cannot name a runner/],
  ['a name that leaves the folder', { name: '../../etc' }, 'name', /“\.\.\/\.\.\/etc” cannot name/],
  ['a name of 300 characters', { name: long }, 'name', /has 300 characters; GitHub takes 58/],
];

test('a deploy that makes no sense names the field and what is right, and begins nothing', async () => {
  for (const [what, change, field, message] of badRequests) {
    const told = await refusal(hostile.client.pools.deploy(deployRequest(hostile.repositoryId, 1, change)));
    expect(told, what).toMatchObject({
      code: 'INVALID_REQUEST',
      field,
      message: expect.stringMatching(message),
    });
    expect(told.remedy, what).toMatch(/\w/);
  }
  const { pools, runners } = hostile.engine.board.current();
  expect({ pools, runners }).toEqual({ pools: {}, runners: {} });
  await expectNothingLeft(hostile);
  await expectDeployWorks();
});

test('the largest that is allowed is allowed by the runner and the forge too', async () => {
  const request = deployRequest(hostile.repositoryId, 1, {
    name: 'n'.repeat(58),
    labels: ['y'.repeat(256), 'Grün & "laut"'],
  });
  await hostile.client.pools.deploy(request);
  await whenAllReady(hostile, 1);
  const [runner] = hostile.github.snapshot().runners;
  expect(runner?.labels.map(({ name }) => name)).toEqual(expect.arrayContaining(request.labels));
  await removeAll(hostile);
  await expectNothingLeft(hostile);
});

test('unknown things are named, and what can be done', async () => {
  const { client, engine } = hostile;
  const [connection] = Object.values(engine.board.current().connections);
  const connect = (fullName: string) =>
    refusal(client.repositories.connect({ connectionId: connection?.id ?? '', fullName }));
  expect(await connect('octo/nothing')).toMatchObject({
    code: 'UNKNOWN',
    message: expect.stringContaining('The repository octo/nothing does not exist'),
    remedy: expect.stringContaining('Check the spelling'),
  });
  for (const name of ['forge', '../../user', 'octo/forge/pulls', '']) {
    expect(await connect(name)).toMatchObject({
      code: 'INVALID_REQUEST',
      message: `"${name}" is not the name of a repository.`,
      remedy: expect.stringContaining('owner/name'),
    });
  }
  const stranger = 'nobody';
  const unknown = [
    () => client.pools.deploy(deployRequest(stranger, 1)),
    () => client.repositories.connect({ connectionId: stranger, fullName: 'octo/forge' }),
    () => client.runners.stop({ runnerId: stranger, how: 'now' }),
    () => firstOf(client.logs.follow({ source: { kind: 'runner-job', runnerId: stranger }, tail: 10 })),
    () => firstOf(client.logs.follow({ source: { kind: 'listener', runnerId: stranger }, tail: 10 })),
    () =>
      firstOf(client.logs.follow({ source: { kind: 'job', repositoryId: stranger, jobId: 1 }, tail: 10 })),
    () => client.logs.lines({ logId: stranger, from: 0, count: 1 }),
    () => firstOf(client.logs.search({ logId: stranger, query: 'x' })),
    () => client.leftovers.cleanUp({ leftoverId: stranger }),
    () => client.workflows.list({ repositoryId: stranger }),
  ];
  for (const call of unknown) {
    expect(await refusal(call())).toMatchObject({ code: 'UNKNOWN', remedy: expect.stringMatching(/\w/) });
  }
  expect(Object.keys(engine.board.current().repositories)).toEqual([hostile.repositoryId]);
  expect(hostile.faults).toEqual([]);
});

test('a bad token is refused with the reason, kept nowhere and never repeated', async () => {
  const { client, engine, github } = hostile;
  const apiUrl = `${github.url}/api/v3`;
  const wellFormed = `github_pat_11${'A'.repeat(20)}_${'b'.repeat(59)}`;
  const expired = github.demoTokens.find(({ name }) => name === 'expired')?.token ?? '';
  const before = engine.board.snapshot().connections;
  for (const token of [wellFormed, expired, 'hunter2 hunter2', `ghp_${'z'.repeat(5)}`, '']) {
    const told = await refusal(client.connections.add({ token, apiUrl, repository: null }));
    expect(told).toMatchObject({ code: 'TOKEN_REFUSED', remedy: expect.stringMatching(/\w/) });
    if (token) expect(JSON.stringify(told)).not.toContain(token);
  }
  expect(
    await refusal(
      client.connections.add({ token: wellFormed, apiUrl: 'http://example.com', repository: null }),
    ),
  ).toMatchObject({ code: 'INVALID_REQUEST', field: 'apiUrl', remedy: 'Use https://example.com.' });
  expect(engine.board.current().connections).toEqual(before);
  expect(hostile.faults).toEqual([]);
});

const outside = 'outside.txt';
const hostileArchives: [what: string, content: (lab: HostileLab) => TestEntry[] | Buffer, message: RegExp][] =
  [
    ['../', () => [{ path: `../../../${outside}`, content: 'x' }], /would be written outside the folder/],
    [
      'an absolute path',
      (lab) => [{ path: join(lab.folder, outside), content: 'x' }],
      /has an absolute path/,
    ],
    [
      'a link that leaves',
      () => [
        { path: 'out', type: 'SymbolicLink', linkpath: '../../..' },
        { path: `out/${outside}`, content: 'x' },
      ],
      /is a link that leaves the folder/,
    ],
    [
      'links that leave together',
      () => [
        { path: 'a/b', type: 'SymbolicLink', linkpath: '..' },
        { path: 'c', type: 'SymbolicLink', linkpath: 'a/b/../..' },
      ],
      /is a link that leaves the folder/,
    ],
    [
      'a hard link to elsewhere',
      () => [{ path: 'passwd', type: 'Link', linkpath: '/etc/passwd' }],
      /has an absolute path|is a hard link/,
    ],
    ['a device', () => [{ path: 'null', type: 'CharacterDevice' }], /but a CharacterDevice/],
    [
      'half an archive',
      () => tarGzOf([{ path: 'a', content: 'x'.repeat(9000) }]).subarray(0, 60),
      /it is damaged/,
    ],
    ['no archive', () => Buffer.from('<html>Sign in to the network</html>'), /it is not a \.tar\.gz archive/],
    ['a tar without gzip', () => tarOf([{ path: 'a' }]), /it is not a \.tar\.gz archive/],
    ['no files at all', () => tarGzOf([]), /it is damaged/],
  ];

test('a hostile archive is refused by name, writes nothing anywhere, and the next one is deployed', async () => {
  const { client, github, repositoryId } = hostile;
  const file = join(hostile.folder, 'hostile.tar.gz');
  await writeFile(file, 'not yet');
  github.faults.set({ kind: 'replace-archive', file });
  const { runnerIds } = await client.pools.deploy(deployRequest(repositoryId, 1));
  const runnerId = runnerIds[0] ?? '';
  await whenSettled(hostile);
  for (const [what, content, message] of hostileArchives) {
    const made = content(hostile);
    await writeFile(file, Buffer.isBuffer(made) ? made : tarGzOf(made));
    await client.runners.retry({ runnerId });
    await when(hostile, ([runner]) => runner?.state === 'deploying');
    const [runner] = await whenSettled(hostile);
    expect(runner?.failure, what).toMatchObject({
      code: 'HOST_FAILED',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/\w/),
    });
    expect(runner?.failure?.message, what).toContain('actions-runner-');
    await expectNothingLeft(hostile);
  }
  const written = await readdir(hostile.folder, { recursive: true });
  expect(written.filter((path) => path.endsWith(outside))).toEqual([]);
  expect(await readdir(join(hostile.folder, '..'))).not.toContain(outside);
  github.faults.clear();
  await client.runners.retry({ runnerId });
  await whenAllReady(hostile, 1);
});
