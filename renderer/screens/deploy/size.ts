/** A runner's size: the presets, and reading a custom one. */
import { formatBytes, formatCores } from '../../../shared/format.ts';
import type { Size } from '../../../shared/model.ts';
import { gigabyte, presets } from '../../../shared/sizes.ts';
import { type Checked, right, wrong } from './checked.ts';

export type Preset = Size['preset'];

export interface CustomSizeText {
  cores: string;
  /** In gigabytes. */
  memory: string;
}

const maxCores = 1024;
const maxMemoryGigabytes = 16_384;

/** What each preset is for, in a few words. */
export const presetWords: Record<Preset, { title: string; purpose: string }> = {
  small: { title: 'Small', purpose: 'Checks and scripts' },
  standard: { title: 'Standard', purpose: 'Builds and tests' },
  large: { title: 'Large', purpose: 'Heavy builds' },
  multi: { title: 'Multi', purpose: 'Several side by side' },
  custom: { title: 'Custom', purpose: 'Your own figures' },
};

/** The size of a preset, or the custom one as typed; a problem names the field it stands at. */
export function readSize(
  preset: Preset,
  custom: CustomSizeText,
): Checked<Size> & { field?: keyof CustomSizeText } {
  if (preset !== 'custom') return right(presets[preset]);
  const cores = readAmount(custom.cores, 'cores', 'half a core', maxCores);
  if (!cores.ok) return { ...cores, field: 'cores' };
  const memory = readAmount(custom.memory, 'GB of memory', '0.5 GB of memory', maxMemoryGigabytes);
  if (!memory.ok) return { ...memory, field: 'memory' };
  return right({ preset, cores: cores.value, memoryBytes: memory.value * gigabyte });
}

function readAmount(text: string, many: string, least: string, most: number): Checked<number> {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return wrong(`Say how many ${many} each runner gets.`);
  const amount = Number(typed);
  if (!/^[+-]?\d*\.?\d+$/.test(typed)) return wrong(`“${text.trim()}” is not a number of ${many}.`);
  if (amount < 0.5) return wrong(`A runner needs at least ${least}.`);
  if (amount > most) return wrong(`At most ${most.toLocaleString('en')} ${many}.`);
  return right(amount);
}

/** "4 cores, 8 GB" */
export function describeSize(size: Pick<Size, 'cores' | 'memoryBytes'>): string {
  return `${formatCores(size.cores)} ${size.cores === 1 ? 'core' : 'cores'}, ${formatBytes(size.memoryBytes)}`;
}
