import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPowerProbe, parsePmset } from './battery.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'power-supply-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Supplies = Record<string, Record<string, string>>;

async function read(supplies: Supplies) {
  for (const [name, files] of Object.entries(supplies)) {
    await mkdir(join(folder, name));
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, file), `${text}\n`);
  }
  return createPowerProbe('linux', async () => null, folder)();
}

const battery = (status: string, capacity: string) => ({ type: 'Battery', status, capacity });
const mains = (online: string) => ({ type: 'Mains', online });

test.each<[what: string, Supplies, onBattery: boolean | null, percent: number | null]>([
  ['a laptop on its battery', { AC: mains('0'), BAT0: battery('Discharging', '62') }, true, 62],
  ['a laptop that charges', { AC: mains('1'), BAT0: battery('Charging', '40') }, false, 40],
  ['plugged in, the charger too weak', { AC: mains('1'), BAT0: battery('Discharging', '40') }, false, 40],
  ['a charger on USB-C', { ucsi: { type: 'USB', online: '1' }, BAT0: battery('Full', '100') }, false, 100],
  ['two batteries', { BAT0: battery('Discharging', '20'), BAT1: battery('Full', '80') }, true, 50],
  ['a battery that does not say, unplugged', { AC: mains('0'), BAT0: battery('Unknown', '9') }, true, 9],
  ['a battery that does not say', { BAT0: battery('Unknown', '9') }, null, 9],
  ['no mains shown, the battery charges', { BAT0: battery('Charging', '10') }, false, 10],
  ['a desktop with a mouse', { hid: { ...battery('Discharging', '5'), scope: 'Device' } }, null, null],
  ['a machine that shows nothing', {}, null, null],
])('%s', async (_what, supplies, onBattery, batteryPercent) => {
  expect(await read(supplies)).toEqual({ onBattery, batteryPercent });
});

test('a host without the folder tells nothing', async () => {
  const probe = createPowerProbe('linux', async () => null, join(folder, 'missing'));
  expect(await probe()).toEqual({ onBattery: null, batteryPercent: null });
});

test.each([
  [
    "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t62%; discharging; 3:10 remaining present: true\n",
    { onBattery: true, batteryPercent: 62 },
  ],
  [
    "Now drawing from 'AC Power'\n -InternalBattery-0 (id=4653155)\t100%; charged; 0:00 remaining present: true\n",
    { onBattery: false, batteryPercent: 100 },
  ],
  ["Now drawing from 'UPS Power'\n -UPS (id=1)\t95%; discharging\n", { onBattery: true, batteryPercent: 95 }],
  ["Now drawing from 'AC Power'\n", { onBattery: false, batteryPercent: null }],
  ['', { onBattery: null, batteryPercent: null }],
])('pmset: %j', (text, expected) => {
  expect(parsePmset(text)).toEqual(expected);
});

test('macOS is asked with pmset, others are not asked at all', async () => {
  const asked: string[] = [];
  const ask = async (command: string): Promise<string | null> => {
    asked.push(command);
    return null;
  };
  expect(await createPowerProbe('darwin', ask)()).toEqual({ onBattery: null, batteryPercent: null });
  expect(await createPowerProbe('win32', ask)()).toEqual({ onBattery: null, batteryPercent: null });
  expect(asked).toEqual(['pmset']);
});
