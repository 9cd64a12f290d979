/** Looks for files that two runners, or a runner and the cache, could both write to. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from '../../electron/platform/disk.ts';

/** Every how many files one is written to, to see whether anybody else sees it. */
const sampleEvery = 50;

/**
 * Counts files of the clones that somebody else would see change. By identity: a regular file that is the same inode
 * of the same file system as one of the tree or of a sibling. By doing it: a sample of the first clone's files is
 * written to, and the same files of the tree and of a sibling are compared with what they were; and what links lead to
 * in the tree counts when this user can write it.
 */
export async function countSharedWritableFiles(tree: string, roots: string[]): Promise<number> {
  const byIdentity = await countSameInodes([tree, ...roots]);
  return (
    byIdentity + (await countVisibleWrites(tree, roots)) + (await countWritableThroughLinks(tree, roots))
  );
}

async function countSameInodes(folders: string[]): Promise<number> {
  const seen = new Set<string>();
  let shared = 0;
  for (const folder of folders) {
    const { files } = await listFolder(folder);
    const own = new Set(files.map(({ stats }) => `${stats.dev}:${stats.ino}`));
    shared += [...own].filter((identity) => seen.has(identity)).length;
    for (const identity of own) seen.add(identity);
  }
  return shared;
}

async function countVisibleWrites(tree: string, roots: string[]): Promise<number> {
  const [written, sibling = tree] = roots;
  if (written === undefined) return 0;
  const { files } = await listFolder(tree);
  let visible = 0;
  for (let index = 0; index < files.length; index += sampleEvery) {
    const path = files[index]?.path ?? '';
    const others = [join(tree, path), join(sibling, path)];
    const before = others.map((other) => readFileSync(other));
    if (!overwrite(join(written, path))) continue;
    visible += others.filter((other, at) => !readFileSync(other).equals(before[at] ?? Buffer.of())).length;
  }
  return visible;
}

/** Changes a file in place. @returns false where this user may not */
function overwrite(path: string): boolean {
  try {
    const file = openSync(path, 'r+');
    writeSync(file, 'overwritten by the benchmark', 0);
    closeSync(file);
    return true;
  } catch {
    return false;
  }
}

async function countWritableThroughLinks(tree: string, roots: string[]): Promise<number> {
  const inside = await realpath(tree);
  let writable = 0;
  for (const root of roots) {
    for (const { path } of (await listFolder(root)).links) {
      const target = await realpath(join(root, path)).catch(() => root);
      if (!target.startsWith(`${inside}/`)) continue;
      const { files } = await listFolder(target);
      writable += files.filter(({ path: file }) => overwrite(join(target, file))).length;
    }
  }
  return writable;
}
