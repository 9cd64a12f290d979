/** The guard at an archive's door: says of every entry whether it may be extracted, before anything of it is written. */
import { TracksideError } from '../../shared/errors.ts';
import { describeBytes } from '../platform/disk.ts';

/** Larger than any runner package; smaller than what fills a disk unnoticed. */
export const archiveLimits = { entries: 200_000, bytes: 8 * 1024 ** 3, linkDepth: 40 } as const;
export type ArchiveLimits = { entries: number; bytes: number; linkDepth: number };

/** The archive itself is at fault: another try with the same file is of no use. */
export class BadArchiveError extends TracksideError {
  constructor(message: string, remedy: string, cause?: unknown) {
    super('HOST_FAILED', message, { remedy, cause });
  }
}

interface ArchiveEntry {
  path: string;
  /** As npm's tar names it: File, Directory, SymbolicLink, Link, BlockDevice, … */
  type: string;
  /** Bytes of content. */
  size: number;
  /** Of links: what they point to. Relative to the link for symbolic ones, to the archive's root for hard ones. */
  linkpath?: string;
}

export interface ArchiveTotals {
  /** Regular files; hard links are counted too. */
  files: number;
  /** Bytes in regular files; a hard link counts as much as what it links to. */
  bytes: number;
}

export interface AdmittedEntry {
  kind: 'file' | 'folder' | 'symbolic-link' | 'hard-link';
  /** Path below the folder, without `.`, `..` or doubled slashes; empty for the folder itself. */
  place: string;
  /** Of a symbolic link what it says, of a hard link the place of the earlier file; else empty. */
  target: string;
}

export interface EntryGuard {
  /** @throws BadArchiveError when the entry must not be extracted */
  admit(entry: ArchiveEntry): AdmittedEntry;
  /** What is known only when all entries have been seen: where the symbolic links lead together. */
  finish(): ArchiveTotals;
}

/** macOS takes no longer ones. */
const longestPath = 1024;

type Kind = 'file' | 'folder' | { target: string };
const fileTypes: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];

/**
 * @param archiveName how messages name the archive
 * @param foldsNames whether the disk takes `A` and `a` for the same name, as macOS does
 */
export function createEntryGuard(
  archiveName: string,
  limits: ArchiveLimits = archiveLimits,
  foldsNames = process.platform !== 'linux',
): EntryGuard {
  const fold = (name: string): string => (foldsNames ? name.normalize('NFKD').toLowerCase() : name);
  const seen = new Map<string, Kind>();
  const sizes = new Map<string, number>();
  const totals: ArchiveTotals = { files: 0, bytes: 0 };
  let entries = 0;

  const refuse = (path: string, why: string): never => {
    throw new BadArchiveError(
      `${archiveName} was refused: its entry ${quoted(path)} ${why}.`,
      'Nothing of it was kept. This is not how a runner is packed: find out where the archive comes from.',
    );
  };

  /** The entry's place, as its parts. */
  const placeOf = (path: string): string[] => {
    if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) refuse(path, 'has an absolute path');
    if (path.includes('\0') || path.length > longestPath) refuse(path, 'has a path that no file should have');
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) refuse(path, 'would be written outside the folder (../)');
    return parts;
  };

  const checkParents = (path: string, parts: string[]): void => {
    for (let depth = 1; depth < parts.length; depth += 1) {
      const parent = parts.slice(0, depth).join('/');
      const kind = seen.get(fold(parent));
      if (kind === undefined) seen.set(fold(parent), 'folder');
      else if (kind !== 'folder')
        refuse(path, `would be written through ${quoted(parent)}, which is not a folder`);
    }
  };

  const addContent = (path: string, place: string, size: number): void => {
    totals.files += 1;
    totals.bytes += size;
    seen.set(fold(place), 'file');
    sizes.set(fold(place), size);
    if (totals.bytes > limits.bytes)
      refuse(path, `makes it larger than ${describeBytes(limits.bytes)} unpacked`);
  };

  const admitSymbolicLink = ({ path, linkpath: target = '' }: ArchiveEntry, place: string): AdmittedEntry => {
    // Early, for what is certain already; the whole truth is known in `finish`.
    if (target.startsWith('/') || depthBelow(place, target) < 0) {
      refuse(path, `is a link that leaves the folder (to ${quoted(target)})`);
    }
    seen.set(fold(place), { target });
    return { kind: 'symbolic-link', place, target };
  };

  const admitHardLink = ({ path, linkpath = '' }: ArchiveEntry, place: string): AdmittedEntry => {
    const target = placeOf(linkpath).join('/');
    const size = sizes.get(fold(target));
    if (size === undefined) refuse(path, `is a hard link to ${quoted(linkpath)}, which is no file before it`);
    addContent(path, place, size ?? 0);
    return { kind: 'hard-link', place, target };
  };

  const admitFolder = (path: string, place: string): AdmittedEntry => {
    const before = seen.get(fold(place));
    if (before !== undefined && before !== 'folder') refuse(path, 'takes the place of an earlier entry');
    if (place !== '') seen.set(fold(place), 'folder');
    return { kind: 'folder', place, target: '' };
  };

  return {
    admit(entry) {
      const { path, type, size } = entry;
      entries += 1;
      if (entries > limits.entries) refuse(path, `is one more than ${limits.entries.toLocaleString('en')}`);
      const parts = placeOf(path);
      const place = parts.join('/');
      checkParents(path, parts);
      if (type === 'Directory') return admitFolder(path, place);
      if (place === '') refuse(path, 'takes the place of the folder itself');
      if (seen.has(fold(place))) refuse(path, 'takes the place of an earlier entry');
      if (type === 'SymbolicLink') return admitSymbolicLink(entry, place);
      if (type === 'Link') return admitHardLink(entry, place);
      if (!fileTypes.includes(type)) refuse(path, `is neither a file, a folder nor a link, but a ${type}`);
      addContent(path, place, size);
      return { kind: 'file', place, target: '' };
    },
    finish() {
      for (const [place, kind] of seen) {
        if (typeof kind === 'object' && !staysInside(place, seen, limits.linkDepth, fold)) {
          refuse(place, `is a link that leaves the folder (to ${quoted(kind.target)})`);
        }
      }
      return totals;
    },
  };
}

/** How many folders below the root a link's target lies at its lowest, taking its words alone; negative = outside. */
function depthBelow(place: string, target: string): number {
  let depth = place.split('/').length - 1;
  let lowest = depth;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    depth += part === '..' ? -1 : 1;
    lowest = Math.min(lowest, depth);
  }
  return lowest;
}

/** Follows a link as the system would, other links on the way included. A circle leads nowhere: it stays inside. */
function staysInside(
  place: string,
  seen: ReadonlyMap<string, Kind>,
  linkDepth: number,
  fold: (name: string) => string,
): boolean {
  let here: string[] = [];
  const ahead = place.split('/');
  let followed = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (here.length === 0) return false;
      here = here.slice(0, -1);
      continue;
    }
    const kind = seen.get(fold([...here, part].join('/')));
    if (typeof kind !== 'object') {
      here.push(part);
      continue;
    }
    followed += 1;
    if (followed > linkDepth) return true;
    if (kind.target.startsWith('/')) return false;
    ahead.unshift(...kind.target.split('/'));
  }
  return true;
}

function quoted(path: string): string {
  const shown = path.length > 120 ? `${path.slice(0, 120)}…` : path;
  return JSON.stringify(shown);
}
