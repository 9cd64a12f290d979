import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Runner, RunnerState } from '../../../shared/model.ts';
import { type HistoryDatabase, openHistoryDatabase } from '../../history/database.ts';
import { createManualClock, type ManualClock } from '../../platform/clock.ts';
import { type Availability, createAvailability, type Phase, phaseOf } from './availability.ts';
import { idleRecord } from './testing.ts';

const second = 1000;
const minute = 60 * second;
/** Noon of this machine's day, so that no test crosses midnight by chance. */
const noon = new Date(2026, 10, 24, 12).getTime();

let folder: string;
let clock: ManualClock;
let database: HistoryDatabase;
let availability: Availability;
let endedAt: number | null;

const open = (): void => {
  database = openHistoryDatabase({ path: join(folder, 'history.db'), clock, onDamaged() {} });
  availability = createAvailability({ database, clock, listenerEndedAt: () => endedAt });
};
/** Another engine on the same folder; the one before has died or ended. */
const reopen = (how: 'died' | 'ended'): void => {
  if (how === 'ended') availability.dispose();
  database.dispose();
  open();
};
const observe = (change: Partial<Runner>, processStartedAt: number | null = noon): void => {
  const record = idleRecord({ stateSince: clock.now(), ...change });
  availability.observe({ runner: record.runner, record, processStartedAt });
};
const days = () => availability.of('runner-1');
/** Time goes by as it does for an engine: with a look every half minute. */
const pass = async (durationMs: number, change: Partial<Runner>): Promise<void> => {
  const since = clock.now();
  observe({ stateSince: since, ...change });
  for (let left = durationMs; left > 0; left -= 30 * second) {
    await clock.advance(Math.min(left, 30 * second));
    observe({ stateSince: since, ...change });
    availability.write();
  }
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'availability-'));
  clock = createManualClock(noon);
  endedAt = null;
  open();
});
afterEach(async () => {
  database.dispose();
  await rm(folder, { recursive: true });
});

const unfinished = { steps: [{ ...idleRecord().runner.steps[0], status: 'failed' }] } as Partial<Runner>;
const phaseTable: [RunnerState, Partial<Runner>, before: Phase, Phase][] = [
  ['idle', {}, 'off', 'up'],
  ['busy', {}, 'down', 'up'],
  ['reconnecting', {}, 'up', 'up'],
  ['deploying', unfinished, 'off', 'off'],
  ['deploying', unfinished, 'down', 'down'],
  ['starting', {}, 'off', 'off'],
  ['starting', {}, 'up', 'down'],
  ['stopping', {}, 'up', 'off'],
  ['stopped', {}, 'down', 'off'],
  ['failed', {}, 'off', 'down'],
  ['failed', {}, 'up', 'down'],
  ['failed', unfinished, 'off', 'off'],
  ['failed', unfinished, 'down', 'down'],
];

describe('what counts', () => {
  test.each(phaseTable)('%s %o after %s is %s', (state, change, before, phase) => {
    const record = idleRecord({ ...change, state });
    expect(phaseOf({ runner: record.runner, record }, before)).toBe(phase);
    expect(phaseOf({ runner: record.runner, record: { ...record, wanted: 'stopped' } }, before)).toBe('off');
    expect(phaseOf({ runner: record.runner, record: { ...record, held: true } }, before)).toBe('off');
  });

  test('a deploy, work, a crash with its restart, a stop', async () => {
    await pass(minute, { state: 'deploying', ...unfinished });
    await pass(30 * minute, { state: 'idle' });
    await pass(10 * minute, { state: 'busy' });
    await pass(20 * second, { state: 'starting' });
    await pass(5 * minute, { state: 'idle' });
    await pass(60 * minute, { state: 'stopped' });
    expect(days()).toEqual([{ day: '2026-11-24', upMs: 45 * minute, downMs: 20 * second }]);
  });

  test('a lost connection counts as down after two minutes, to the second', async () => {
    await pass(5 * minute + 7 * second, { state: 'reconnecting' });
    expect(days()).toEqual([{ day: '2026-11-24', upMs: 2 * minute, downMs: 3 * minute + 7 * second }]);
  });

  test('each day gets its own time', async () => {
    await pass(13 * 60 * minute, { state: 'idle' });
    expect(days()).toEqual([
      { day: '2026-11-24', upMs: 12 * 60 * minute, downMs: 0 },
      { day: '2026-11-25', upMs: 60 * minute, downMs: 0 },
    ]);
  });

  test('a machine that slept counts neither way, nor does a clock that was set back', async () => {
    await pass(minute, { state: 'idle' });
    await clock.advance(8 * 60 * minute);
    await pass(minute, { state: 'idle' });
    expect(days()).toEqual([{ day: '2026-11-24', upMs: 2 * minute, downMs: 0 }]);
  });
});

describe('over the death of the engine', () => {
  test('a listener that lived on was up all the while', async () => {
    await pass(10 * minute, { state: 'idle' });
    reopen('died');
    await clock.advance(60 * minute);
    observe({ state: 'idle' });
    expect(days()).toEqual([{ day: '2026-11-24', upMs: 70 * minute, downMs: 0 }]);
  });

  test('one that ended was up until its shim says, and down from then on', async () => {
    await pass(10 * minute, { state: 'idle' });
    endedAt = clock.now() + 20 * minute;
    reopen('died');
    await clock.advance(60 * minute);
    observe({ state: 'starting' }, null);
    await pass(10 * second, { state: 'starting' });
    expect(days()).toEqual([{ day: '2026-11-24', upMs: 30 * minute, downMs: 40 * minute + 10 * second }]);
  });

  test('one of which nobody knows is not counted, and down only from the new engine on', async () => {
    await pass(10 * minute, { state: 'idle' });
    reopen('died');
    await clock.advance(60 * minute);
    observe({ state: 'starting' }, null);
    await pass(10 * second, { state: 'starting' });
    // Of what went on before, up to five minutes were not written down yet.
    expect(days()).toEqual([{ day: '2026-11-24', upMs: 5.5 * minute, downMs: 10 * second }]);
  });

  test('one that was stopped stays uncounted', async () => {
    await pass(10 * minute, { state: 'idle' });
    await pass(minute, { state: 'stopped' });
    reopen('ended');
    await clock.advance(60 * minute);
    observe({ state: 'stopped' }, null);
    expect(days()).toEqual([{ day: '2026-11-24', upMs: 10 * minute, downMs: 0 }]);
  });
});

test('thirty days are kept, here and on disk', async () => {
  for (let day = 0; day < 33; day += 1) {
    await pass(minute, { state: 'idle' });
    await clock.advance(24 * 60 * minute - minute);
  }
  await pass(minute, { state: 'idle' });
  const kept = days();
  expect(kept).toHaveLength(30);
  expect(kept.at(-1)?.day).toBe('2026-12-27');
  reopen('ended');
  observe({ state: 'idle' });
  expect(days()).toEqual(kept);
});

test('a runner that is gone leaves nothing', async () => {
  await pass(minute, { state: 'idle' });
  availability.forget('runner-1');
  availability.write();
  expect(database.all('SELECT * FROM availability')).toEqual([]);
  expect(database.all('SELECT * FROM availabilityPhases')).toEqual([]);
});
