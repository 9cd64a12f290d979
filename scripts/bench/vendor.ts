/** Runs the vendor's documented procedure, and ends and deregisters what it has started. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { folderUsage } from '../../electron/platform/disk.ts';
import { request, type Stage } from './stage.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'vendor-procedure.sh');
const pollMs = 50;

/**
 * @param place folder for the runners; stays until the stage is cleared
 * @returns seconds from the first `mkdir` to the last runner's "Listening for Jobs", and what one runner takes
 */
export async function deployByProcedure(
  { demo, archiveFile }: Stage,
  place: string,
  count: number,
): Promise<{ seconds: number; bytesPerRunner: number }> {
  const answer = await request(demo, 'POST', `/repos/${demo.repository}/actions/runners/registration-token`);
  const { token } = answer as { token: string };
  const environment = { ...process.env, RUNNER_TOKEN: token };
  const args = [String(count), archiveFile, place, `${demo.url}/${demo.repository}`, 'vendor'];
  try {
    const startedAt = performance.now();
    await run(script, args, { env: environment });
    const seconds = (performance.now() - startedAt) / 1000;
    return { seconds, bytesPerRunner: await folderUsage(join(place, 'vendor-1')) };
  } finally {
    await endAll(place);
    for (const { id, name } of demo.snapshot().runners) {
      if (name.startsWith('vendor-'))
        await request(demo, 'DELETE', `/repos/${demo.repository}/actions/runners/${id}`);
    }
  }
}

async function endAll(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const pid = Number(await readFile(join(place, name, 'run.pid'), 'utf8').catch(() => '0'));
    if (pid > 1) await endGroup(pid);
  }
}

async function endGroup(leader: number): Promise<void> {
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-leader, name);
    } catch {
      return false;
    }
  };
  if (!signal('SIGINT')) return;
  for (let waitedMs = 0; signal(0) && waitedMs < 15_000; waitedMs += pollMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  signal('SIGKILL');
}
