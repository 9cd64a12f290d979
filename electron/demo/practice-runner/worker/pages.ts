/** The live pieces of a log on disk, `_diag/pages/<timeline>_<record>_<page>.log` (Logging.cs). */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface Pages {
  write(line: string): void;
  /** Closes and deletes them: what they hold has been uploaded. */
  remove(): void;
}

const pageBytes = 8 * 1024 * 1024;
const byteOrderMark = '\uFEFF';

/** A full disk loses lines of these files, never the job. */
export function createPages(root: string, timelineId: string, recordId: string): Pages {
  const folder = join(root, '_diag', 'pages');
  const paths: string[] = [];
  let file: number | null = null;
  let bytes = 0;
  const open = (): number => {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${timelineId}_${recordId}_${paths.length + 1}.log`);
    paths.push(path);
    bytes = 0;
    const opened = openSync(path, 'a');
    writeSync(opened, byteOrderMark);
    return opened;
  };
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    write(line) {
      try {
        file ??= open();
        bytes += writeSync(file, `${line}\n`);
        if (bytes >= pageBytes) close();
      } catch {}
    },
    remove() {
      close();
      for (const path of paths) rmSync(path, { force: true });
    },
  };
}
