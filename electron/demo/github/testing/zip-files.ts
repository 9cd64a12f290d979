/** Reads what a small zip archive holds. */
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

export async function filesInZip(bytes: Buffer): Promise<{ name: string; content: Buffer }[]> {
  const archive = await fromBufferPromise(bytes);
  const files: { name: string; content: Buffer }[] = [];
  for await (const entry of archive.eachEntry()) {
    files.push({ name: entry.fileName, content: await buffer(await archive.openReadStreamPromise(entry)) });
  }
  return files;
}
