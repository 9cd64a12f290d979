/** Pools as a file people read, compare and keep in a repository: YAML, without ids and without secrets. */
import { LineCounter, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import type { Lifecycle, Pool, Size } from '../../shared/model.ts';
import { neighbourSchema, scalingSchema } from '../../shared/model.ts';
import { defaultIdleTimeoutMs, defaultNeighbour, defaultScaling } from '../../shared/pool-defaults.ts';
import { gigabyte, presets } from '../../shared/sizes.ts';

/** What the file says of a pool; everything but its name and where it belongs has a default. */
export type PoolInFile = Pick<
  Pool,
  'name' | 'labels' | 'size' | 'lifecycle' | 'scaling' | 'neighbour' | 'rerunLost' | 'paused'
> & {
  /** owner/name */
  repository: string;
};

/** A file longer than this holds something else. */
const maxLength = 1_000_000;
const unitsMs: Record<string, number> = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const minutesUnit = 'min';

function readDuration(text: string): number | null {
  const [, amount, unit = minutesUnit] = /^(\d+(?:\.\d+)?)\s*(s|min|h|d)?$/.exec(text.trim()) ?? [];
  return amount === undefined ? null : Number(amount) * (unitsMs[unit] ?? 60_000);
}

function writeDuration(durationMs: number): string {
  const [unit, size] =
    Object.entries(unitsMs).findLast(([, unitMs]) => durationMs % unitMs === 0 && durationMs >= unitMs) ??
    (['s', 1000] as const);
  return `${durationMs / size} ${unit}`;
}

const durationSchema = z.union([z.string(), z.number()]).transform((value, context) => {
  const durationMs = readDuration(String(value));
  if (durationMs !== null) return durationMs;
  context.addIssue({ code: 'custom', message: 'write a time such as 5 min, 90 s or 2 h' });
  return z.NEVER;
});

const memorySchema = z.string().transform((value, context) => {
  const [, amount] = /^(\d+(?:\.\d+)?)\s*GB$/i.exec(value.trim()) ?? [];
  if (amount !== undefined) return Number(amount) * gigabyte;
  context.addIssue({ code: 'custom', message: 'write memory such as 8 GB' });
  return z.NEVER;
});

const presetSchema = z.enum(['small', 'multi', 'standard', 'large']);
const sizeSchema = z
  .union([presetSchema, z.strictObject({ cores: z.number(), memory: memorySchema })])
  .transform(
    (size): Size =>
      typeof size === 'string'
        ? presets[size]
        : { preset: 'custom', cores: size.cores, memoryBytes: size.memory },
  );

const lifecycleSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('manual') }),
  z
    .strictObject({ mode: z.literal('auto'), idleTimeout: durationSchema.default(defaultIdleTimeoutMs) })
    .transform(({ mode, idleTimeout }): Lifecycle => ({ mode, idleTimeoutMs: idleTimeout })),
  z.strictObject({ mode: z.literal('ephemeral') }),
]);

const poolInFileSchema = z.strictObject({
  name: z.string(),
  repository: z.string(),
  labels: z.array(z.string()).default([]),
  size: sizeSchema.default(presets.standard),
  lifecycle: lifecycleSchema.default({ mode: 'auto', idleTimeoutMs: defaultIdleTimeoutMs }),
  scaling: scalingSchema.partial().default({}),
  neighbour: neighbourSchema.partial().default({}),
  rerunLost: z.boolean().default(true),
  paused: z.boolean().default(false),
});

const fileSchema = z.strictObject({ version: z.literal(1), pools: z.array(poolInFileSchema).max(1000) });

const heading = ` Pools of Trackside. Import this file in the panel, or with: trackside pools import FILE`;

/** Writes pools as YAML. @param fullNameOf the repository's owner/name */
export function writePoolFile(pools: readonly Pool[], fullNameOf: (repositoryId: string) => string): string {
  const entries = pools.map((pool) => ({
    name: pool.name,
    repository: fullNameOf(pool.repositoryId),
    labels: pool.labels,
    size: writeSize(pool.size),
    lifecycle:
      pool.lifecycle.mode === 'auto'
        ? { mode: 'auto', idleTimeout: writeDuration(pool.lifecycle.idleTimeoutMs) }
        : pool.lifecycle,
    scaling: pool.scaling,
    neighbour: pool.neighbour,
    rerunLost: pool.rerunLost,
    paused: pool.paused,
  }));
  return `#${heading}\n${stringify({ version: 1, pools: entries })}`;
}

function writeSize({ preset, cores, memoryBytes }: Size) {
  return preset === 'custom' ? { cores, memory: `${memoryBytes / gigabyte} GB` } : preset;
}

/**
 * Reads a file of pools.
 * @throws TracksideError INVALID_REQUEST at the field `yaml`, naming line and column where it is not YAML, else the entry
 */
export function readPoolFile(text: string): PoolInFile[] {
  if (text.length > maxLength) refuse('The file is too long to be one of pools.');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [wrong] = document.errors;
  if (wrong) {
    const { line, col } = lines.linePos(wrong.pos[0]);
    refuse(`The file is not YAML at line ${line}, column ${col}: ${wrong.message}`);
  }
  const parsed = fileSchema.safeParse(toValue(document));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    refuse(`${describePath(issue?.path ?? [])}: ${issue?.message ?? 'it does not fit'}.`);
  }
  return parsed.data.pools.map((pool) => ({
    ...pool,
    scaling: { ...defaultScaling, ...pool.scaling },
    neighbour: { ...defaultNeighbour, ...pool.neighbour },
  }));
}

/** Aliases that would unfold without end are refused by the library. */
function toValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return refuse(`The file cannot be unfolded: ${error instanceof Error ? error.message : error}`);
  }
}

/** ['pools', 2, 'size'] → "Pool 3, size" */
function describePath([first, index, ...rest]: readonly PropertyKey[]): string {
  if (first !== 'pools' || typeof index !== 'number') return first === undefined ? 'The file' : String(first);
  return [`Pool ${index + 1}`, ...rest.map(String)].join(', ');
}

function refuse(message: string): never {
  throw new TracksideError('INVALID_REQUEST', message, {
    field: 'yaml',
    remedy: 'Export a pool to see how such a file looks.',
  });
}
