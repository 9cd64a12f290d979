import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { mountSmallDisk, noSmallDisks } from '../testing/small-disk.ts';
import { type DamagedDatabase, type HistoryDatabase, openHistoryDatabase } from './database.ts';

let folder: string;
let path: string;
let damaged: DamagedDatabase[];
let opened: HistoryDatabase[];

const open = (): HistoryDatabase => {
  const clock = createManualClock(7);
  const database = openHistoryDatabase({ path, clock, onDamaged: (one) => damaged.push(one) });
  opened.push(database);
  return database;
};
const put = (database: HistoryDatabase, id: string): number =>
  database.run('INSERT INTO shifts (id, row) VALUES (?, ?)', id, 'x'.repeat(2000));
const count = (database: HistoryDatabase): unknown => database.get('SELECT count(*) AS n FROM shifts')?.n;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-'));
  path = join(folder, 'history.db');
  damaged = [];
  opened = [];
});
afterEach(async () => {
  for (const database of opened) database.dispose();
  await rm(folder, { recursive: true });
});

/** A closed database of a thousand rows. */
function fill(): void {
  const database = open();
  database.together(() => {
    for (let number = 0; number < 1000; number += 1) put(database, String(number));
  });
  database.dispose();
}

test('what was written is there again', () => {
  fill();
  expect(count(open())).toBe(1000);
  expect(damaged).toEqual([]);
});

test('a database of the first version keeps its shifts and gets the other tables', () => {
  const old = new DatabaseSync(path);
  old.exec(`CREATE TABLE shifts (id TEXT PRIMARY KEY, runnerId TEXT, startedAt INTEGER, endedAt INTEGER, row TEXT);
    INSERT INTO shifts (id) VALUES ('old')`);
  old.close();
  const database = open();
  expect(database.all('SELECT id FROM shifts')).toEqual([{ id: 'old' }]);
  expect(database.all('SELECT id FROM events')).toEqual([]);
  expect(database.get('PRAGMA auto_vacuum')).toEqual({ auto_vacuum: 2 });
});

const damages: [what: string, damage: () => void][] = [
  ['text', () => writeFileSync(path, 'hello, hello, hello '.repeat(300))],
  ['random bytes after its beginning', () => writeFileSync(path, Buffer.alloc(8192, 0xa5), { flag: 'r+' })],
  ['cut off in the middle', () => truncateSync(path, statSync(path).size / 2)],
  ['cut off within a page', () => truncateSync(path, 5000)],
];

test.each(damages)('%s: set aside whole at start, and a new one works', (_what, damage) => {
  fill();
  damage();
  const content = readFileSync(path);
  const database = open();
  put(database, 'new');
  expect(count(database)).toBe(1);
  const aside = `${path}.damaged-7`;
  expect(damaged).toEqual([{ setAside: aside, reason: expect.stringMatching(/\w/) }]);
  expect(readFileSync(aside).equals(content)).toBe(true);
});

test('an empty file is a new database', () => {
  writeFileSync(path, '');
  expect(count(open())).toBe(0);
  expect(damaged).toEqual([]);
});

test('a folder in its place is set aside', () => {
  mkdirSync(join(path, 'inside'), { recursive: true });
  expect(count(open())).toBe(0);
  expect(readdirSync(`${path}.damaged-7`)).toEqual(['inside']);
});

test('damage that shows while it is used: set aside, and the statement is done in the new one', () => {
  fill();
  const database = open();
  truncateSync(path, 8192);
  put(database, 'after');
  database.together(() => put(database, 'together'));
  expect(database.all('SELECT id FROM shifts ORDER BY id')).toEqual([{ id: 'after' }, { id: 'together' }]);
  expect(damaged).toEqual([{ setAside: `${path}.damaged-7`, reason: expect.stringContaining('malformed') }]);
});

test('a second damage gets a name of its own', () => {
  for (const content of ['first '.repeat(999), 'second '.repeat(999)]) {
    writeFileSync(path, content);
    open().dispose();
  }
  expect(damaged.map(({ setAside }) => setAside)).toEqual([`${path}.damaged-7`, `${path}.damaged-7-2`]);
  expect(readFileSync(`${path}.damaged-7`, 'utf8')).toMatch(/^first/);
});

test('what throws together is done not at all', () => {
  const database = open();
  expect(() =>
    database.together(() => {
      put(database, 'half');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(count(database)).toBe(0);
});

test('kill -9 amid writes: whole again, with all that was written before', async () => {
  const program = `
    const { openHistoryDatabase } = await import(${JSON.stringify(join(import.meta.dirname, 'database.ts'))});
    const database = openHistoryDatabase({ path: ${JSON.stringify(path)}, clock: { now: Date.now }, onDamaged() {} });
    for (let id = 0; ; id += 1) {
      database.run('INSERT INTO shifts (id, startedAt, row) VALUES (?, ?, ?)', String(id), id, 'x'.repeat(2000));
      process.stdout.write(id + '\\n');
    }`;
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    for await (const chunk of child.stdout) {
      told += chunk;
      if (told.split('\n').length > 500 * (round + 1)) child.kill('SIGKILL');
    }
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const last = Number(told.split('\n').at(-2));
    const database = open();
    expect(database.get('SELECT max(startedAt) AS last FROM shifts')?.last).toBeGreaterThanOrEqual(last);
    database.run('DELETE FROM shifts');
    database.dispose();
  }
  expect(damaged).toEqual([]);
});

const noDisk = noSmallDisks();
test.skipIf(noDisk)(
  'a full disk is no damage: it is told, and the database goes on when there is room',
  () => {
    const disk = mountSmallDisk(folder, 4 * 1024 ** 2);
    try {
      const database = open();
      put(database, 'before');
      disk.fill();
      const fillUp = (): void => {
        for (let number = 0; number < 5000; number += 1) put(database, `n${number}`);
      };
      expect(fillUp).toThrow(expect.objectContaining({ errcode: 13 }));
      expect(() =>
        openHistoryDatabase({ path: join(folder, 'other.db'), clock: createManualClock(7), onDamaged() {} }),
      ).toThrow(/^The disk has no room for the history/);
      disk.free();
      put(database, 'after');
      expect(database.get("SELECT id FROM shifts WHERE id = 'before'")).toBeDefined();
      expect(damaged).toEqual([]);
      database.dispose();
    } finally {
      execFileSync('umount', [folder]);
    }
  },
);
