import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, systemClock } from '../platform/clock.ts';
import { diskSpace, folderUsage, listFolder } from '../platform/disk.ts';
import { canMountOverlay, mountsBelow, unmount } from '../platform/mounts.ts';
import { extractArchive } from './extract.ts';
import { type Clone, createInstaller } from './install.ts';
import { smallRunner, type TestEntry, tarGzOf } from './test-archives.ts';
import type { ExtractedTree } from './trees.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
let base = '';
const cleanUps: (() => unknown)[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'trackside-install-'));
  cleanUps.push(async () => {
    for (const point of await mountsBelow(base)) await unmount(point);
    await rm(base, { recursive: true, force: true });
  });
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function extractTree(folder = base, entries: TestEntry[] = smallRunner): Promise<ExtractedTree> {
  const archiveFile = join(folder, 'runner.tar.gz');
  await writeFile(archiveFile, tarGzOf(entries));
  const totals = await extractArchive({ archiveFile, folder: join(folder, 'tree'), signal });
  return { ...totals, folder: join(folder, 'tree'), version: '2.336.0', fromCache: false };
}

function installerFor(allowed?: Clone['strategy'][], folder = base) {
  return createInstaller({ clock: systemClock, probeFolder: folder, allowed });
}

/** The clone is the tree, and its files are the runner's own: writing them changes neither the tree nor a sibling. */
async function expectOwnFiles(tree: ExtractedTree, clone: Clone, sibling: Clone): Promise<void> {
  const kept = await readFile(join(tree.folder, 'bin/settings.json'), 'utf8');
  expect((await stat(join(clone.root, 'bin/Runner.Listener'))).mode & 0o111).toBe(0o111);
  expect(await readlink(join(clone.root, 'externals/node24/bin/npm'))).toBe('../lib/npm-cli.js');
  expect((await readFile(join(clone.root, 'externals/node24/bin/node'))).length).toBe(60_000);
  await writeFile(join(clone.root, 'bin/settings.json'), 'changed in place');
  await writeFile(join(clone.root, '.runner'), 'its own');
  await mkdir(join(clone.root, '_work/_temp'), { recursive: true });
  expect(await readFile(join(tree.folder, 'bin/settings.json'), 'utf8')).toBe(kept);
  expect(await readFile(join(sibling.root, 'bin/settings.json'), 'utf8')).toBe(kept);
  expect(await readdir(tree.folder)).not.toContain('.runner');
  expect(await readdir(sibling.root)).not.toContain('_work');
}

const overlayWorks = await canMountOverlay(tmpdir());

test('a copy is the runner’s own', async () => {
  const tree = await extractTree();
  const installer = installerFor(['copy']);
  const clone = await installer.clone(tree, join(base, 'runners/a'), signal);
  const sibling = await installer.clone(tree, join(base, 'runners/b'), signal);
  expect(clone).toEqual({
    strategy: 'copy',
    root: join(base, 'runners/a/runner'),
    detail: 'full copy, 65 kB',
  });
  await expectOwnFiles(tree, clone, sibling);
  await installer.attach(clone);
  await installer.remove(clone);
  expect(await readdir(join(base, 'runners'))).toEqual(['b']);
  expect(await readFile(join(sibling.root, 'config.sh'), 'utf8')).toBe('#!/bin/sh\n');
});

test.runIf(overlayWorks)(
  'an overlay costs nothing, is its own, and is mounted again after a restart',
  async () => {
    const odd = join(base, 'a b,c:d\\e"f\tg');
    await mkdir(odd);
    const tree = await extractTree(odd);
    const installer = installerFor(['overlay'], relative(process.cwd(), odd));
    const clone = await installer.clone(tree, join(odd, 'runners/a'), signal);
    const sibling = await installer.clone(tree, join(odd, 'runners/b'), signal);
    expect(clone.strategy).toBe('overlay');
    expect(await folderUsage(join(odd, 'runners/a'))).toBeLessThan(30_000);
    await expectOwnFiles(tree, clone, sibling);

    await unmount(clone.root);
    expect(await readdir(clone.root)).toEqual([]);
    await installer.attach(join(odd, 'runners/a'));
    await installer.attach(join(odd, 'runners/a'));
    expect(await mountsBelow(clone.root)).toHaveLength(1);
    expect(await readFile(join(clone.root, '.runner'), 'utf8')).toBe('its own');

    await installer.remove(clone);
    await installer.remove(sibling);
    expect(await readdir(join(odd, 'runners'))).toEqual([]);
    expect(await mountsBelow(odd)).toEqual([]);
    expect(await readFile(join(tree.folder, 'bin/settings.json'), 'utf8')).toBe('{}');
    await rm(tree.folder, { recursive: true });
  },
);

test.runIf(overlayWorks)('an overlay in use is waited for, and named when it stays in use', async () => {
  const tree = await extractTree();
  const clock = createManualClock();
  const installer = createInstaller({ clock, probeFolder: base, allowed: ['overlay'] });
  const clone = await installer.clone(tree, join(base, 'runners/a'), signal);
  const user = spawn('cat', { cwd: clone.root, stdio: ['pipe', 'ignore', 'ignore'] });
  await once(user, 'spawn');
  let settled = false;
  const removal = installer.remove(clone).finally(() => {
    settled = true;
  });
  removal.catch(() => {});
  await expect
    .poll(async () => (settled ? true : clock.advance(250).then(() => settled)), {
      interval: 5,
      timeout: 15_000,
    })
    .toBe(true);
  await expect(removal).rejects.toThrow(`The files in ${clone.root} are in use`);
  expect(await installer.owns(join(base, 'runners/a'))).toBe(true);
  user.stdin.end();
  await once(user, 'exit');
  await installer.remove(clone);
  expect(await readdir(join(base, 'runners'))).toEqual([]);
});

test.runIf(overlayWorks)('what a job mounted inside is unmounted, never deleted', async () => {
  const tree = await extractTree();
  const installer = installerFor();
  const clone = await installer.clone(tree, join(base, 'runners/a'), signal);
  const precious = join(base, 'precious');
  await mkdir(precious);
  await writeFile(join(precious, 'file'), 'kept');
  await mkdir(join(clone.root, '_work/data'), { recursive: true });
  await run('mount', ['--bind', precious, join(clone.root, '_work/data')]);
  await installer.remove(clone);
  expect(await readFile(join(precious, 'file'), 'utf8')).toBe('kept');
});

test('links that lead out are removed, not followed', async () => {
  const tree = await extractTree();
  const installer = installerFor(['copy']);
  const clone = await installer.clone(tree, join(base, 'runners/a'), signal);
  await mkdir(join(base, 'precious'));
  await writeFile(join(base, 'precious/file'), 'kept');
  await symlink(join(base, 'precious'), join(clone.root, '_work'));
  await installer.remove(clone);
  expect(await readFile(join(base, 'precious/file'), 'utf8')).toBe('kept');
});

test('removes nothing that is not ours', async () => {
  const installer = installerFor(['copy']);
  const theirs = join(base, 'theirs');
  await mkdir(join(theirs, 'runner'), { recursive: true });
  const refusal = { code: 'CONFLICT', message: `${theirs} was not made by Trackside: it is left alone.` };
  await expect(installer.remove(theirs)).rejects.toMatchObject(refusal);
  await expect(installer.clone(await extractTree(), theirs, signal)).rejects.toMatchObject(refusal);
  expect(await readdir(theirs)).toEqual(['runner']);
  expect(await installer.owns(theirs)).toBe(false);
  const link = join(base, 'link');
  await symlink(theirs, link);
  await expect(installer.remove(link)).rejects.toMatchObject({ code: 'CONFLICT' });
  await installer.remove(join(base, 'nothing'));
  expect(await installer.owns(join(base, 'nothing'))).toBe(false);
});

test('a half-made clone is ours: it can be removed, or made again', async () => {
  const tree = await extractTree();
  const installer = installerFor(['copy']);
  const makeHalf = async (name: string): Promise<string> => {
    const destination = join(base, 'runners', name);
    await mkdir(join(destination, 'runner/bin'), { recursive: true });
    const record = { madeBy: 'trackside', state: 'making', treeFolder: tree.folder, clone: null };
    await writeFile(join(destination, 'clone.json'), JSON.stringify(record));
    return destination;
  };
  const half = await makeHalf('a');
  expect(await installer.owns(half)).toBe(true);
  await expect(installer.attach(half)).rejects.toMatchObject({ code: 'HOST_FAILED' });
  await installer.remove(half);
  const clone = await installer.clone(tree, await makeHalf('b'), signal);
  expect((await readdir(clone.root)).sort()).toEqual(['bin', 'config.sh', 'externals']);
  await expect(installer.clone(tree, join(base, 'runners/b'), signal)).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  const barely = join(base, 'runners/c');
  await mkdir(barely);
  await writeFile(join(barely, 'clone.json.3f0c.tmp'), '{');
  expect(await installer.owns(barely)).toBe(true);
  await installer.remove(barely);
  expect(await readdir(join(base, 'runners'))).toEqual(['b']);
});

test('a cancelled or failed clone leaves nothing, and the folder’s other content stays', async () => {
  const tree = await extractTree();
  const installer = installerFor(['copy']);
  const abort = new AbortController();
  const destination = join(base, 'runners/a');
  const cloning = installer.clone(tree, destination, abort.signal);
  abort.abort(new Error('cancelled'));
  await expect(cloning).rejects.toThrow('cancelled');
  expect(await readdir(join(base, 'runners'))).toEqual([]);
  await mkdir(join(destination, 'control'), { recursive: true });
  const goneTree: ExtractedTree = { ...tree, folder: join(base, 'gone') };
  await expect(installer.clone(goneTree, destination, signal)).rejects.toMatchObject({
    code: 'HOST_FAILED',
  });
  expect(await readdir(destination)).toEqual(['control']);
});

/** Runs a piece of the installer as the user `nobody`, for whom root's powers are no excuse. */
async function cloneAsNobody(
  tree: ExtractedTree,
  destination: string,
): Promise<Clone & { written: string[] }> {
  const program = `
    import { createInstaller } from ${JSON.stringify(join(import.meta.dirname, 'install.ts'))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dirname, '../platform/clock.ts'))};
    import { appendFileSync } from 'node:fs';
    const [tree, destination, probeFolder] = process.argv.slice(1);
    const installer = createInstaller({ clock: systemClock, probeFolder });
    const clone = await installer.clone(JSON.parse(tree), destination, new AbortController().signal);
    const written = ['bin/settings.json', 'config.sh', '.env', 'externals/node24/lib/npm-cli.js', 'externals/new'].filter((path) => {
      try {
        appendFileSync(clone.root + '/' + path, 'written');
        return true;
      } catch {
        return false;
      }
    });
    await installer.attach(clone);
    console.log(JSON.stringify({ ...clone, written }));`;
  const args = [
    '--input-type=module',
    '-e',
    program,
    JSON.stringify(tree),
    destination,
    join(base, 'probes'),
  ];
  const { stdout } = await run(process.execPath, args, { uid: 65534, gid: 65534, env: {} });
  return JSON.parse(stdout);
}

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)(
  'an ordinary user’s runners share read-only externals, and nothing they can write',
  async (context) => {
    const tree = await extractTree();
    const { folders, files } = await listFolder(base);
    for (const { path } of [...folders, ...files]) await chown(join(base, path), 65534, 65534);
    await chown(base, 65534, 65534);
    const clone = await cloneAsNobody(tree, join(base, 'runners/a'));
    if (clone.strategy === 'reflink') return context.skip('this disk shares blocks: nothing is linked here');
    expect(clone.strategy).toBe('linked');
    expect(await readlink(join(clone.root, 'externals'))).toBe(join(tree.folder, 'externals'));
    expect(clone.written).toEqual(['bin/settings.json', 'config.sh', '.env']);
    const { files: cached } = await listFolder(tree.folder);
    const inodes = new Set(cached.map(({ stats }) => stats.ino));
    const { files: own } = await listFolder(clone.root);
    expect(own.filter(({ stats }) => inodes.has(stats.ino))).toEqual([]);
    const installer = installerFor(['copy']);
    await expect(installer.clone(tree, join(base, 'runners/b'), signal)).resolves.toMatchObject({
      strategy: 'copy',
    });
    await installer.remove(join(base, 'runners/a'));
    expect(await readFile(join(tree.folder, 'externals/node24/lib/npm-cli.js'), 'utf8')).toBe('// npm\n');
  },
);

/** A disk of its own, in a file, mounted below `base`; null where the tools or the rights are missing. */
async function mountImage(kind: 'xfs' | 'btrfs'): Promise<string | null> {
  const image = join(base, `${kind}.image`);
  const folder = join(base, kind);
  try {
    await mkdir(folder);
    await run('truncate', ['-s', '400M', image]);
    await run(`mkfs.${kind}`, ['-q', image]);
    await run('mount', ['-o', 'loop', image, folder]);
    cleanUps.push(() => run('umount', [folder]));
    return folder;
  } catch {
    return null;
  }
}

test.each(['xfs', 'btrfs'] as const)('on %s clones share their blocks until written', async (kind) => {
  const folder = await mountImage(kind);
  if (!folder) return console.log(`not tested: this machine cannot make and mount a ${kind} disk`);
  const megabytes = Buffer.alloc(30_000_000);
  for (let index = 0; index < megabytes.length; index += 4) megabytes.writeInt32LE(index, index);
  const tree = await extractTree(folder, [...smallRunner, { path: './bin/large', content: megabytes }]);
  const installer = installerFor(undefined, folder);
  const sync = () => run('sync', ['-f', folder]);
  const clone = await installer.clone(tree, join(folder, 'runners/a'), signal);
  await sync();
  const before = (await diskSpace(folder)).freeBytes;
  const sibling = await installer.clone(tree, join(folder, 'runners/b'), signal);
  await sync();
  expect(before - (await diskSpace(folder)).freeBytes).toBeLessThan(3_000_000);
  expect(clone.strategy).toBe('reflink');
  await expectOwnFiles(tree, clone, sibling);
  expect((await lstat(join(clone.root, 'config.sh'))).mode & 0o777).toBe(0o755);
  await installer.remove(clone);
  await installer.remove(sibling);
  expect(await readdir(join(folder, 'runners'))).toEqual([]);
});
