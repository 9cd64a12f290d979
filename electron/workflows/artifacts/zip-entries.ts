/** What is in a zip archive, by its directory alone: nothing is unpacked, and sizes are what it says of itself. */
import { open } from 'node:fs/promises';
import yauzl, { type Entry } from 'yauzl';
import { openBlocks } from './file-blocks.ts';

export interface ZipListing {
  files: { name: string; sizeBytes: number }[];
  /** Names that would leave the folder they are unpacked to, or are no plain files. */
  refused: string[];
  /** All there are, listed or not. */
  entries: number;
}

/** Names that are told at most; more are only counted. */
export const mostListed = { files: 10_000, refused: 1000 } as const;
/** Longer ones are shortened: a zip's name can have 64 KB. */
const longestShown = 1024;
const typeBits = 0o170000;
const regularFile = 0o100000;
const folder = 0o040000;

/** Whether a file begins as zip archives do. */
export async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    return start === 'PK\x03\x04' || start === 'PK\x05\x06';
  } finally {
    await file.close();
  }
}

/** @throws Error in the library's words when the archive's directory cannot be read */
export async function listZip(path: string, signal?: AbortSignal): Promise<ZipListing> {
  const listing: ZipListing = { files: [], refused: [], entries: 0 };
  const { reader, sizeBytes } = await openBlocks(path);
  try {
    // Names are judged here: the library would stop at the first that it does not like.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
    const archive = await yauzl.fromRandomAccessReaderPromise(reader, sizeBytes, options);
    for await (const entry of archive.eachEntry()) {
      signal?.throwIfAborted();
      listing.entries += 1;
      add(listing, entry);
    }
    return listing;
  } finally {
    reader.close(() => {});
  }
}

function add({ files, refused }: ZipListing, entry: Entry): void {
  const { generalPurposeBitFlag, fileNameRaw, extraFields, uncompressedSize } = entry;
  const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  const type = (entry.externalFileAttributes >>> 16) & typeBits;
  const isPlain = type === 0 || type === regularFile || type === folder;
  const shown = name.length > longestShown ? `${name.slice(0, longestShown)}…` : name;
  if (!isPlain || leavesFolder(name)) {
    if (refused.length < mostListed.refused) refused.push(shown);
  } else if (!name.endsWith('/') && files.length < mostListed.files) {
    files.push({ name: shown, sizeBytes: uncompressedSize });
  }
}

/** Whether an unpacker on any system could write outside its folder, or to a device, by this name. */
function leavesFolder(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a name with them is what is looked for
  if (name === '' || /^\/|^[a-z]:|\\|[\0-\x1f]/i.test(name)) return true;
  return name.split('/').includes('..');
}
