/**
 * An engine in a process of its own, as a door's program has it: tests and chaos runs speak to it over its local socket
 * and may kill it at any moment. Its clock can be set off by messages `{ stepMs }` and moved forward by `{ advanceMs }`.
 * Argument: an EngineProcessOrder as JSON.
 */
import { openLocalSocket } from '../doors/local-socket.ts';
import { createEngine } from '../engine.ts';
import { createFileSecrets } from './file-secrets.ts';
import { createSteppableClock } from './steppable-clock.ts';

export interface EngineProcessOrder {
  dataFolder: string;
  cacheFolder: string;
  secretsFolder: string;
  practiceRunnerFolder: string;
}

export interface ClockMessage {
  stepMs?: number;
  advanceMs?: number;
}

/** Sent to the parent once runners of earlier are taken care of. */
export interface ReadyMessage {
  ready: true;
  /** From the process's start, milliseconds. */
  afterMs: number;
}

const order = JSON.parse(process.argv[2] ?? '') as EngineProcessOrder;
const clock = createSteppableClock();
process.on('message', ({ stepMs, advanceMs }: ClockMessage) => {
  if (stepMs) clock.step(stepMs);
  if (advanceMs) clock.advance(advanceMs);
});

const engine = await createEngine({
  ...order,
  secrets: createFileSecrets(order.secretsFolder),
  version: '0.0.0',
  nodePath: process.execPath,
  clock,
});
const socket = await openLocalSocket({ router: engine.router, dataFolder: order.dataFolder });
await engine.recovered;
process.send?.({ ready: true, afterMs: Math.round(performance.now()) } satisfies ReadyMessage);

process.once('SIGTERM', () => {
  void socket
    .close()
    .then(() => engine.dispose())
    .then(() => process.exit(0));
});
// Whoever started it is gone: an engine of nobody would be left.
process.once('disconnect', () => process.exit(1));
