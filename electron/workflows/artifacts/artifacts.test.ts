import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TracksideError } from '../../../shared/errors.ts';
import type { Artifact, SavedArtifact } from '../../../shared/model.ts';
import type { ForgeDownload, RunSight } from '../../forges/forge.ts';
import { createManualClock } from '../../platform/clock.ts';
import { unmount } from '../../platform/mounts.ts';
import { mountSmallDisk, noSmallDisks } from '../../testing/small-disk.ts';
import { createArtifacts } from './artifacts.ts';
import { createDownloads } from './downloads.ts';
import { digestOf, directoryOf, zipOf } from './testing.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'trackside-artifacts-'));
  folder = join(root, 'downloads');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const ref = { repositoryId: 'r', runId: 7, artifactId: 3 };

/** The service in front of a run with one artifact, whose bytes are what `send` gives. */
function setup(artifact: Partial<Artifact>, send: () => ForgeDownload) {
  const clock = createManualClock();
  const facts: Artifact = {
    ...{
      id: 3,
      name: 'report',
      sizeBytes: 0,
      digest: null,
      createdAt: null,
      expiresAt: null,
      expired: false,
    },
    ...artifact,
  };
  const sight = { artifacts: [facts] } as unknown as RunSight;
  const downloads = createDownloads({ isServed: true });
  const faults: unknown[] = [];
  const artifacts = createArtifacts({
    ...{ folder, downloads, clock, onFault: (error: unknown) => faults.push(error) },
    forgeOf: () => ({
      forge: { runReader: () => ({ look: async () => sight }), artifact: async () => send() },
      fullName: 'octo/forge',
    }),
  });
  return { artifacts, clock, downloads, faults };
}

const whole = (bytes: Buffer): ForgeDownload => ({
  stream: Readable.from([bytes.subarray(0, 10), bytes.subarray(10)], { objectMode: false }),
  sizeBytes: bytes.length,
});

async function last(states: AsyncIterable<SavedArtifact>): Promise<SavedArtifact> {
  let state: SavedArtifact | null = null;
  for await (const next of states) state = next;
  if (!state) throw new Error('Nothing was told');
  return state;
}

async function leftovers(): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

test('an artifact is saved as it is, compared, listed, and numbered when its name is taken', async () => {
  const bytes = await zipOf({ 'a.txt': 'alpha', 'deep/er/b.txt': 'beta!' });
  const { artifacts, downloads } = setup({ digest: digestOf(bytes) }, () => whole(bytes));
  const first = await last(artifacts.save(ref));
  expect(first).toMatchObject({
    receivedBytes: bytes.length,
    totalBytes: bytes.length,
    saved: {
      path: join(folder, 'report.zip'),
      files: [
        { name: 'a.txt', sizeBytes: 5 },
        { name: 'deep/er/b.txt', sizeBytes: 5 },
      ],
      ...{ refused: [], entries: 2, verified: true },
    },
  });
  expect(await readFile(join(folder, 'report.zip'))).toEqual(bytes);
  const [, , id = '', name] = first.saved?.href?.split('/') ?? [];
  expect(name).toBe('report.zip');
  expect(downloads.find(id)).toEqual({ path: join(folder, 'report.zip'), name: 'report.zip' });
  const second = await last(artifacts.save(ref));
  expect(second.saved?.path).toBe(join(folder, 'report (2).zip'));
  expect(await leftovers()).toEqual(['report (2).zip', 'report.zip']);
});

test('entries that would leave the folder, or are no plain files, are refused by name and nothing is unpacked', async () => {
  const bad = ['../evil', '/etc/passwd', 'a/../../b', 'C:evil', 'win\\evil', 'link', 'device', 'new\nline'];
  const files = Object.fromEntries([...bad, 'good.txt', 'dots..txt'].map((name) => [name, 'x']));
  const bytes = await zipOf(files, { link: 0o120777, device: 0o020666 });
  const { artifacts } = setup({ name: '../../report', digest: digestOf(bytes) }, () => whole(bytes));
  const { saved } = await last(artifacts.save(ref));
  expect(saved?.refused).toEqual(bad);
  expect(saved?.files.map(({ name }) => name)).toEqual(['good.txt', 'dots..txt']);
  expect(saved?.path).toBe(join(folder, '-..-report.zip'));
  expect(await readdir(root)).toEqual(['downloads']);
  expect(await leftovers()).toEqual(['-..-report.zip']);
});

test('tens of thousands of entries are counted, and the first are named', async () => {
  const bytes = directoryOf(60_000);
  const { artifacts } = setup({}, () => whole(bytes));
  const { saved } = await last(artifacts.save(ref));
  expect(saved).toMatchObject({ entries: 60_000, verified: false });
  expect(saved?.files).toHaveLength(10_000);
});

test('a file that was uploaded without an archive keeps its name', async () => {
  const bytes = Buffer.from('<h1>A page</h1>');
  const { artifacts } = setup({ name: 'page.html' }, () => whole(bytes));
  const { saved } = await last(artifacts.save(ref));
  expect(saved).toMatchObject({
    path: join(folder, 'page.html'),
    files: [{ name: 'page.html', sizeBytes: 15 }],
  });
});

test('a wrong digest is told, and nothing is kept', async () => {
  const bytes = await zipOf({ 'a.txt': 'alpha' });
  const { artifacts } = setup({ digest: digestOf(Buffer.from('other')) }, () => whole(bytes));
  await expect(last(artifacts.save(ref))).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
    message: expect.stringMatching(/^What arrived is not the artifact "report": its SHA-256 begins with/),
  });
  expect(await leftovers()).toEqual([]);
});

test('an archive without its end is told as damaged, and not kept', async () => {
  const bytes = (await zipOf({ 'a.txt': 'alpha' })).subarray(0, 40);
  const { artifacts } = setup({ digest: digestOf(bytes) }, () => whole(bytes));
  await expect(last(artifacts.save(ref))).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(/^The artifact "report" is a damaged zip archive: .* It was not kept\.$/),
  });
  expect(await leftovers()).toEqual([]);
});

test('an expired artifact, and one that is gone, are told before anything is fetched', async () => {
  const unreachable = () => {
    throw new Error('it was asked for');
  };
  const expired = setup({ expired: true, expiresAt: Date.UTC(2026, 4, 1) }, unreachable).artifacts;
  await expect(last(expired.save(ref))).rejects.toMatchObject({
    code: 'UNKNOWN',
    message: 'The artifact "report" expired on 2026-05-01: the forge has deleted it.',
  });
  const gone = setup({ id: 4 }, unreachable).artifacts;
  await expect(last(gone.save(ref))).rejects.toMatchObject({
    code: 'UNKNOWN',
    message: 'Run 7 has no artifact 3 (any more).',
  });
  const late = setup({}, () => {
    throw new TracksideError('UNKNOWN', 'Artifact 3 of octo/forge is not kept any more.');
  }).artifacts;
  await expect(last(late.save(ref))).rejects.toMatchObject({ code: 'UNKNOWN' });
  expect(await leftovers()).toEqual([]);
});

test('a download that breaks off, or ends too soon, leaves nothing', async () => {
  async function* broken() {
    yield Buffer.alloc(2048);
    throw new Error('connection reset');
  }
  const cut = setup({}, () => ({ stream: Readable.from(broken(), { objectMode: false }), sizeBytes: 4096 }));
  await expect(last(cut.artifacts.save(ref))).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
    message: expect.stringMatching(
      /^The download of the artifact "report" broke off after 2 kB of 4 kB: connection reset\.$/,
    ),
  });
  const short = setup({}, () => ({ stream: Readable.from([Buffer.alloc(1024)]), sizeBytes: 4096 }));
  await expect(last(short.artifacts.save(ref))).rejects.toMatchObject({
    message: 'The download of the artifact "report" broke off after 1 kB of 4 kB.',
  });
  expect(await leftovers()).toEqual([]);
});

/** A download that goes on only as far as the test lets it. */
function stepped() {
  const stream = new Readable({ read() {} });
  return { stream, download: (): ForgeDownload => ({ stream, sizeBytes: 100_000 }) };
}

test('whoever leaves half-way leaves nothing behind, and the forge is let go', async () => {
  const { stream, download } = stepped();
  const { artifacts } = setup({}, download);
  const abort = new AbortController();
  const states = artifacts.save(ref, abort.signal);
  expect((await states.next()).value).toEqual({ receivedBytes: 0, totalBytes: 100_000, saved: null });
  const waiting = states.next();
  stream.push(Buffer.alloc(5000));
  const closed = once(stream, 'close').catch(() => {});
  abort.abort();
  expect((await waiting).done).toBe(true);
  await closed;
  expect(stream.destroyed).toBe(true);
  expect(await leftovers()).toEqual([]);
});

test('progress is told at most ten times a second', async () => {
  const { stream, download } = stepped();
  const { artifacts, clock } = setup({}, download);
  const states = artifacts.save(ref);
  await states.next();
  const next = states.next();
  stream.push(Buffer.alloc(100));
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(100);
  stream.push(Buffer.alloc(200));
  const { value } = await next;
  expect(value).toMatchObject({ saved: null });
  expect([200, 300]).toContain(value?.receivedBytes);
  stream.push(null);
  await expect(states.next()).rejects.toMatchObject({ code: 'FORGE_UNREACHABLE' });
});

test('the engine’s end ends a download and leaves nothing', async () => {
  const { download } = stepped();
  const { artifacts } = setup({}, download);
  const states = artifacts.save(ref);
  await states.next();
  artifacts.dispose();
  await expect(states.next()).rejects.toThrow('The engine ends.');
  expect(await leftovers()).toEqual([]);
});

test('a disk without room is told before it begins, and one that fills up on the way leaves nothing', async ({
  skip,
}) => {
  const reason = noSmallDisks();
  if (reason) skip(reason);
  const disk = mountSmallDisk(folder, 40 * 1024 ** 2);
  try {
    const large = setup({ sizeBytes: 20 * 1024 ** 2 }, () => whole(Buffer.alloc(1000)));
    await expect(last(large.artifacts.save(ref))).rejects.toMatchObject({
      code: 'HOST_FAILED',
      message: expect.stringContaining('The disk has no room for the download of the artifact "report".'),
    });
    async function* growing() {
      yield Buffer.alloc(1000);
      disk.fill();
      yield Buffer.alloc(1024 ** 2);
    }
    const filled = setup({}, () => ({
      stream: Readable.from(growing(), { objectMode: false }),
      sizeBytes: null,
    }));
    await expect(last(filled.artifacts.save(ref))).rejects.toMatchObject({
      code: 'HOST_FAILED',
      message: expect.stringContaining('The disk has no room for the download of the artifact "report".'),
    });
    expect(await leftovers()).toEqual(['filling']);
  } finally {
    await unmount(folder);
  }
});

test('what an engine that died was receiving is swept away, nothing else', async () => {
  const { artifacts: first } = setup({}, () => whole(Buffer.from('plain')));
  await last(first.save(ref));
  const part = join(folder, '.trackside-0b0f.part');
  await writeFile(part, 'half');
  await writeFile(join(folder, 'mine.part'), 'mine');
  const old = new Date(Date.UTC(2025, 0, 1));
  for (const name of await leftovers()) await utimes(join(folder, name), old, old);
  const { artifacts, faults } = setup({}, () => whole(Buffer.from('plain')));
  await last(artifacts.save(ref));
  expect(await leftovers()).toEqual(['mine.part', 'report', 'report (2)']);
  expect(faults).toEqual([]);
});
