import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { expect, test } from 'vitest';
import { setupQuit } from './quit.ts';

function setup(engine: Promise<{ dispose(): Promise<void> }>) {
  const events = new EventEmitter();
  const exits: Promise<number> = new Promise((resolve) => {
    Object.assign(events, { exit: resolve, quit: () => events.emit('will-quit', event) });
  });
  let prevented = 0;
  const event = {
    preventDefault: () => {
      prevented += 1;
    },
  };
  setupQuit(events as unknown as App, engine);
  return { events, exits, prevented: () => prevented };
}

test('closing the last window closes the engine before the process ends', async () => {
  const steps: string[] = [];
  const { events, exits, prevented } = setup(
    Promise.resolve({
      dispose: async () => {
        steps.push('disposed');
      },
    }),
  );
  events.emit('window-all-closed');
  events.emit('window-all-closed');
  expect(await exits).toBe(0);
  expect(steps).toEqual(['disposed']);
  expect(prevented()).toBe(1);
});

test('an engine that never opened or does not close ends with a failure', async () => {
  const never = setup(Promise.reject(new Error('in use')));
  never.events.emit('window-all-closed');
  expect(await never.exits).toBe(1);
});
