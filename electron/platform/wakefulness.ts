/**
 * Notices that this machine slept, that its clock was set, or that it is on another network: whatever was known of the
 * world outside is old then, and what failed may work.
 */
import { networkInterfaces } from 'node:os';
import type { Clock } from './clock.ts';

export type WakeCause = 'sleep' | 'network';

export interface Wakefulness {
  /** Calls back each time; the returned function ends it. */
  onWake(callback: (cause: WakeCause) => void): () => void;
  dispose(): void;
}

/** Time between two looks at the clock and the interfaces. */
const periodMs = 5000;
/** A timer that comes so much later than due was held up by more than a busy machine. */
const lateMs = 15_000;

/** Interfaces of containers and virtual machines come and go with them, without anything changing outside. */
const virtualName = /^(docker|br-|veth|virbr|vnet|cni|flannel|cali|podman|lxc|lxd)/;
/** Given to an interface by itself, while it has no network yet. */
const linkLocal = /^(fe[89ab][0-9a-f]:|169\.254\.)/i;

function addressesOf(interfaces: ReturnType<typeof networkInterfaces>): string {
  return Object.entries(interfaces)
    .filter(([name]) => !virtualName.test(name))
    .flatMap(([name, addresses = []]) =>
      addresses
        .filter(({ internal, address }) => !internal && !linkLocal.test(address))
        .map(({ address }) => `${name} ${address}`),
    )
    .sort()
    .join('\n');
}

/** @param interfaces this machine's by default */
export function createWakefulness(options: {
  clock: Clock;
  interfaces?: typeof networkInterfaces;
}): Wakefulness {
  const { clock, interfaces = networkInterfaces } = options;
  const callbacks = new Set<(cause: WakeCause) => void>();
  let checkedAt = clock.now();
  let addresses = addressesOf(interfaces());

  const check = (): void => {
    const now = clock.now();
    const late = Math.abs(now - checkedAt - periodMs) > lateMs;
    const present = addressesOf(interfaces());
    const isElsewhere = present !== addresses;
    checkedAt = now;
    addresses = present;
    if (late || isElsewhere) for (const callback of [...callbacks]) callback(late ? 'sleep' : 'network');
  };
  const stop = clock.every(periodMs, check);
  return {
    onWake(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    dispose: stop,
  };
}
