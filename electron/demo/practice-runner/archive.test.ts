import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPracticeRunnerArchive } from './archive.ts';
import { bundlePracticeRunner } from './bundle.ts';

let folder: string;
let bundleFolder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-archive-'));
  bundleFolder = join(folder, 'bundle');
  await bundlePracticeRunner(bundleFolder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const target = { os: 'osx', architecture: 'arm64', version: '2.336.0' } as const;

async function unpack(archive: string, name: string): Promise<string> {
  const root = join(folder, name);
  await mkdir(root);
  await extract({ file: archive, cwd: root });
  return root;
}

test('the archive is laid out as the vendor packs it, without a folder around it', async () => {
  const destination = join(folder, 'plain', 'runner.tar.gz');
  const built = await buildPracticeRunnerArchive({ ...target, destination, bundleFolder });
  const bytes = await readFile(destination);
  expect(built).toEqual({
    path: destination,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  const root = await unpack(destination, 'unpacked');
  expect((await readdir(root)).sort()).toEqual([
    'bin',
    'config.sh',
    'env.sh',
    'externals',
    'run-helper.cmd.template',
    'run-helper.sh.template',
    'run.sh',
    'safe_sleep.sh',
  ]);
  for (const program of [
    'config.sh',
    'bin/Runner.Listener',
    'bin/Runner.Worker',
    'externals/node24/bin/node',
  ]) {
    expect((await stat(join(root, program))).mode & 0o777, program).toBe(0o755);
  }
  expect(JSON.parse(await readFile(join(root, 'bin/release.json'), 'utf8'))).toEqual({
    version: '2.336.0',
    os: 'macOS',
    architecture: 'ARM64',
  });
  expect(await readFile(join(root, 'externals/node24/bin/node'), 'utf8')).toContain(
    `exec '${process.execPath}'`,
  );
});

test('the same options give the same bytes', async () => {
  const build = (name: string) =>
    buildPracticeRunnerArchive({ ...target, destination: join(folder, name), bundleFolder });
  expect((await build('one.tar.gz')).sha256).toBe((await build('two.tar.gz')).sha256);
});

test('a Node with a strange name is quoted', async () => {
  const destination = join(folder, 'quoted.tar.gz');
  await buildPracticeRunnerArchive({ ...target, destination, bundleFolder, nodePath: "/opt/it's here/node" });
  const root = await unpack(destination, 'quoted');
  expect(await readFile(join(root, 'externals/node24/bin/node'), 'utf8')).toContain(
    `exec '/opt/it'\\''s here/node'`,
  );
});

test('padding has exactly the wished number and size, the same each time, and compresses as programs do', async () => {
  const padding = { files: 1200, bytes: 6_000_000 };
  const destination = join(folder, 'padded.tar.gz');
  const built = await buildPracticeRunnerArchive({ ...target, destination, bundleFolder, padding });
  const again = await buildPracticeRunnerArchive({ ...target, destination, bundleFolder, padding });
  expect(again.sha256).toBe(built.sha256);
  const root = join(await unpack(destination, 'padded'), 'externals', 'generated');
  const entries = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const sizes = await Promise.all(
    entries.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  expect(sizes.length).toBe(padding.files);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(padding.bytes);
  expect(Math.max(...sizes)).toBeGreaterThan(500_000);
  expect(built.bytes / padding.bytes).toBeGreaterThan(0.3);
  expect(built.bytes / padding.bytes).toBeLessThan(0.7);
});

test('a practice runner that was not bundled is told, and nothing is left behind', async () => {
  const destination = join(folder, 'none', 'runner.tar.gz');
  const wanted = { ...target, destination, bundleFolder: join(folder, 'nowhere') };
  await expect(buildPracticeRunnerArchive(wanted)).rejects.toThrow();
  await expect(readdir(join(folder, 'none'))).rejects.toThrow();
});
