/** The built panel, served as a person starts it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Stage } from './stage.ts';

const repositoryRoot = join(import.meta.dirname, '../..');

/** Builds it where a source has changed since. */
export function buildPanel(): void {
  const build = spawnSync(process.execPath, [join(repositoryRoot, 'scripts/build.ts'), '--if-stale'], {
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('The panel could not be built');
}

/** Starts the built panel and resolves with its link as soon as it is printed. */
export async function startPanel(
  stage: Pick<Stage, 'folder' | 'dataFolder'>,
): Promise<{ panel: ChildProcess; link: string; printedAt: number; linkMs: number }> {
  const startedAt = Date.now();
  const args = [join(repositoryRoot, 'out/main/serve.js'), '--no-open', '--data-folder', stage.dataFolder];
  const panel = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TRACKSIDE_CACHE_DIR: join(stage.folder, 'cache') },
  });
  for await (const line of createInterface({ input: panel.stdout })) {
    const link = /https?:\/\/\S+/.exec(line)?.[0];
    const printedAt = Date.now();
    if (link) return { panel, link, printedAt, linkMs: printedAt - startedAt };
  }
  throw new Error('The panel ended without a link');
}
