/** A repository as people name it: owner/name, its page, or what they clone from. */

export type RepositoryName = { ok: true; fullName: string | null } | { ok: false; problem: string };

const part = /^[A-Za-z0-9._-]{1,100}$/;

/** Reads owner/name out of what was typed; an empty field is null. */
export function readRepositoryName(text: string): RepositoryName {
  const typed = text.trim();
  if (typed === '') return { ok: true, fullName: null };
  const [owner, name, ...more] = path(typed);
  if (owner === undefined || name === undefined) {
    return { ok: false, problem: `“${typed}” lacks a part. Write it as owner/name, for example octo/forge.` };
  }
  const isAddress = /:\/\/|^git@/.test(typed);
  const bare = name.replace(/\.git$/, '');
  if (
    (more.length > 0 && !isAddress) ||
    ![owner, bare].every((piece) => part.test(piece) && !/^\.+$/.test(piece))
  ) {
    return { ok: false, problem: `“${typed}” is not a repository's name. Write it as owner/name.` };
  }
  return { ok: true, fullName: `${owner}/${bare}` };
}

function path(typed: string): string[] {
  const tail = typed
    .replace(/^git@[^:]+:/, '')
    .replace(/^[a-z]+:\/\/[^/]+\//i, '')
    .replace(/[?#].*$/, '');
  return tail.split('/').filter((piece) => piece !== '');
}
