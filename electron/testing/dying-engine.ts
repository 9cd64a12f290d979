/**
 * An engine in a process of its own that deploys and kills itself at a given moment of a deploy step, as `kill -9` would.
 * Arguments: the lab's folders and the moment, as JSON.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../engine.ts';
import { deployRequest } from './engine-lab.ts';
import { createFileSecrets } from './file-secrets.ts';

export interface DyingEngineOrder {
  dataFolder: string;
  cacheFolder: string;
  secretsFolder: string;
  practiceRunnerFolder: string;
  apiUrl: string;
  token: string;
  /** The step during which it dies: as soon as it begins, or when a file has appeared in the control folder. */
  step: string;
  file: string | null;
}

const order = JSON.parse(process.argv[2] ?? '') as DyingEngineOrder;
const engine = await createEngine({
  ...order,
  secrets: createFileSecrets(order.secretsFolder),
  version: '0.0.0',
  nodePath: process.execPath,
});
await engine.recovered;
const connection = await engine.connections.add({
  token: order.token,
  apiUrl: order.apiUrl,
  repository: null,
});
const repository = await engine.repositories.connect({ connectionId: connection.id, fullName: 'octo/forge' });

const die = (): void => void process.kill(process.pid, 'SIGKILL');
const controlFile = (runnerId: string): string =>
  join(order.dataFolder, 'runners', runnerId, 'control', order.file ?? '');

void engine.board.when(({ runners }) => {
  for (const { id, steps } of Object.values(runners)) {
    const begun = steps.some((step) => step.id === order.step && step.status !== 'waiting');
    if (!begun) continue;
    if (order.file === null || existsSync(controlFile(id))) die();
    else setInterval(() => existsSync(controlFile(id)) && die(), 1);
  }
  return false;
});
await engine.runners.deploy(deployRequest(repository.id, 2));
