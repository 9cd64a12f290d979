import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findElectron } from './find-electron.ts';

let folder: string;
let packageFolder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-electron-'));
  packageFolder = join(folder, 'electron');
  await mkdir(packageFolder);
});
afterEach(() => rm(folder, { recursive: true }));

async function put(...path: string[]): Promise<string> {
  const file = join(...path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '');
  return file;
}

const search = (overrides: Partial<Parameters<typeof findElectron>[0]> = {}) =>
  findElectron({ packageFolder, env: { DISPLAY: ':0' }, platform: 'linux', isRoot: false, ...overrides });

test('a package that has its binary is found by its path.txt', async () => {
  await writeFile(join(packageFolder, 'path.txt'), 'electron-special\n');
  const binary = await put(packageFolder, 'dist', 'electron-special');
  expect(search()).toEqual({ found: true, binary });
});

test('a package whose binary was never fetched is told apart', () => {
  expect(search()).toEqual({
    found: false,
    reason: 'Electron’s binary is not here (npx install-electron fetches it)',
  });
  expect(search({ packageFolder: null })).toMatchObject({ found: false });
});

test('ELECTRON_OVERRIDE_DIST_PATH comes first, and is named when it has no binary', async () => {
  await writeFile(join(packageFolder, 'path.txt'), 'electron');
  await put(packageFolder, 'dist', 'electron');
  const elsewhere = join(folder, 'elsewhere');
  const env = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: elsewhere };
  expect(search({ env })).toMatchObject({
    found: false,
    reason: expect.stringContaining('ELECTRON_OVERRIDE_DIST_PATH'),
  });
  const binary = await put(elsewhere, 'electron');
  expect(search({ env })).toEqual({ found: true, binary });
});

test.each([
  ['darwin', join('Electron.app', 'Contents', 'MacOS', 'Electron')],
  ['win32', 'electron.exe'],
] as const)('on %s the binary has its own name', async (platform, name) => {
  const elsewhere = join(folder, 'elsewhere');
  const binary = await put(elsewhere, name);
  const env = { ELECTRON_OVERRIDE_DIST_PATH: elsewhere };
  expect(search({ env, platform, packageFolder: null })).toEqual({ found: true, binary });
});

test('on Linux it needs a display, and not to be root', async () => {
  await put(packageFolder, 'dist', 'electron');
  expect(search({ env: {} })).toMatchObject({ found: false, reason: expect.stringContaining('display') });
  expect(search({ env: { WAYLAND_DISPLAY: 'wayland-0' } })).toMatchObject({ found: true });
  expect(search({ isRoot: true })).toMatchObject({ found: false, reason: expect.stringContaining('root') });
});
