/** What is really there: on disk, in the process table, on the demo GitHub. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mountsBelow, unmount } from '../electron/platform/mounts.ts';
import { createProcessTable } from '../electron/platform/processes.ts';
import type { Folders } from './folders.ts';

/** Folders of runners. */
export async function runnerFolders({ dataFolder }: Folders): Promise<string[]> {
  return readdir(join(dataFolder, 'runners')).catch(() => []);
}

/** Processes that work below the folders. */
export async function processesIn(folder: string): Promise<string[]> {
  return (await createProcessTable().workingIn(folder)).map(({ pid, name }) => `${pid} ${name}`);
}

/** Ends and unmounts whatever a failed spec left below a folder, and deletes it. */
export async function clearAway(folder: string): Promise<void> {
  const table = createProcessTable();
  for (let left = await table.workingIn(folder); left.length > 0; left = await table.workingIn(folder)) {
    for (const { pid } of left) table.signal(pid, 'SIGKILL');
  }
  for (const point of await mountsBelow(folder)) await unmount(point);
  await rm(folder, { recursive: true, force: true });
}

interface DemoAccess {
  apiUrl: string;
  token: string;
}

async function demoAccess({ dataFolder }: Folders): Promise<DemoAccess> {
  const folder = join(dataFolder, 'state', 'connections');
  const [name] = await readdir(folder);
  const { apiUrl } = JSON.parse(await readFile(join(folder, name ?? ''), 'utf8')) as { apiUrl: string };
  const state = await readFile(join(dataFolder, 'demo', 'github.json'), 'utf8');
  const token = /github_pat_\w+/.exec(state)?.[0];
  if (!token) throw new Error('The demo GitHub has no token.');
  return { apiUrl, token };
}

/** Asks the demo GitHub what GitHub's REST API would answer. */
export async function askDemo<T>(folders: Folders, path: string): Promise<T> {
  const { apiUrl, token } = await demoAccess(folders);
  const answer = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** Tells the demo GitHub to do something. */
export async function tellDemo(folders: Folders, path: string, body: unknown): Promise<void> {
  const { apiUrl, token } = await demoAccess(folders);
  const answer = await fetch(`${apiUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
}

/** Names of the runners registered with the demo's repository. */
export async function registeredRunners(folders: Folders): Promise<string[]> {
  const { runners } = await askDemo<{ runners: { name: string }[] }>(
    folders,
    '/repos/octo/forge/actions/runners',
  );
  return runners.map(({ name }) => name).sort();
}
