import { afterEach, expect, test } from 'vitest';
import type { Neighbour, Pool } from '../../shared/model.ts';
import { defaultNeighbour, defaultScaling, defaultSettings } from '../../shared/pool-defaults.ts';
import { presets } from '../../shared/sizes.ts';
import { createBoard } from '../board.ts';
import { createManualClock } from '../platform/clock.ts';
import { createGoodNeighbour, type GoodNeighbour } from './surroundings.ts';

let neighbour: GoodNeighbour | null = null;
afterEach(() => neighbour?.dispose());

function pool(change: Partial<Neighbour>, rest: Partial<Pool> = {}): Pool {
  return {
    id: 'p',
    name: 'forge',
    repositoryId: 'r',
    target: { kind: 'repository' },
    labels: [],
    size: presets.small,
    lifecycle: { mode: 'auto', idleTimeoutMs: 60_000 },
    scaling: defaultScaling,
    neighbour: { ...defaultNeighbour, ...change },
    rerunLost: true,
    paused: false,
    createdAt: 0,
    ...rest,
  };
}

/** Lets what was begun get as far as it can without time passing. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setup() {
  const clock = createManualClock();
  const board = createBoard(
    {
      now: clock.now(),
      version: '0',
      demo: false,
      host: null,
      load: null,
      tokenStore: 'memory',
      dataFolder: '/',
      settings: defaultSettings,
      surroundings: null,
      quitting: null,
    },
    clock,
  );
  const host = { onBattery: false, batteryPercent: 80, metered: false, othersLoad: 0.1 };
  const asked = { power: 0, metered: 0, othersLoad: 0 };
  const faults: unknown[] = [];
  const published: (number | null)[] = [];
  board.onChange((change) => {
    if (change.kind === 'panel' && change.state.surroundings)
      published.push(change.state.surroundings.othersLoad);
  });
  const probes = {
    async power() {
      asked.power += 1;
      return { onBattery: host.onBattery, batteryPercent: host.batteryPercent };
    },
    async metered(): Promise<boolean | null> {
      asked.metered += 1;
      return host.metered;
    },
    async othersLoad() {
      asked.othersLoad += 1;
      return host.othersLoad;
    },
  };
  const created = createGoodNeighbour({ board, probes, clock, onFault: (error) => faults.push(error) });
  neighbour = created;
  /** Somebody looks, until the returned function is called. */
  const watch = async (): Promise<() => Promise<void>> => {
    const abort = new AbortController();
    const reader = board.watch(abort.signal);
    await reader.next();
    return async () => {
      abort.abort();
      await reader.return(undefined);
    };
  };
  return { clock, board, host, asked, faults, published, probes, neighbour: created, watch };
}

test('nothing is measured for nobody', async () => {
  const { board, clock, asked, neighbour } = setup();
  board.set('pools', 'p', pool({ hours: { from: '09:00', to: '10:00', days: [1] }, lowPriority: true }));
  await neighbour.sample();
  await clock.advance(3_600_000);
  expect(asked).toEqual({ power: 0, metered: 0, othersLoad: 0 });
  expect(board.current().panel.surroundings).toBeNull();
});

test('a pool that asks is served every ten seconds with what it asks for, until it is gone', async () => {
  const { board, clock, asked } = setup();
  board.set('pools', 'p', pool({ pauseOnBattery: true }));
  await turn();
  await clock.advance(60_000);
  expect(asked).toEqual({ power: 7, metered: 0, othersLoad: 0 });
  expect(board.current().panel.surroundings).toMatchObject({ metered: null, othersLoad: null });
  board.delete('pools', 'p');
  await clock.advance(60_000);
  expect(asked.power).toBe(7);
});

test('whoever looks is served calmly with everything, until they leave', async () => {
  const { clock, asked, watch } = setup();
  const leave = await watch();
  await turn();
  await clock.advance(60_000);
  expect(asked).toEqual({ power: 3, metered: 3, othersLoad: 3 });
  await leave();
  await clock.advance(120_000);
  expect(asked).toEqual({ power: 3, metered: 3, othersLoad: 3 });
});

test('only what is noticeable is published', async () => {
  const { board, clock, host, published } = setup();
  board.set('pools', 'p', pool({ pauseAboveLoad: 0.9 }));
  await turn();
  for (const load of [0.11, 0.14, 0.16, 0.12, 0.1]) {
    host.othersLoad = load;
    await clock.advance(10_000);
  }
  expect(published).toEqual([0.1, 0.16, 0.1]);
});

test('a pool pauses when the plug is pulled, and goes on when it is back', async () => {
  const { board, clock, host, neighbour } = setup();
  const laptop = pool({ pauseOnBattery: true });
  board.set('pools', 'p', laptop);
  await neighbour.sample();
  expect(neighbour.pauseOf(laptop).hold).toBeNull();
  host.onBattery = true;
  await clock.advance(10_000);
  expect(neighbour.pauseOf(laptop).hold?.kind).toBe('battery');
  expect(neighbour.pauseOf(pool({})).hold).toBeNull();
  host.onBattery = false;
  await clock.advance(10_000);
  expect(neighbour.pauseOf(laptop).hold).toBeNull();
});

test('high load pauses after a minute, tells so at once, and is over two minutes after it fell', async () => {
  const { board, clock, host, published, neighbour } = setup();
  const shared = pool({ pauseAboveLoad: 0.5 });
  board.set('pools', 'p', shared);
  await neighbour.sample();
  host.othersLoad = 0.9;
  await clock.advance(60_000);
  expect(neighbour.pauseOf(shared).hold).toBeNull();
  const before = published.length;
  await clock.advance(10_000);
  expect(neighbour.pauseOf(shared).hold?.kind).toBe('user-load');
  expect(published.length).toBe(before + 1);
  host.othersLoad = 0.1;
  await clock.advance(120_000);
  expect(neighbour.pauseOf(shared).hold?.kind).toBe('user-load');
  await clock.advance(10_000);
  expect(neighbour.pauseOf(shared).hold).toBeNull();
});

test('a person’s pause comes first', () => {
  const { neighbour } = setup();
  expect(neighbour.pauseOf(pool({}, { paused: true }))).toEqual({
    hold: { kind: 'paused', sentence: 'forge is paused: no new jobs until you resume it.' },
    nextChangeAt: null,
  });
});

test('a probe that hangs or fails tells nothing and holds nothing up', async () => {
  const { board, clock, probes, faults, neighbour } = setup();
  probes.metered = () => new Promise(() => {});
  probes.othersLoad = () => Promise.reject(new Error('no process table'));
  const careful = pool({ pauseOnBattery: true, pauseOnMetered: true, pauseAboveLoad: 0.5 });
  board.set('pools', 'p', careful);
  const sampled = neighbour.sample();
  await turn();
  await clock.advance(4000);
  await sampled;
  expect(board.current().panel.surroundings).toMatchObject({
    onBattery: false,
    metered: null,
    othersLoad: null,
  });
  expect(neighbour.pauseOf(careful).hold).toBeNull();
  expect(faults).toEqual([new Error('no process table')]);
});
