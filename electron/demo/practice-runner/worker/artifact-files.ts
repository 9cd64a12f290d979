/** Finds the files that `path` of `actions/upload-artifact` means, and their names in the archive. */
import { glob, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, matchesGlob, relative, resolve, sep } from 'node:path';

export interface ArtifactFile {
  path: string;
  /** In the archive, with `/`. */
  name: string;
}

interface ArtifactSearch {
  /** What the input says: a file, folder or pattern a line, `!` before what is left out. */
  patterns: string;
  /** Where relative paths begin. */
  folder: string;
  includeHidden: boolean;
}

const wildcard = /[*?[\]{}]/;

/** The folder below which a pattern looks. */
function searchRoot(pattern: string): string {
  const parts = pattern.split(sep);
  const first = parts.findIndex((part) => wildcard.test(part));
  return first < 0 ? pattern : parts.slice(0, first).join(sep) || sep;
}

/** All files below a folder, or the file itself; none when there is nothing. */
async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return found?.isFile() ? [path] : [];
  const names = await readdir(path, { recursive: true });
  const inside = names.map((name) => join(path, name));
  const kinds = await Promise.all(inside.map((one) => stat(one).catch(() => null)));
  return inside.filter((_, index) => kinds[index]?.isFile());
}

async function filesOf(pattern: string): Promise<string[]> {
  if (!wildcard.test(pattern)) return filesAt(pattern);
  const root = searchRoot(pattern);
  const matches: string[] = [];
  for await (const match of glob(relative(root, pattern), { cwd: root })) matches.push(match);
  return (await Promise.all(matches.map((match) => filesAt(join(root, match))))).flat();
}

/** The longest path that all have in common. */
function commonRoot(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split(sep));
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (end < 0 ? first : first.slice(0, end)).join(sep) || sep;
}

/**
 * Finds the files, each once, in the order of their names. A single file loses its folders; else names begin below what
 * all patterns have in common, as with the real action (upload-artifact, src/shared/search.ts).
 */
export async function findArtifactFiles(search: ArtifactSearch): Promise<ArtifactFile[]> {
  const lines = search.patterns.split('\n').map((line) => line.trim());
  const included = lines
    .filter((line) => line !== '' && !line.startsWith('!'))
    .map((line) => resolve(search.folder, line));
  const excluded = lines
    .filter((line) => line.startsWith('!'))
    .map((line) => resolve(search.folder, line.slice(1).trim()));
  const isExcluded = (path: string): boolean =>
    excluded.some((pattern) => matchesGlob(path, pattern) || matchesGlob(path, join(pattern, '**')));
  const found = [...new Set((await Promise.all(included.map(filesOf))).flat())].sort();
  const roots = included.map(searchRoot);
  const [only] = included;
  const isOneFile = included.length === 1 && only !== undefined && found.length === 1 && found[0] === only;
  const root = isOneFile ? dirname(only) : commonRoot(roots);
  const named = found.map((path) => ({ path, name: relative(root, path).split(sep).join('/') }));
  const isHidden = ({ name }: ArtifactFile): boolean => name.split('/').some((part) => part.startsWith('.'));
  return named
    .map((file) => (file.name === '' ? { ...file, name: basename(file.path) } : file))
    .filter((file) => !isExcluded(file.path) && (search.includeHidden || !isHidden(file)));
}
