/** Logs of jobs, a file each: they may be larger than what fits into a text. */
import { copyFileSync, createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { hasCode } from '../../platform/disk.ts';
import type { StateFolder } from './state-folder.ts';

const limitBytes = 1024 ** 3;

export interface LogFiles {
  append(jobId: number, text: string): void;
  /** Size in bytes; `undefined` when the job has no log. */
  size(jobId: number): number | undefined;
  path(jobId: number): string;
  stream(jobId: number): Readable;
  /** Gives one job the log of another. */
  copy(from: number, to: number): void;
  remove(jobId: number): void;
}

/** Creates them in a state's folder. A log takes 1 GiB; what comes after that is dropped. */
export function createLogFiles(folder: StateFolder): LogFiles {
  const nameOf = (jobId: number) => `logs/${jobId}.txt`;
  const size: LogFiles['size'] = (jobId) => {
    if (!folder.has(nameOf(jobId))) return undefined;
    try {
      return statSync(folder.path(nameOf(jobId))).size;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  };
  return {
    append(jobId, text) {
      if ((size(jobId) ?? 0) < limitBytes) folder.append(nameOf(jobId), text);
    },
    size,
    path: (jobId) => folder.path(nameOf(jobId)),
    stream: (jobId) => createReadStream(folder.path(nameOf(jobId))),
    copy(from, to) {
      if (size(from) !== undefined) copyFileSync(folder.path(nameOf(from)), folder.path(nameOf(to)));
    },
    remove: (jobId) => folder.remove(nameOf(jobId)),
  };
}
