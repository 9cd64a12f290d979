/** Faults of the forge and of the way to it. */
import type { FaultRequest } from '../../electron/demo/faults.ts';
import type { Fault } from './fault.ts';
import { busyRunner, during, killProgram, wait } from './fault.ts';
import type { ChaosLab } from './lab.ts';

const rest = '^(/api/v3)?/(repos|user|rate_limit)';

function forgeFault(name: string, title: string, request: FaultRequest, durationMs: number): Fault {
  return { name, title, verdicts: ['connection-lost'], inject: (lab) => during(lab, request, durationMs) };
}

/** Lets two runners leave after their job, so that others have to be registered in the middle of the fault. */
async function replaceTwo(lab: ChaosLab): Promise<void> {
  const { client, board } = lab.engine;
  const two = Object.values(board().runners).slice(0, 2);
  for (const { id } of two) await client.runners.remove({ runnerId: id, how: 'drain' });
}

export const forgeFaults: Fault[] = [
  {
    name: 'registration-deleted',
    title: 'A busy runner’s registration is deleted on the forge',
    verdicts: ['registration-deleted', 'listener-died', 'worker-died', 'connection-lost'],
    async inject(lab) {
      const { name } = await busyRunner(lab);
      lab.github.faults.set({ kind: 'deleted-registration', runner: name, count: 1 });
      await wait(5000);
      lab.github.faults.clear();
    },
  },
  {
    name: 'session-conflict',
    title: 'A runner comes back while the forge still believes in its old session',
    verdicts: ['listener-died', 'worker-died'],
    async inject(lab) {
      const { name } = await busyRunner(lab);
      lab.github.faults.set({ kind: 'session-conflict', runner: name, count: 2 });
      await killProgram(lab, 'Listener');
    },
  },
  {
    name: 'token-revoked',
    title: 'The token is revoked for twenty seconds',
    verdicts: [],
    async inject(lab) {
      const revoked = during(lab, { kind: 'revoked-token' }, 20_000);
      await replaceTwo(lab);
      await revoked;
    },
  },
  {
    name: 'token-expired',
    title: 'The registration token expires in the middle of a deploy',
    verdicts: [],
    async inject(lab) {
      lab.github.faults.set({ kind: 'token-expired', count: 2 });
      await replaceTwo(lab);
      await wait(8000);
      lab.github.faults.clear();
    },
  },
  forgeFault(
    'secondary-limit',
    'The forge answers 403 with retry-after for twenty seconds',
    { kind: 'secondary-limit', retryAfterSeconds: 5 },
    20_000,
  ),
  forgeFault(
    'too-many-requests',
    'The forge answers 429 with retry-after for twenty seconds',
    { kind: 'too-many-requests', retryAfterSeconds: 5 },
    20_000,
  ),
  forgeFault(
    'server-errors',
    'Half of everything is answered with 500 for two minutes, all of the API',
    { kind: 'server-error', status: 500, pathPattern: rest },
    120_000,
  ),
  forgeFault(
    'dropped-connections',
    'A third of all connections is dropped for half a minute, the runners’ own too',
    { kind: 'dropped-connection', share: 0.33 },
    30_000,
  ),
  forgeFault(
    'latency',
    'Every answer takes ten seconds for forty seconds',
    { kind: 'latency', delayMs: 10_000 },
    40_000,
  ),
  {
    name: 'stale-busy',
    title: 'The forge calls busy runners idle, while their deadlines pass again and again',
    verdicts: [],
    async inject(lab) {
      const id = lab.github.faults.set({ kind: 'stale-busy' });
      for (let round = 0; round < 10; round += 1) {
        lab.engine.tellClock({ advanceMs: 6 * 60_000 });
        await wait(1500);
      }
      lab.github.faults.clear(id);
    },
  },
  {
    name: 'forced-update',
    title: 'A busy runner has to update itself',
    verdicts: [],
    async inject(lab) {
      const { name } = await busyRunner(lab);
      lab.github.faults.set({ kind: 'forced-update', runner: name, count: 1, version: '2.337.0' });
      await lab.engine.when(
        ({ runners }) => Object.values(runners).some((row) => row.name === name && row.version === '2.337.0'),
        90_000,
        `${name} on its new version`,
      );
    },
  },
];
