/** The record beside a runner's files that says they are ours, how they got there, and how far that got. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import { hasCode } from '../platform/disk.ts';
import { writeFileAtomically } from '../platform/records.ts';

const cloneSchema = z.object({
  strategy: z.enum(['reflink', 'overlay', 'linked', 'copy']),
  /** The runner root: where config.sh and bin/ lie. */
  root: z.string(),
  /** How, in a few words for a person. */
  detail: z.string(),
});
/** How a runner's files came into its folder. */
export type Clone = z.infer<typeof cloneSchema>;

const recordSchema = z.object({
  madeBy: z.literal('trackside'),
  state: z.enum(['making', 'ready']),
  /** The tree it was cloned from; an overlay and a linked clone read from it as long as they live. */
  treeFolder: z.string(),
  /** Null until it is complete. */
  clone: cloneSchema.nullable(),
});
export type CloneRecord = z.infer<typeof recordSchema>;

const recordName = 'clone.json';

/** Where the parts of a clone lie in its destination. */
export function clonePaths(destination: string) {
  return {
    root: join(destination, 'runner'),
    /** Of an overlay: what the runner wrote, and the link to what it reads. */
    overlay: join(destination, 'overlay'),
    record: join(destination, recordName),
  };
}

/** The record in a destination; null when there is none, so that it is not ours. */
export async function readCloneRecord(destination: string): Promise<CloneRecord | null> {
  const path = clonePaths(destination).record;
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return null;
    throw error;
  }
  try {
    return recordSchema.parse(JSON.parse(content));
  } catch (error) {
    throw new TracksideError('HOST_FAILED', `${path} cannot be understood.`, {
      remedy: `Look at ${destination}; if it is a runner's folder that nobody needs, delete it by hand.`,
      cause: error,
    });
  }
}

/** Writes the record so that it lasts over a crash. */
export async function writeCloneRecord(destination: string, record: CloneRecord): Promise<void> {
  await writeFileAtomically(clonePaths(destination).record, JSON.stringify(record));
}

/**
 * What else in a destination is ours: the first writing of a record that was cut off. A folder that has nothing but
 * such files had nothing cloned into it yet.
 */
export async function unfinishedRecords(
  destination: string,
): Promise<{ names: string[]; nothingElse: boolean }> {
  const all = await readdir(destination);
  const names = all.filter((name) => name.startsWith(`${recordName}.`) && name.endsWith('.tmp'));
  return { names, nothingElse: names.length === all.length };
}
