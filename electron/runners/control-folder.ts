/** The files through which the engine, the shim and a later engine know about one runner's process. */
import { statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Listener logs kept beside the present one. */
const keptLogs = 3;

/** How long after a pid's file was written its process may seem to have started: clocks are set meanwhile. */
export const clockToleranceMs = 5 * 60_000;

/** Stands in the pid file from before the spawn until the shim writes its own number. */
const startingMark = 'starting';

/** Where the listener's output goes; the one before is `listener.1.log`, then `.2`, `.3`. */
export function listenerLogPath(controlFolder: string): string {
  return join(controlFolder, 'listener.log');
}

/** Makes the folder ready for a new process: old logs moved on, no exit code, no pid. */
export async function prepareControlFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let number = keptLogs; number >= 1; number -= 1) {
    const older = number === 1 ? 'listener.log' : `listener.${number - 1}.log`;
    await unlessMissing(rename(join(folder, older), join(folder, `listener.${number}.log`)));
  }
  await writeFile(join(folder, 'pid'), `${startingMark}\n`, { mode: 0o600 });
  await rm(join(folder, 'exit'), { force: true });
}

/** The pid the shim wrote and when; `starting` when it has not yet; null when none was ever started here. */
export async function readPid(
  folder: string,
): Promise<{ pid: number; writtenAt: number } | typeof startingMark | null> {
  const path = join(folder, 'pid');
  const line = await readLine(path);
  if (line === startingMark || line === '') return startingMark;
  const pid = Number(line);
  const written = await unlessMissing(stat(path));
  return line !== null && Number.isInteger(pid) && written ? { pid, writtenAt: written.mtimeMs } : null;
}

/** The listener's exit code as the shim recorded it; null while there is none. */
export async function readExitCode(folder: string): Promise<number | null> {
  const line = await readLine(join(folder, 'exit'));
  return line && /^\d+$/.test(line) ? Number(line) : null;
}

/** When the shim recorded the exit code, epoch milliseconds; null while there is none. */
export function exitRecordedAt(folder: string): number | null {
  return statSync(join(folder, 'exit'), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** A running configuration's pid, its working folder, and when it wrote them; null when there is none. */
export async function readConfigurationPid(
  folder: string,
): Promise<{ pid: number; runnerRoot: string; writtenAt: number } | null> {
  const path = join(folder, 'config.pid');
  const [pid, runnerRoot, end] = (await unlessMissing(readFile(path, 'utf8')))?.split('\n') ?? [];
  const written = await unlessMissing(stat(path));
  if (!pid || !runnerRoot || end === undefined || !written) return null;
  return { pid: Number(pid), runnerRoot, writtenAt: written.mtimeMs };
}

export async function forgetConfigurationPid(folder: string): Promise<void> {
  await rm(join(folder, 'config.pid'), { force: true });
}

/** The first line, '' while its end is not written yet, null when there is no file. */
async function readLine(path: string): Promise<string | null> {
  const text = await unlessMissing(readFile(path, 'utf8'));
  if (text === null) return null;
  const end = text.indexOf('\n');
  return end < 0 ? '' : text.slice(0, end);
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
