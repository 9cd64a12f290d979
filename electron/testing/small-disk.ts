/** A small disk for tests, which can be filled to its last byte at a chosen moment. Linux, root. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  /** Writes until nothing more fits. Synchronous: nothing else of this process happens meanwhile. */
  fill(): void;
  /** Takes the filling away again. */
  free(): void;
}

/** Mounts one of so many bytes on `folder`, made when missing. Whoever removes the folder unmounts it. */
export function mountSmallDisk(folder: string, bytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'trackside-test', folder], {
    stdio: 'ignore',
  });
  const filling = join(folder, 'filling');
  return {
    fill() {
      const file = openSync(filling, 'a');
      try {
        for (let size = 1024 ** 2; size > 0; ) {
          try {
            writeSync(file, Buffer.alloc(size));
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
            size = Math.floor(size / 2);
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filling),
  };
}

/** Why there can be no small disk here; null where there can. */
export function noSmallDisks(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-mount-'));
  try {
    mountSmallDisk(folder, 1024 ** 2);
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return null;
  } catch {
    return 'Not tried here: mounting a small disk to fill takes root on Linux.';
  } finally {
    rmdirSync(folder);
  }
}
