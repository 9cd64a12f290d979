/** Zip archives for tests, and their bytes as a forge sends them. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { validateFileName } from 'yauzl';
import { ZipFile } from 'yazl';

/** @param files name and text of each @param modes file types by name, for what is no plain file */
export async function zipOf(
  files: Record<string, string>,
  modes: Record<string, number> = {},
): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, text] of Object.entries(files)) {
    archive.addBuffer(Buffer.from(text), isBad(name) ? placeholder(name) : name, {
      mode: modes[name] ?? 0o100644,
    });
  }
  archive.end();
  let bytes: Buffer = await buffer(archive.outputStream);
  // The library writes no bad names, so they are put in afterwards, each in place of one as long.
  for (const name of Object.keys(files).filter(isBad)) {
    bytes = Buffer.from(
      bytes.toString('latin1').replaceAll(placeholder(name), Buffer.from(name).toString('latin1')),
      'latin1',
    );
  }
  return bytes;
}

const isBad = (name: string): boolean => validateFileName(name) !== null;

const placeholder = (name: string): string =>
  createHash('sha256').update(name).digest('hex').repeat(4).slice(0, Buffer.byteLength(name));

export const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An archive whose directory names that many empty files, which are not in it. */
export function directoryOf(entries: number): Buffer {
  const records = Array.from({ length: entries }, (_, at) => {
    const name = Buffer.from(`file-${at}`);
    const header = Buffer.alloc(46);
    header.write('PK\x01\x02', 'latin1');
    header.writeUInt16LE(name.length, 28);
    return Buffer.concat([header, name]);
  });
  const directory = Buffer.concat(records);
  const start = Buffer.from('PK\x03\x04', 'latin1');
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(start.length, 16);
  return Buffer.concat([start, directory, end]);
}
