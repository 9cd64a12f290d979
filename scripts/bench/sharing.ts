/** Looks for files that two runners, or a runner and the cache, could both write to. */
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from '../../electron/platform/disk.ts';

/** Every how many files one is written to, to see whether anybody else sees it. */
const sampleEvery = 50;

/**
 * Counts files of the clones that somebody else would see change. By identity: a regular file that is the same inode
 * of the same file system as one of the tree or of a sibling. By doing it: a sample of the first clone's files is
 * written to for a moment, and the same files of the tree and of a sibling are compared with what they were; and what links lead to
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
    const changed = (other: string, at: number): boolean =>
      !readFileSync(other).equals(before[at] ?? Buffer.of());
    visible += whileChanged(join(written, path), () => others.filter(changed).length) ?? 0;
  }
  return visible;
}

/**
 * Turns over a file's last byte in place while `look` looks, and back again: the file may be a program of a runner that
 * is still needed.
 * @returns what `look` returned; null where this user may not write the file
 */
function whileChanged<T>(path: string, look: () => T): T | null {
  let file: number;
  try {
    file = openSync(path, 'r+');
  } catch {
    return null;
  }
  try {
    const last = Math.max(0, fstatSync(file).size - 1);
    const byte = Buffer.alloc(1);
    const hadByte = readSync(file, byte, 0, 1, last) === 1;
    writeSync(file, Buffer.of((byte[0] ?? 0) ^ 0xff), 0, 1, last);
    try {
      return look();
    } finally {
      if (hadByte) writeSync(file, byte, 0, 1, last);
      else ftruncateSync(file, 0);
    }
  } finally {
    closeSync(file);
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
      writable += files.filter(({ path: file }) => whileChanged(join(target, file), () => true)).length;
    }
  }
  return writable;
}
