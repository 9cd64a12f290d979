import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Settings } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { createBoard } from '../board.ts';
import { openRecords } from '../platform/records.ts';
import { createEngineSettings, settingsRecordSchema } from './settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An engine's life on the same folder. */
async function open() {
  const board = createBoard({
    now: 0,
    version: '0',
    demo: false,
    host: null,
    load: null,
    tokenStore: 'memory',
    dataFolder: folder,
    settings: defaultSettings,
    surroundings: null,
    quitting: null,
  });
  const records = await openRecords({ folder, schema: settingsRecordSchema, now: () => 7 });
  return { board, records, settings: createEngineSettings({ records, board }) };
}

test('the defaults hold until something is set; that survives the engine', async () => {
  const first = await open();
  expect(first.board.current().panel.settings).toEqual(defaultSettings);
  const changed = { ...defaultSettings, drainBoundMs: 0, removeGhostsAfterMs: 3_600_000 };
  expect(await first.settings.change({ drainBoundMs: 0, removeGhostsAfterMs: 3_600_000 })).toEqual(changed);
  expect(first.board.current().panel.settings).toEqual(changed);

  const second = await open();
  expect(second.board.current().panel.settings).toEqual(changed);
  expect(await second.settings.change({ removeGhostsAfterMs: null })).toEqual({
    ...defaultSettings,
    drainBoundMs: 0,
  });
  expect((await open()).settings.current()).toMatchObject({ removeGhostsAfterMs: null, drainBoundMs: 0 });
});

test('changes at the same time are all kept', async () => {
  const { settings } = await open();
  await Promise.all([
    settings.change({ drainBoundMs: 1000 }),
    settings.change({ historyMaxAgeMs: 172_800_000 }),
    settings.change({ historyMaxBytes: 2 * 1024 ** 2 }),
  ]);
  expect((await open()).settings.current()).toEqual({
    ...defaultSettings,
    drainBoundMs: 1000,
    historyMaxAgeMs: 172_800_000,
    historyMaxBytes: 2 * 1024 ** 2,
  });
});

test.each<[Partial<Settings>, keyof Settings]>([
  [{ removeGhostsAfterMs: 1000 }, 'removeGhostsAfterMs'],
  [{ historyMaxAgeMs: 3_600_000 }, 'historyMaxAgeMs'],
  [{ historyMaxBytes: 1 }, 'historyMaxBytes'],
  [{ drainBoundMs: 86_400_001 }, 'drainBoundMs'],
  [{ drainBoundMs: Number.NaN }, 'drainBoundMs'],
  [{ drainBoundMs: 5, historyMaxBytes: 1e15 }, 'historyMaxBytes'],
])('%j is refused by name and nothing is changed', async (change, field) => {
  const { settings } = await open();
  await expect(settings.change(change)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    data: { field, remedy: expect.stringContaining('Choose') },
  });
  expect(settings.current()).toEqual(defaultSettings);
  expect(await readdir(folder)).toEqual([]);
});

test('a damaged file is set aside and the defaults hold', async () => {
  await writeFile(join(folder, 'engine.json'), '{"id":"engine","drainBoundMs":"soon"}');
  const { settings, records } = await open();
  expect(settings.current()).toEqual(defaultSettings);
  expect(records.setAside).toEqual([join(folder, 'engine.json.unreadable-7')]);
});

const told = defaultSettings.notifications;
const quiet = { from: '22:00', to: '07:30', days: [0, 1, 2, 3, 4, 5, 6] };

test('when a person is told is kept, with its quiet hours', async () => {
  const first = await open();
  const notifications = { ...told, afterMs: 0, quietHours: quiet };
  await first.settings.change({ notifications });
  expect((await open()).settings.current()).toEqual({ ...defaultSettings, notifications });
});

test.each([
  [{ ...told, afterMs: 86_400_001 }],
  [{ ...told, afterMs: Number.POSITIVE_INFINITY }],
  [{ ...told, quietHours: { ...quiet, from: '24:00' } }],
  [{ ...told, quietHours: { ...quiet, to: '7:30' } }],
  [{ ...told, quietHours: { ...quiet, to: '22:00' } }],
  [{ ...told, quietHours: { ...quiet, days: [] } }],
])('%j is refused as a way to be told', async (notifications) => {
  const { settings } = await open();
  await expect(settings.change({ notifications })).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    data: { field: 'notifications' },
  });
  expect(settings.current()).toEqual(defaultSettings);
});
