import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'remove-tree-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** Removes as an ordinary user: for root nothing is read-only. */
async function removeAsOrdinaryUser(path: string): Promise<void> {
  const program = `
    import { removeTree } from ${JSON.stringify(join(import.meta.dirname, 'remove-tree.ts'))};
    await removeTree(process.argv[1]);`;
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const args = ['--input-type=module', '--eval', program, path];
  await promisify(execFile)(process.execPath, args, { ...user, env: {} });
}

async function giveAway(...paths: string[]): Promise<void> {
  if (process.getuid?.() === 0) for (const path of paths) await chown(path, 65534, 65534);
}

test('read-only folders are removed, links not followed, and a missing folder is no trouble', async () => {
  const tree = join(base, 'tree');
  const inner = join(tree, 'externals', 'lib');
  const kept = join(base, 'kept');
  await mkdir(inner, { recursive: true });
  await mkdir(kept);
  await writeFile(join(kept, 'file'), '');
  await writeFile(join(inner, 'file'), '');
  await symlink(kept, join(tree, 'link'));
  await giveAway(base, tree, join(tree, 'externals'), inner, join(inner, 'file'));
  await chmod(inner, 0o500);
  await chmod(join(tree, 'externals'), 0o500);
  await removeAsOrdinaryUser(tree);
  await removeAsOrdinaryUser(tree);
  expect(await readdir(base)).toEqual(['kept']);
  expect(await readdir(kept)).toEqual(['file']);
});
