/** Whatever becomes of a file of Trackside's state: it is set aside and told, or refused; the engine runs, nothing is lost. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Engine } from './engine.ts';
import { deployRequest } from './testing/engine-lab.ts';
import {
  connectTo,
  createPanelClient,
  type HostileLab,
  openHostileLab,
  registered,
  when,
  whenAllReady,
} from './testing/hostile-lab.ts';

vi.setConfig({ testTimeout: 90_000 });

let lab: HostileLab;
beforeEach(async () => {
  lab = await openHostileLab();
});
afterEach(() => lab.dispose());

const damages: [what: string, damage: (path: string) => void][] = [
  ['empty', (path) => writeFileSync(path, '')],
  ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, statSync(path).size / 2))],
  ['binary', (path) => writeFileSync(path, Buffer.alloc(5000, 0xa7))],
  ['JSON of another shape', (path) => writeFileSync(path, '{"id":1,"things":[]}')],
  [
    'a folder',
    (path) => {
      rmSync(path);
      mkdirSync(join(path, 'inside'), { recursive: true });
    },
  ],
];

const stateFolder = (kind: string): string => join(lab.dataFolder, 'state', kind);
const fileOf = (kind: string): string => {
  const [name = ''] = readdirSync(stateFolder(kind)).filter((file) => file.endsWith('.json'));
  return join(stateFolder(kind), name);
};
const asideOf = (path: string): string => {
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.`));
  return join(dirname(path), names.find((name) => /\.(unreadable|damaged)-\d+$/.test(name)) ?? '');
};
const notices = (engine: Engine) => Object.values(engine.board.current().notices);
/** What lies at a path: a file's bytes, or a folder's names. */
const contentOf = (path: string): string =>
  statSync(path).isDirectory() ? readdirSync(path).join() : readFileSync(path).toString('base64');

/** Damages the file between two engines. @returns the second one, and what the damaged file was */
async function restartDamaged(path: string, damage: (path: string) => void, engine: Engine) {
  await engine.dispose();
  damage(path);
  const content = contentOf(path);
  return { engine: await lab.startEngine(), content };
}

function expectSetAside(engine: Engine, path: string, content: string, what: string): void {
  const aside = asideOf(path);
  expect(contentOf(aside), what).toBe(content);
  expect(notices(engine), what).toEqual([
    {
      id: `set-aside:${aside}`,
      kind: 'set-aside',
      at: expect.any(Number),
      message: expect.stringContaining(`It was set aside as ${aside}.`),
      remedy: expect.toSatisfy((remedy) => remedy === null || typeof remedy === 'string'),
    },
  ]);
}

test('a record that cannot be read is set aside and told, whatever it is and however it is damaged', async () => {
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1));
  await whenAllReady(lab, 1);
  let { engine } = lab;
  for (const kind of ['connections', 'repositories', 'pools']) {
    const path = fileOf(kind);
    const good = readFileSync(path);
    for (const [what, damage] of damages) {
      const next = await restartDamaged(path, damage, engine);
      engine = next.engine;
      expectSetAside(engine, path, next.content, `${kind}: ${what}`);
      // The runner itself goes on.
      expect(Object.values(engine.board.current().runners)).toMatchObject([{ state: 'idle' }]);
      const client = createPanelClient(engine, (error) => lab.faults.push(error));
      for (const { id } of notices(engine)) await client.notices.dismiss({ noticeId: id });
      await engine.dispose();
      rmSync(asideOf(path), { recursive: true });
      writeFileSync(path, good);
      engine = await lab.startEngine();
      expect(notices(engine)).toEqual([]);
    }
  }
});

test('a notice is there until it is put away, over restarts', async () => {
  const path = fileOf('connections');
  const next = await restartDamaged(path, (file) => writeFileSync(file, '{'), lab.engine);
  const before = notices(next.engine);
  await next.engine.dispose();
  const again = await lab.startEngine();
  expect(notices(again)).toEqual(before);
  const client = createPanelClient(again, (error) => lab.faults.push(error));
  await client.notices.dismiss({ noticeId: before[0]?.id ?? '' });
  expect(notices(again)).toEqual([]);
  await expect(client.notices.dismiss({ noticeId: before[0]?.id ?? '' })).rejects.toThrow('put away already');
  await again.dispose();
  expect(notices(await lab.startEngine())).toEqual([]);
});

test('a connection and a repository that were lost are taken up again with their runners', async () => {
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1));
  await whenAllReady(lab, 1);
  let { engine } = lab;
  for (const kinds of [['connections'], ['repositories'], ['connections', 'repositories']]) {
    await engine.dispose();
    for (const kind of kinds) writeFileSync(fileOf(kind), 'garbage');
    engine = await lab.startEngine();
    const client = createPanelClient(engine, (error) => lab.faults.push(error));
    expect(await connectTo(client, lab.github), kinds.join()).toBe(lab.repositoryId);
    await client.repositories.refresh({ repositoryId: lab.repositoryId });
    const [runner] = await when({ engine }, ([row]) => row?.forgeStatus === 'online');
    expect(runner?.repositoryId).toBe(lab.repositoryId);
  }
});

test('a runner whose record was lost is left over with its processes and its registration, and can be cleaned up', async () => {
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1));
  const [runner] = await whenAllReady(lab, 1);
  const path = fileOf('runners');
  const { engine, content } = await restartDamaged(path, (file) => writeFileSync(file, '{"id"'), lab.engine);
  expectSetAside(engine, path, content, 'runners');
  expect(await lab.processes()).not.toEqual([]);
  const [leftover, ...others] = Object.values(engine.board.current().leftovers);
  expect(others).toEqual([]);
  expect(leftover).toMatchObject({ kind: 'folder', name: runner?.name });
  expect(leftover?.detail).toContain(`registered in octo/forge as ${runner?.forgeRunnerId}`);
  // It may run a job: it is no ghost.
  const client = createPanelClient(engine, (error) => lab.faults.push(error));
  await client.ghosts.scan({});
  expect(engine.board.current().ghosts).toEqual({});

  await client.leftovers.cleanUp({ leftoverId: leftover?.id ?? '' });
  expect(await lab.processes()).toEqual([]);
  expect(registered(lab)).toEqual([]);
  expect(readdirSync(join(lab.dataFolder, 'runners'))).toEqual([]);
  expect(readFileSync(asideOf(path)).toString('base64')).toBe(content);
});

test('the other files of the state', async () => {
  let { engine } = lab;
  const files: [path: string, content: string][] = [
    [join(stateFolder('leftovers'), 'x.json'), '[]'],
    [join(stateFolder('notices'), 'x.json'), 'no'],
    [join(lab.dataFolder, 'history.db'), 'no database '.repeat(999)],
    [join(lab.dataFolder, 'engine.lock'), 'no lock '.repeat(999)],
  ];
  for (const [path, garbage] of files) {
    const next = await restartDamaged(path, (file) => writeFileSync(file, garbage), engine);
    engine = next.engine;
    expectSetAside(engine, path, next.content, path);
    const client = createPanelClient(engine, (error) => lab.faults.push(error));
    for (const { id } of notices(engine)) await client.notices.dismiss({ noticeId: id });
  }
});

test('a state folder that is a file is set aside; what cannot be the lock is refused by name', async () => {
  await lab.engine.dispose();
  const state = join(lab.dataFolder, 'state');
  rmSync(state, { recursive: true });
  writeFileSync(state, 'I am a file.');
  const engine = await lab.startEngine();
  expect(readFileSync(asideOf(state), 'utf8')).toBe('I am a file.');
  expect(notices(engine)).toHaveLength(1);
  await engine.dispose();
  const lock = join(lab.dataFolder, 'engine.lock');
  rmSync(lock);
  mkdirSync(lock);
  await expect(lab.startEngine()).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringContaining(lock),
    data: { remedy: expect.stringMatching(/\w/) },
  });
});

test('the demo GitHub begins anew when its state cannot be read', async () => {
  await lab.client.connections.addDemo({});
  let { engine } = lab;
  const path = join(lab.dataFolder, 'demo', 'github.json');
  for (const [what, damage] of damages) {
    const next = await restartDamaged(path, damage, engine);
    engine = next.engine;
    expectSetAside(engine, path, next.content, what);
    const demo = Object.values(engine.board.current().connections).find((row) => row.demo);
    expect(demo).toMatchObject({ usable: true, problem: null });
    const client = createPanelClient(engine, (error) => lab.faults.push(error));
    for (const { id } of notices(engine)) await client.notices.dismiss({ noticeId: id });
    rmSync(asideOf(path), { recursive: true });
  }
});
