/** The folder with the files that belong to a state: logs, artifacts, ended runs. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface StateFolder {
  /** Path of a file in it, whose folder is made. */
  path(name: string): string;
  /** Adds to a file, which is made when it is missing. */
  append(name: string, content: string | Buffer): void;
  has(name: string): boolean;
  remove(name: string): void;
  /** Removes the folder when it is a temporary one. */
  dispose(): void;
}

/** @param statePath the file beside which the folder lies; without it it is a temporary one, made when it is needed */
export function createStateFolder(statePath: string | undefined, name: string): StateFolder {
  const made = new Set<string>();
  let root = statePath === undefined ? null : join(dirname(statePath), name);
  const folderOf = (): string => {
    root ??= mkdtempSync(join(tmpdir(), 'trackside-demo-files-'));
    return root;
  };
  const path: StateFolder['path'] = (file) => {
    const full = join(folderOf(), file);
    const folder = dirname(full);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    made.add(folder);
    return full;
  };
  return {
    path,
    append: (file, content) => appendFileSync(path(file), content, { mode: 0o600 }),
    has: (file) => root !== null && existsSync(join(root, file)),
    remove(file) {
      if (root !== null) rmSync(join(root, file), { force: true });
    },
    dispose() {
      if (statePath === undefined && root !== null) rmSync(root, { recursive: true, force: true });
    },
  };
}
