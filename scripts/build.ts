/**
 * Builds everything into `out/`. With `--if-stale` it builds only when a source has changed since the last build, which
 * takes a few milliseconds to find out.
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stampFile = join(root, 'out', 'built-from');
const sourceFolders = ['electron', 'renderer', 'shared', 'resources'];
const sourceFiles = ['package.json', 'package-lock.json', 'electron.vite.config.ts'];

async function listSources(): Promise<string[]> {
  const inFolders = await Promise.all(
    sourceFolders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
  return [
    ...inFolders.flat().filter((path) => !isTest(path)),
    ...sourceFiles.map((name) => join(root, name)),
  ];
}

/** A digest over every source's path, size and time of change. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const path of (await listSources()).sort()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function lastFingerprint(): string | null {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return null;
  }
}

const current = await fingerprint();
if (!process.argv.includes('--if-stale') || lastFingerprint() !== current) {
  rmSync(join(root, 'out'), { recursive: true, force: true });
  process.stdout.write('Building the panel…\n');
  const { build } = await import('electron-vite');
  await build({ root, logLevel: 'warn' });
  const { bundlePracticeRunner } = await import('../electron/demo/practice-runner/bundle.ts');
  await bundlePracticeRunner(join(root, 'out', 'practice-runner'));
  writeFileSync(stampFile, current);
}
