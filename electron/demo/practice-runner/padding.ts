/** Files without a use, which make an archive as large and as full as the vendor's. For benchmarks. */
import { createCipheriv } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const filesPerFolder = 40;
const foldersPerPackage = 5;
/** One file in so many is large; together they are half of all bytes, as the two copies of Node are in the vendor's package. */
const largeEvery = 400;
/** Share of a file that does not compress. */
const randomShare = 0.35;
const blockBytes = 8192;

/** The sizes of the files, in bytes: the same for the same wish, and together exactly `bytes`. */
function paddingSizes(files: number, bytes: number): number[] {
  const large = Math.ceil(files / largeEvery);
  const weights = Array.from({ length: files }, (_, index) =>
    index % largeEvery === 0 ? files / large : 0.2 + ((index * 7919) % 101) / 63,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sizes = weights.map((weight) => Math.floor((bytes * weight) / total));
  const rest = bytes - sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size, index) => (index === 0 ? size + rest : size));
}

/** @returns what gives the next so many bytes, the same ones in every run */
function createContents(): (bytes: number) => Buffer {
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16));
  const random = Math.round(blockBytes * randomShare);
  return (bytes) => {
    const content = Buffer.alloc(bytes, 'module.exports = require("./generated");\n');
    for (let at = 0; at < bytes; at += blockBytes) {
      stream.update(Buffer.alloc(Math.min(random, bytes - at))).copy(content, at);
    }
    return content;
  };
}

/** Writes them below `folder`, some levels deep. */
export async function writePadding(
  folder: string,
  { files, bytes }: { files: number; bytes: number },
): Promise<void> {
  const nextContent = createContents();
  for (const [index, size] of paddingSizes(files, bytes).entries()) {
    const parent = Math.floor(index / filesPerFolder);
    const name = `package-${Math.floor(parent / foldersPerPackage)}/lib-${parent % foldersPerPackage}/file-${index}.js`;
    const path = join(folder, name);
    if (index % filesPerFolder === 0) await mkdir(dirname(path), { recursive: true });
    await writeFile(path, nextContent(size));
  }
}
