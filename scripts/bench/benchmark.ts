/** What a benchmark is, and how its figures are judged and shown. */
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

export type FigureValue = number | string | boolean;
export type Figures = Record<string, FigureValue>;

/** What a figure must reach. */
export type Target = { atLeast: number } | { below: number } | { is: FigureValue };
export type Targets = Record<string, Target>;

export interface Benchmark {
  name: string;
  /** One sentence: what is measured against what. */
  description: string;
  /** @param tell writes a line of progress for a person */
  run(tell: (line: string) => void): Promise<{ figures: Figures; targets: Targets }>;
}

export interface Outcome {
  name: string;
  machine: Record<string, FigureValue>;
  figures: Figures;
  targets: Targets;
  met: boolean;
}

/** The machine that the figures are of. */
export function describeMachine(): Outcome['machine'] {
  return {
    os: `${platform()} ${release()}`,
    architecture: process.arch,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
  };
}

/** Whether a figure reaches its target; a figure that is missing does not. */
export function reaches(value: FigureValue | undefined, target: Target): boolean {
  if ('is' in target) return value === target.is;
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  return 'atLeast' in target ? value >= target.atLeast : value < target.below;
}

/** Judges figures by their targets. */
export function judge(name: string, { figures, targets }: { figures: Figures; targets: Targets }): Outcome {
  const met = Object.entries(targets).every(([key, target]) => reaches(figures[key], target));
  return { name, machine: describeMachine(), figures, targets, met };
}

/** The figures as a table, one per line, each with its target where it has one. */
export function formatTable({ figures, targets }: Outcome): string {
  const width = Math.max(...Object.keys(figures).map((key) => key.length));
  return Object.entries(figures)
    .map(([key, value]) => {
      const target = targets[key];
      const shown = formatValue(value).padStart(14);
      const wanted = target ? `   ${reaches(value, target) ? 'met' : 'MISSED'}: ${formatTarget(target)}` : '';
      return `  ${key.padEnd(width)}  ${shown}${wanted}`;
    })
    .join('\n');
}

function formatValue(value: FigureValue): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return value.toFixed(Math.abs(value) < 1 ? 4 : 2);
}

function formatTarget(target: Target): string {
  if ('is' in target) return `must be ${target.is}`;
  return 'atLeast' in target ? `at least ${target.atLeast}` : `below ${target.below}`;
}

/** The middle value; the mean of the middle two where there is no middle one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  const lower = sorted[Math.ceil(half) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** The smallest value that so large a share of all values (0–1) does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
