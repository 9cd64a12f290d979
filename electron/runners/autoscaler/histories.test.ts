/** The autoscaler's promises, held against long random histories. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Scaling } from '../../../shared/model.ts';
import { aggressivePatience, jobsPerSpare } from './aggressive.ts';
import { warmMs } from './balanced.ts';
import { decideScale } from './decide.ts';
import { lazyPatienceMs } from './lazy.ts';
import { constantJobs, periodicJobs, randomJobs, randomTrouble } from './pool-arrivals.ts';
import { createPoolWorld, type PoolWorld, type WorldControls } from './pool-world.ts';
import type { ScaleDecision, ScaleInput } from './scaling.ts';

const second = 1000;
const minute = 60 * second;
const events = 10_000;
const seed = 20261124;

const policies = ['lazy', 'balanced', 'aggressive'] as const;
const modes = ['auto', 'ephemeral'] as const;
const kinds = policies.flatMap((policy) => modes.map((mode) => ({ policy, mode })));

function assure(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`Broken: ${promise}`);
}

const same = (one: ScaleDecision, other: ScaleDecision): boolean =>
  one.start === other.start && one.retire.join() === other.retire.join();

/** Whether more are here than a lowered maximum allows. */
function isOverFull({ runners, maxRunners }: ScaleInput): boolean {
  return runners.filter(({ state }) => state !== 'leaving').length > maxRunners;
}

/** What holds for every single decision. */
function checkDecision(input: ScaleInput, decision: ScaleDecision): void {
  const { now, runners, maxRunners, idleTimeoutMs } = input;
  const { start, retire, stopsAt, nextAt } = decision;
  const idle = runners.filter(({ state }) => state === 'idle');
  const coming = runners.filter(({ state }) => state === 'coming').length;
  const places = maxRunners - runners.length;
  assure(start >= 0 && (start === 0 || start <= Math.min(places, input.room.count)), 'never over a ceiling');
  assure(start === 0 || retire.length === 0, 'never starts and retires at once');
  assure(
    stopsAt.size === idle.length && idle.every(({ id }) => stopsAt.has(id)),
    'deadlines for idle runners only',
  );
  assure(
    retire.every((id) => stopsAt.has(id)),
    'only idle runners are retired',
  );
  assure(input.pause === null || (start === 0 && retire.length === idle.length), 'a pause empties the pool');
  if (input.pause === null && !isOverFull(input)) {
    assure(input.queuedAt.length === 0 || retire.length === 0, 'none leaves while jobs wait');
    for (const { since, keptUntil } of idle.filter(({ id }) => retire.includes(id))) {
      assure(now - since >= idleTimeoutMs, 'none leaves before its idle time');
      assure((keptUntil ?? 0) <= now, 'none leaves while it is kept');
    }
  }
  const mayStart = input.pause === null && places > 0 && input.room.count > 0;
  const isLong = now - (input.queuedAt[0] ?? now) >= lazyPatienceMs;
  if (mayStart && isLong && coming + idle.length === 0) assure(start > 0, 'a waiting job gets a runner');
  assure(nextAt === null || nextAt > now, 'the next decision lies ahead');
}

/** Until the told time the answer stays the same, unless it changes the pool itself. */
function checkNext(input: ScaleInput, decision: ScaleDecision, share: number): void {
  if (decision.start > 0 || decision.retire.length > 0) return;
  const end = decision.nextAt ?? input.now + 24 * 60 * minute;
  for (const now of [end - 1, Math.floor(input.now + share * (end - 1 - input.now))]) {
    assure(same(decideScale({ ...input, now }), decision), 'nothing changes before the told time');
  }
}

/** Deadlines that were told, by runner; they move later, never earlier. */
function createDeadlineCheck(world: PoolWorld) {
  const told = new Map<string, { since: number; deadline: number }>();
  let upheavals = 0;
  return (input: ScaleInput, { stopsAt }: ScaleDecision): void => {
    const isUpset = world.upheavals() !== upheavals || isOverFull(input);
    if (isUpset) told.clear();
    upheavals = isOverFull(input) ? Number.NaN : world.upheavals();
    for (const { id, since } of input.runners) {
      const deadline = stopsAt.get(id) ?? null;
      if (deadline === null) continue;
      const before = told.get(id);
      assure(before?.since !== since || deadline >= before.deadline, 'a told deadline never moves earlier');
      told.set(id, { since, deadline });
    }
  };
}

/** Whether nothing has happened for so long that only spares may be here; checks that it is so. */
function checkRest(
  world: PoolWorld,
  { now, idleTimeoutMs, minRunners, maxRunners, room }: ScaleInput,
): boolean {
  if (now - world.restlessAt() <= Math.max(warmMs, aggressivePatience * idleTimeoutMs)) return false;
  const staying = world.runners().filter(({ state }) => state !== 'leaving').length;
  assure(staying <= minRunners, 'a pool at rest has its spares only');
  const isFull = world.runners().length >= Math.min(maxRunners, world.runners().length + room.count);
  assure(staying === minRunners || isFull, 'a pool at rest has all its spares');
  return true;
}

/** Lets the world go on for so many events with every promise checked; returns how often it was found at rest. */
function live(
  world: PoolWorld,
  count: number,
  onDecision: (input: ScaleInput, decision: ScaleDecision) => void = () => {},
) {
  const checkDeadlines = createDeadlineCheck(world);
  const trail: string[] = [];
  let wakeAt: number | null = null;
  let restful = 0;
  for (let index = 0; index < count; index += 1) {
    trail.push(world.step(wakeAt));
    const input = world.input();
    const decision = decideScale(input);
    wakeAt = decision.nextAt;
    try {
      checkDecision(input, decision);
      checkNext(input, decision, world.controls.random());
      checkDeadlines(input, decision);
      world.apply(decision);
      onDecision(input, decision);
      if (checkRest(world, input)) restful += 1;
    } catch (error) {
      const shown = JSON.stringify(
        { input, decision: { ...decision, stopsAt: [...decision.stopsAt] } },
        null,
        1,
      );
      throw new Error(`Event ${index}, after: ${trail.slice(-12).join('; ')}\n${shown}`, { cause: error });
    }
  }
  return restful;
}

describe.each(kinds)('$policy, $mode', ({ policy, mode }) => {
  const settings = {
    seed: fc.noShrink(fc.integer()),
    idleTimeoutMs: fc.integer({ min: 5 * second, max: 20 * minute }),
    minRunners: fc.integer({ min: 0, max: 2 }),
    maxRunners: fc.integer({ min: 2, max: 12 }),
    places: fc.integer({ min: 2, max: 14 }),
  };

  test(`keeps its promises for ${events} random events, and then serves whoever waits`, () => {
    const history = fc.property(fc.record(settings), ({ minRunners, maxRunners, ...rest }) => {
      const scaling: Scaling = { policy, minRunners, maxRunners };
      let isOver = false;
      const begin = (controls: WorldControls): void => {
        randomJobs(controls, () => isOver);
        randomTrouble(controls, scaling, () => isOver);
      };
      const world = createPoolWorld({ ...rest, mode, scaling, begin });
      const restful = live(world, events);
      expect(restful).toBeGreaterThan(0);
      isOver = true;
      world.controls.setPause(null);
      world.controls.setPlaces(rest.places);
      for (let left = events; world.input().queuedAt.length > 0; left -= 1) {
        assure(left > 0, 'every queued job is taken in the end');
        live(world, 1);
      }
    });
    fc.assert(history, { seed, numRuns: 2 });
  });

  test('does not flap while demand is steady: none is started within an idle time after one left', () => {
    // Periodic jobs would queue without end where every one of them waits half a minute for a runner of its own.
    const isConstant = policy === 'lazy' && mode === 'ephemeral' ? fc.constant(true) : fc.boolean();
    const idleTimeoutMs = fc.integer({ min: 2 * minute, max: 20 * minute });
    const steady = fc.record({
      ...settings,
      idleTimeoutMs,
      isConstant,
      jobs: fc.integer({ min: 1, max: 8 }),
    });
    const history = fc.property(steady, ({ minRunners, jobs, isConstant: areConstant, ...rest }) => {
      const scaling: Scaling = { policy, minRunners, maxRunners: 20 };
      const begin = (controls: WorldControls): void => {
        if (areConstant) constantJobs(controls, jobs, rest.idleTimeoutMs);
        else periodicJobs(controls, jobs, rest.idleTimeoutMs * 0.6);
      };
      const world = createPoolWorld({ ...rest, mode, scaling, places: 20, begin });
      let retiredAt = Number.NEGATIVE_INFINITY;
      let starts = 0;
      live(world, 1000, (input, { start, retire }) => {
        starts += start;
        assure(start === 0 || input.now - retiredAt > input.idleTimeoutMs, 'none starts soon after one left');
        if (retire.length > 0) retiredAt = input.now;
      });
      const most = jobs + Math.ceil(jobs / jobsPerSpare) + minRunners;
      if (mode === 'auto') assure(starts <= most, 'no more are started than are needed at once');
    });
    fc.assert(history, { seed, numRuns: 8 });
  });
});
