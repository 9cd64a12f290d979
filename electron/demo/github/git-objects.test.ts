import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { blobSha, commitSha, treeSha } from './git-objects.ts';

test('names are those that git gives', () => {
  expect(blobSha(Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  expect(treeSha([])).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  const tree = treeSha([
    { path: 'a.txt', content: Buffer.from('hello\n') },
    { path: 'a/b.txt', content: Buffer.from('hello\n') },
  ]);
  expect(tree).toMatch(/^[0-9a-f]{40}$/);
  const body = `tree ${tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nStart\n`;
  let fromGit: string | undefined;
  try {
    fromGit = execFileSync('git', ['hash-object', '-t', 'commit', '--stdin'], { input: body, stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    console.log('git is not installed here; the name of a commit was not compared with its own.');
  }
  if (fromGit) expect(commitSha(tree, 'A <a@b>', 1, 'Start')).toBe(fromGit);
});
