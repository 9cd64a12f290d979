/** Whether this host runs on battery and how full that is, as its system tells. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AskProgram } from './ask-program.ts';

/** Null for what the host does not tell. */
export interface Power {
  onBattery: boolean | null;
  /** 0–100. */
  batteryPercent: number | null;
}

const untold: Power = { onBattery: null, batteryPercent: null };

/** Where Linux shows its supplies: Documentation/ABI/testing/sysfs-class-power. */
const linuxSupplies = '/sys/class/power_supply';

interface Supply {
  type: string | null;
  /** `Device`: a mouse's or a headset's battery, which does not feed this host. */
  scope: string | null;
  online: string | null;
  status: string | null;
  capacity: string | null;
}

/** @param folder `linuxSupplies`, or one like it */
async function readLinuxPower(folder: string): Promise<Power> {
  const names = await readdir(folder).catch(() => []);
  const supplies = await Promise.all(names.map((name) => readSupply(join(folder, name))));
  return judgePower(supplies.filter(({ scope }) => scope !== 'Device'));
}

async function readSupply(folder: string): Promise<Supply> {
  const read = async (name: string): Promise<string | null> =>
    (await readFile(join(folder, name), 'utf8').catch(() => null))?.trim() ?? null;
  return {
    type: await read('type'),
    scope: await read('scope'),
    online: await read('online'),
    status: await read('status'),
    capacity: await read('capacity'),
  };
}

function judgePower(supplies: readonly Supply[]): Power {
  const batteries = supplies.filter(({ type }) => type === 'Battery');
  const lines = supplies.filter(({ type, online }) => type !== 'Battery' && online !== null);
  const charges = batteries.flatMap(({ capacity }) => (capacity === null ? [] : [Number(capacity)]));
  const known = charges.filter(Number.isFinite);
  const batteryPercent = known.length > 0 ? known.reduce((sum, one) => sum + one, 0) / known.length : null;
  return { onBattery: judgeSource(lines, batteries), batteryPercent };
}

function judgeSource(lines: readonly Supply[], batteries: readonly Supply[]): boolean | null {
  if (lines.some(({ online }) => online !== '0')) return false;
  if (batteries.some(({ status }) => status === 'Discharging')) return true;
  if (lines.length > 0 && batteries.length > 0) return true;
  const fed = ['Charging', 'Full', 'Not charging'];
  return batteries.some(({ status }) => status !== null && fed.includes(status)) ? false : null;
}

/** Reads what macOS's `pmset -g batt` prints; a UPS counts as a battery. */
export function parsePmset(text: string): Power {
  const source = /Now drawing from '([^']+)'/.exec(text)?.[1];
  const percent = /\s(\d{1,3})%/.exec(text)?.[1];
  if (source === undefined) return untold;
  return {
    onBattery: source !== 'AC Power',
    batteryPercent: percent === undefined ? null : Number(percent),
  };
}

/** How this kind of host is asked; one that cannot be asked tells nothing. */
export function createPowerProbe(
  platform: NodeJS.Platform,
  ask: AskProgram,
  supplies: string = linuxSupplies,
): () => Promise<Power> {
  if (platform === 'linux') return () => readLinuxPower(supplies);
  if (platform === 'darwin') return async () => parsePmset((await ask('pmset', ['-g', 'batt'])) ?? '');
  return async () => untold;
}
