/** Runs that have ended, a line each in a file that only grows: with thousands of them every change is still quick. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { JobRecord, RunRecord } from './model.ts';
import type { StateFolder } from './state-folder.ts';

interface EndedRun {
  run: RunRecord;
  /** Of all its attempts. */
  jobs: JobRecord[];
}

export interface EndedRuns {
  /** The last that was added of each run that was not removed. */
  load(): EndedRun[];
  add(ended: readonly EndedRun[]): void;
  remove(runIds: readonly number[]): void;
}

const fileName = 'ended-runs.jsonl';

type Line = EndedRun | { removed: number[] };

/** A crash may have cut the last line off; what it told is in the state file then. */
function parse(line: string): Line | null {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}

/** @param isKept whether there is a file; nothing is written otherwise */
export function createEndedRuns(folder: StateFolder, isKept: boolean): EndedRuns {
  const append = (lines: readonly Line[]): void => {
    if (!isKept || lines.length === 0) return;
    folder.append(fileName, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  return {
    load() {
      if (!isKept || !folder.has(fileName)) return [];
      const path = folder.path(fileName);
      const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
      const found = new Map<number, EndedRun>();
      for (const line of lines) {
        const entry = parse(line);
        if (entry && 'removed' in entry) for (const id of entry.removed) found.delete(id);
        else if (entry) found.set(entry.run.id, entry);
      }
      const left = [...found.values()];
      if (lines.length > left.length) {
        writeFileSync(`${path}.tmp`, left.map((entry) => `${JSON.stringify(entry)}\n`).join(''), {
          mode: 0o600,
        });
        renameSync(`${path}.tmp`, path);
      }
      return left;
    },
    add: append,
    remove: (runIds) => append(runIds.length > 0 ? [{ removed: [...runIds] }] : []),
  };
}
