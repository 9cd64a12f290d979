/** Reads a file block by block for whoever asks for a few bytes at a time: a zip's directory has tens of thousands of them. */
import { type FileHandle, open } from 'node:fs/promises';
import { RandomAccessReader } from 'yauzl';

const blockBytes = 256 * 1024;

class BlockReader extends RandomAccessReader {
  readonly #file: FileHandle;
  #block = { start: 0, bytes: Buffer.alloc(0) };

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#fill(buffer.subarray(offset, offset + length), position).then(
      (bytesRead) => callback(null, bytesRead),
      (error: Error) => callback(error),
    );
  }

  async #fill(target: Buffer, position: number): Promise<number> {
    const { start, bytes } = this.#block;
    const isKept = position >= start && position + target.length <= start + bytes.length;
    if (!isKept) {
      const block = Buffer.alloc(Math.max(blockBytes, target.length));
      const { bytesRead } = await this.#file.read(block, 0, block.length, position);
      this.#block = { start: position, bytes: block.subarray(0, bytesRead) };
    }
    const from = position - this.#block.start;
    return this.#block.bytes.copy(target, 0, from, from + target.length);
  }

  override close(callback: (error: Error | null) => void): void {
    this.#file.close().then(
      () => callback(null),
      (error: Error) => callback(error),
    );
  }
}

/** @returns a reader for the zip library, to be closed by the caller, and the file's size */
export async function openBlocks(path: string): Promise<{ reader: RandomAccessReader; sizeBytes: number }> {
  const file = await open(path);
  const { size } = await file.stat();
  return { reader: new BlockReader(file), sizeBytes: size };
}
