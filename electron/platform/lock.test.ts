import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TracksideError } from '../../shared/errors.ts';
import { lockDataFolder } from './lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Another process that takes the lock and holds it until it is killed. */
async function holder() {
  const program = `import { lockDataFolder } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    lockDataFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a second engine is refused with the number of the first', async () => {
  const child = await holder();
  try {
    expect(() => lockDataFolder(folder)).toThrow(
      `Trackside already runs with the data folder ${folder} (process ${child.pid})`,
    );
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('a killed engine leaves no lock behind', async () => {
  const child = await holder();
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockDataFolder(folder).release();
});

test('a released folder can be taken again', () => {
  lockDataFolder(folder).release();
  lockDataFolder(folder).release();
});

test('a folder that cannot be made is told with its path', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const attempt = () => lockDataFolder(join(file, 'data'));
  expect(attempt).toThrow(TracksideError);
  expect(attempt).toThrow('cannot be written');
});

test('a damaged lock file is copied aside and locks again', async () => {
  await writeFile(join(folder, 'engine.lock'), 'no lock '.repeat(99));
  const lock = lockDataFolder(folder, 7);
  expect(lock.setAside).toBe(join(folder, 'engine.lock.damaged-7'));
  expect(await readFile(join(folder, 'engine.lock.damaged-7'), 'utf8')).toMatch(/^no lock/);
  expect(() => lockDataFolder(folder)).toThrow('already runs');
  lock.release();
  const next = lockDataFolder(folder);
  expect(next.setAside).toBeNull();
  next.release();
});

test('a folder in the place of the lock file is told with its path', async () => {
  await mkdir(join(folder, 'engine.lock'));
  expect(() => lockDataFolder(folder)).toThrow(`${join(folder, 'engine.lock')} is not a file`);
});
