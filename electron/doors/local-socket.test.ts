import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TracksideError } from '../../shared/errors.ts';
import { connectLocally } from './local-client.ts';
import { type LocalSocket, localSocketPath, openLocalSocket } from './local-socket.ts';
import { createTestRouter } from './test-router.ts';

let folder: string;
let door: LocalSocket | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-socket-'));
});
afterEach(async () => {
  await door?.close();
  door = null;
  await rm(folder, { recursive: true, force: true });
});

test('a client of the same user gets the board; nobody else may open the file', async () => {
  const { router } = createTestRouter();
  door = await openLocalSocket({ router, dataFolder: folder });
  expect((await stat(door.path)).mode & 0o777).toBe(0o600);
  const { client, close } = await connectLocally(folder);
  const events = await client.board.watch();
  const first = await events.next();
  expect(first.value).toMatchObject({ kind: 'snapshot', sequence: 0 });
  close();
});

test('what an engine that died left at the place is replaced', async () => {
  await writeFile(localSocketPath(folder), 'left');
  const { router } = createTestRouter();
  door = await openLocalSocket({ router, dataFolder: folder });
  const { close } = await connectLocally(folder);
  close();
});

test('where no engine runs the client says what to do', async () => {
  const attempt = connectLocally(folder);
  await expect(attempt).rejects.toThrow(TracksideError);
  await expect(attempt).rejects.toThrow(`No Trackside runs with the data folder ${folder}.`);
});

test('a folder with a long path has its socket elsewhere, always the same', () => {
  const long = join(folder, 'x'.repeat(120));
  expect(localSocketPath(long)).toBe(localSocketPath(long));
  expect(localSocketPath(long).length).toBeLessThan(104);
});
