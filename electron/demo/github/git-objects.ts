/** Object names as git computes them, so that a demo repository's hashes are real. */
import { createHash } from 'node:crypto';

/** A file of a repository: path with `/` and its bytes. */
export interface SourceFile {
  path: string;
  content: Buffer;
}

function hashOf(kind: 'blob' | 'tree' | 'commit', body: Buffer): string {
  return createHash('sha1').update(`${kind} ${body.length}\0`).update(body).digest('hex');
}

/** SHA-1 of a file. */
export function blobSha(content: Buffer): string {
  return hashOf('blob', content);
}

/** SHA-1 of the tree that holds these files, sub-folders included. */
export function treeSha(files: readonly SourceFile[]): string {
  const folders = new Map<string, SourceFile[]>();
  const entries: { name: string; mode: string; sha: string }[] = [];
  for (const { path, content } of files) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      entries.push({ name: path, mode: '100644', sha: blobSha(content) });
      continue;
    }
    const name = path.slice(0, slash);
    folders.set(name, [...(folders.get(name) ?? []), { path: path.slice(slash + 1), content }]);
  }
  for (const [name, inside] of folders) entries.push({ name, mode: '40000', sha: treeSha(inside) });
  const sortKey = (entry: { name: string; mode: string }) =>
    entry.mode === '40000' ? `${entry.name}/` : entry.name;
  entries.sort((a, b) => Buffer.compare(Buffer.from(sortKey(a)), Buffer.from(sortKey(b))));
  const body = entries.map(({ name, mode, sha }) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]),
  );
  return hashOf('tree', Buffer.concat(body));
}

/** SHA-1 of a first commit. @param atSeconds epoch seconds, UTC */
export function commitSha(tree: string, author: string, atSeconds: number, message: string): string {
  const stamp = `${author} ${atSeconds} +0000`;
  return hashOf('commit', Buffer.from(`tree ${tree}\nauthor ${stamp}\ncommitter ${stamp}\n\n${message}\n`));
}
