import { existsSync } from 'node:fs';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listFolder } from '../platform/disk.ts';
import { createEntryGuard } from './archive-entries.ts';
import { extractArchive } from './extract.ts';
import { smallRunner, type TestEntry, tarGzOf, tarOf } from './test-archives.ts';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'trackside-extract-'));
  await mkdir(join(base, 'trees'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const target = (): string => join(base, 'trees', 'tree');

async function extract(content: Buffer, limits?: { entries: number; bytes: number; linkDepth: number }) {
  const archiveFile = join(base, 'runner.tar.gz');
  await writeFile(archiveFile, content);
  const { signal } = new AbortController();
  return extractArchive({ archiveFile, folder: target(), signal, limits });
}

/** Nothing of a refused archive is left, and nothing was written beside the folder. */
async function expectNothingLeft(): Promise<void> {
  expect(await readdir(join(base, 'trees'))).toEqual([]);
  expect((await readdir(base)).sort()).toEqual(['runner.tar.gz', 'trees']);
}

test('extracts files, folders and links; files are read-only and keep their execute bits', async () => {
  const totals = await extract(tarGzOf(smallRunner));
  expect(totals).toEqual({ files: 5, bytes: 10 + 5000 + 2 + 60_000 + 7 });
  expect((await lstat(join(target(), 'config.sh'))).mode & 0o777).toBe(0o555);
  expect((await lstat(join(target(), 'bin/settings.json'))).mode & 0o777).toBe(0o444);
  expect((await lstat(join(target(), 'bin'))).mode & 0o700).toBe(0o700);
  expect(await readlink(join(target(), 'externals/node24/bin/npm'))).toBe('../lib/npm-cli.js');
});

test('drops setuid bits and takes hard links to files inside', async () => {
  await extract(
    tarGzOf([
      { path: 'tool', content: 'x', mode: 0o4755 },
      { path: 'same', type: 'Link', linkpath: 'tool' },
    ]),
  );
  expect((await lstat(join(target(), 'tool'))).mode & 0o7777).toBe(0o555);
  expect((await lstat(join(target(), 'same'))).ino).toBe((await lstat(join(target(), 'tool'))).ino);
});

const hostile: [string, TestEntry[], RegExp][] = [
  [
    '../ in the path',
    [{ path: '../evil', content: 'x' }],
    /"\.\.\/evil" would be written outside the folder/,
  ],
  ['../ in the middle', [{ path: 'bin/../../evil', content: 'x' }], /written outside the folder/],
  ['an absolute path', [{ path: '/trackside-evil/file', content: 'x' }], /has an absolute path/],
  ['a Windows drive', [{ path: 'C:\\evil', content: 'x' }], /has an absolute path/],
  ['an absolute link', [{ path: 'link', type: 'SymbolicLink', linkpath: '/etc' }], /is a link that leaves/],
  [
    'a link outwards',
    [{ path: 'a/link', type: 'SymbolicLink', linkpath: '../../x' }],
    /is a link that leaves/,
  ],
  [
    'a link outwards by way of another link',
    [
      { path: 'deep/er/', type: 'Directory' },
      { path: 'far', type: 'SymbolicLink', linkpath: 'deep/up/../..' },
      { path: 'deep/up', type: 'SymbolicLink', linkpath: '..' },
    ],
    /"far" is a link that leaves/,
  ],
  [
    'a file written through a link',
    [
      { path: 'bin/', type: 'Directory' },
      { path: 'lib', type: 'SymbolicLink', linkpath: 'bin' },
      { path: 'lib/evil', content: 'x' },
    ],
    /would be written through "lib"/,
  ],
  [
    'a link that replaces a folder',
    [
      { path: 'bin/tool', content: 'x' },
      { path: 'bin', type: 'SymbolicLink', linkpath: 'lib' },
    ],
    /takes the place of an earlier entry/,
  ],
  [
    'a file that replaces a link',
    [
      { path: 'file', type: 'SymbolicLink', linkpath: 'other' },
      { path: 'file', content: 'x' },
    ],
    /takes the place of an earlier entry/,
  ],
  [
    'a hard link outwards',
    [{ path: 'passwd', type: 'Link', linkpath: '../../etc/passwd' }],
    /outside the folder/,
  ],
  ['an absolute hard link', [{ path: 'passwd', type: 'Link', linkpath: '/etc/passwd' }], /absolute path/],
  [
    'a hard link to a link',
    [
      { path: 'link', type: 'SymbolicLink', linkpath: 'file' },
      { path: 'hard', type: 'Link', linkpath: 'link' },
    ],
    /is a hard link to "link", which is no file before it/,
  ],
  ['a device', [{ path: 'disk', type: 'CharacterDevice' }], /but a CharacterDevice/],
  ['a pipe', [{ path: 'pipe', type: 'FIFO' }], /but a FIFO/],
  ['a file as the folder itself', [{ path: '.', content: 'x' }], /place of the folder itself/],
];

test.each(hostile)('refuses %s and leaves nothing', async (_, entries, message) => {
  const before: TestEntry = { path: 'harmless', content: 'x' };
  await expect(extract(tarGzOf([before, ...entries]))).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(message),
  });
  await expectNothingLeft();
  expect(existsSync('/trackside-evil')).toBe(false);
});

test('accepts links that lead around inside, in circles or nowhere', async () => {
  await extract(
    tarGzOf([
      { path: 'a/b/', type: 'Directory' },
      { path: 'a/b/up', type: 'SymbolicLink', linkpath: '../..' },
      { path: 'round', type: 'SymbolicLink', linkpath: 'round' },
      { path: 'nowhere', type: 'SymbolicLink', linkpath: 'a/missing' },
    ]),
  );
  expect(await readlink(join(target(), 'a/b/up'))).toBe('../..');
});

test('on disks that take A and a for the same, so does the guard', () => {
  const guard = createEntryGuard('x', undefined, true);
  guard.admit({ path: 'Lib', type: 'SymbolicLink', size: 0, linkpath: 'bin' });
  expect(() => guard.admit({ path: 'lib/evil', type: 'File', size: 1 })).toThrow(/written through "lib"/);
  expect(() => guard.admit({ path: 'LIB', type: 'File', size: 1 })).toThrow(/place of an earlier entry/);
  guard.admit({ path: 'd/UP', type: 'SymbolicLink', size: 0, linkpath: '..' });
  guard.admit({ path: 'far', type: 'SymbolicLink', size: 0, linkpath: 'd/up/..' });
  expect(() => guard.finish()).toThrow(/"far" is a link that leaves/);
});

test('refuses what grows too large, by bytes, by entries and by what gzip hides', async () => {
  const files = Array.from({ length: 6 }, (_, index) => ({ path: `f${index}`, content: Buffer.alloc(1000) }));
  const limits = { entries: 10, bytes: 5000, linkDepth: 40 };
  await expect(extract(tarGzOf(files), limits)).rejects.toThrow(/larger than 5 kB unpacked/);
  await expectNothingLeft();
  const many = Array.from({ length: 11 }, (_, index) => ({ path: `f${index}` }));
  await expect(extract(tarGzOf(many), limits)).rejects.toThrow(/one more than 10/);
  await expectNothingLeft();
  const claim = [{ path: 'bomb', claimedBytes: 9 * 1024 ** 3 }];
  await expect(extract(tarGzOf(claim))).rejects.toThrow(/"bomb" makes it larger than 8\.6 GB/);
  const zeros = gzipSync(Buffer.concat([tarOf([{ path: 'small', content: 'x' }]), Buffer.alloc(100_000)]));
  await expect(extract(zeros, { ...limits, entries: 5 })).rejects.toThrow(/unpacks to more than/);
  await expect(extract(gzipSync(tarGzOf(smallRunner)))).rejects.toThrow(/compressed twice/);
  await expectNothingLeft();
});

test('refuses zip archives, other files, and archives that are cut short or altered', async () => {
  await expect(extract(Buffer.from('PK\u0003\u0004 and more'))).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  });
  await expect(extract(Buffer.from('<html>Not found</html>'))).rejects.toThrow(/is not a \.tar\.gz/);
  await expect(extract(Buffer.alloc(0))).rejects.toThrow(/is not a \.tar\.gz/);
  const whole = tarGzOf(smallRunner);
  await expect(extract(whole.subarray(0, whole.length - 100))).rejects.toThrow(/is damaged/);
  const altered = Buffer.from(whole);
  altered.fill(0x55, 60, 90);
  await expect(extract(altered)).rejects.toMatchObject({ code: 'HOST_FAILED' });
  await expect(extract(gzipSync(tarOf(smallRunner).subarray(0, 4000)))).rejects.toThrow(
    /cannot be extracted/,
  );
  await expectNothingLeft();
});

test('never writes into a folder that is there already, not even by way of a link', async () => {
  const precious = join(base, 'precious');
  await mkdir(precious);
  await writeFile(join(precious, 'config.sh'), 'mine');
  await symlink(precious, target());
  await expect(extract(tarGzOf(smallRunner))).rejects.toThrow(/EEXIST/);
  expect(await readFile(join(precious, 'config.sh'), 'utf8')).toBe('mine');
});

test('a cancelled extraction leaves nothing and rejects with the reason', async () => {
  const archiveFile = join(base, 'runner.tar.gz');
  const large = Array.from({ length: 40 }, (_, index) => ({
    path: `f${index}`,
    content: Buffer.alloc(300_000, index),
  }));
  await writeFile(archiveFile, tarGzOf(large));
  const abort = new AbortController();
  const reason = new Error('cancelled by a person');
  const onProgress = (): void => abort.abort(reason);
  const work = extractArchive({ archiveFile, folder: target(), signal: abort.signal, onProgress });
  await expect(work).rejects.toBe(reason);
  await expectNothingLeft();
});

test('whatever the entries are: it is refused, or every link stays inside and nothing lies beside the folder', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const joined = (part: fc.Arbitrary<string>) =>
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const sometimesUp = fc.oneof(
    { weight: 40, arbitrary: name },
    { weight: 1, arbitrary: fc.constantFrom('..', '.', '') },
  );
  const oftenUp = fc.oneof(name, fc.constant('..'));
  const entry = fc.record({
    path: joined(sometimesUp),
    type: fc.constantFrom(
      'File' as const,
      'Directory' as const,
      'SymbolicLink' as const,
      'SymbolicLink' as const,
    ),
    linkpath: joined(oftenUp),
  });
  let extracted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
      const packed = entries.map((row) => ({
        ...row,
        path: row.path || 'a',
        content: row.type === 'File' ? 'x' : '',
      }));
      const outcome = await extract(tarGzOf(packed)).catch((error: unknown) => error);
      expect((await readdir(base)).sort()).toEqual(['runner.tar.gz', 'trees']);
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({ name: 'TracksideError' });
        expect(await readdir(join(base, 'trees'))).toEqual([]);
        return;
      }
      extracted += 1;
      const inside = await realpath(target());
      for (const { path: link, target: to } of (await listFolder(target())).links) {
        const steps = to.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'));
        for (const step of steps) {
          const led = await realpath(join(target(), link, '..', step)).catch(() => inside);
          expect(led === inside || led.startsWith(`${inside}/`)).toBe(true);
        }
      }
      await rm(target(), { recursive: true });
    }),
    { numRuns: 600 },
  );
  expect(extracted).toBeGreaterThan(20);
});
