import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { createManualClock } from './clock.ts';
import { createWakefulness, type WakeCause } from './wakefulness.ts';

const address = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  family: 'IPv4',
  netmask: '255.255.255.0',
  mac: '02:00:00:00:00:01',
  cidr: null,
});

function watching() {
  const clock = createManualClock();
  let asleepMs = 0;
  const interfaces: Record<string, NetworkInterfaceInfo[]> = {
    lo: [address('127.0.0.1', true)],
    eth0: [address('192.0.2.7')],
  };
  const wakefulness = createWakefulness({
    clock: { ...clock, now: () => clock.now() + asleepMs },
    interfaces: () => interfaces,
  });
  const causes: WakeCause[] = [];
  const stop = wakefulness.onWake((cause) => causes.push(cause));
  return {
    clock,
    interfaces,
    causes,
    stop,
    wakefulness,
    /** The host's clock goes on, its timers do not. */
    jump(durationMs: number) {
      asleepMs += durationMs;
    },
  };
}

test('an hour in which nothing happens wakes nobody', async () => {
  const { clock, causes } = watching();
  await clock.advance(3_600_000);
  expect(causes).toEqual([]);
});

test('sleep and a clock that is set are noticed once, within a period', async () => {
  const { clock, causes, jump } = watching();
  await clock.advance(7000);
  jump(600_000);
  await clock.advance(5000);
  expect(causes).toEqual(['sleep']);
  await clock.advance(60_000);
  jump(-600_000);
  await clock.advance(5000);
  await clock.advance(60_000);
  expect(causes).toEqual(['sleep', 'sleep']);
});

test('a machine that is merely slow has not slept', async () => {
  const { clock, causes, jump } = watching();
  jump(10_000);
  await clock.advance(60_000);
  expect(causes).toEqual([]);
});

test('another network is noticed, containers are not', async () => {
  const { clock, causes, interfaces } = watching();
  interfaces.veth12 = [address('192.0.2.99')];
  interfaces.docker0 = [address('172.17.0.1')];
  interfaces.wlan0 = [address('169.254.3.4')];
  await clock.advance(60_000);
  expect(causes).toEqual([]);
  interfaces.wlan0 = [address('198.51.100.4')];
  await clock.advance(5000);
  delete interfaces.eth0;
  await clock.advance(5000);
  expect(causes).toEqual(['network', 'network']);
});

test('nobody is told who left, and nothing goes on after the end', async () => {
  const { clock, causes, jump, stop, wakefulness } = watching();
  stop();
  jump(600_000);
  await clock.advance(60_000);
  wakefulness.dispose();
  expect(causes).toEqual([]);
});
