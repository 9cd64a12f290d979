/** A little world for tests of the autoscaler: one pool, its queue, its forge, its machine and its mishaps, on a seed. */
import type { Hold, Scaling } from '../../../shared/model.ts';
import { assignDemand } from './demand.ts';
import type { ScalableRunner, ScalableState, ScaleDecision, ScaleInput } from './scaling.ts';

/** Fractions from 0 (included) to 1, the same ones for the same seed (mulberry32). */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface WorldJob {
  id: string;
  repositoryId: string;
  labels: readonly string[];
  queuedAt: number;
  lengthMs: number;
  onEnd(): void;
}

interface WorldRunner extends ScalableRunner {
  job: WorldJob | null;
}

/** What makes things happen in the world. */
export interface WorldControls {
  random: Random;
  now(): number;
  /** Plans something; it counts as one event. */
  after(delayMs: number, name: string, happen: () => void): void;
  queue(job: { labels: readonly string[]; lengthMs: number; onEnd?: () => void }): void;
  /** Somebody cancels a queued job, or another runner takes it. */
  withdraw(): void;
  setPause(pause: Hold | null): void;
  setScaling(scaling: Scaling): void;
  /** How many runners the machine has room for. */
  setPlaces(places: number): void;
  /** A person keeps one of the idle runners. */
  keep(forMs: number): void;
  /** One of the runners is lost for a while, with its job. */
  fail(): void;
}

export interface PoolWorldOptions {
  seed: number;
  scaling: Scaling;
  mode: ScaleInput['mode'];
  idleTimeoutMs: number;
  places: number;
  /** Begins what comes from outside. */
  begin(controls: WorldControls): void;
}

export interface PoolWorld {
  controls: WorldControls;
  /** What the autoscaler is told now. */
  input(): ScaleInput;
  /** Starts and retires runners as decided. */
  apply(decision: ScaleDecision): void;
  /** Goes on to the next event, or to `wakeAt` when that is earlier. @returns what happened */
  step(wakeAt: number | null): string;
  runners(): readonly WorldRunner[];
  /** When something last kept the pool from being at rest; the end of a person's wish counts too. */
  restlessAt(): number;
  /** Counts what may move a deadline to an earlier time: changed settings, a pause, a lost runner. */
  upheavals(): number;
}

const poolLabels = ['self-hosted', 'Linux', 'ARM64'];
const second = 1000;

/** Creates the world at an arbitrary time; nothing happens before the first step. */
export function createPoolWorld(options: PoolWorldOptions): PoolWorld {
  const random = createRandom(options.seed);
  const within = (from: number, to: number): number => Math.floor(from + random() * (to - from));
  const agenda: { at: number; name: string; happen: () => void }[] = [];
  const runners: WorldRunner[] = [];
  const queue: WorldJob[] = [];
  let { scaling, places } = options;
  let pause: Hold | null = null;
  let now = Date.UTC(2026, 10, 24);
  let restlessAt = now;
  let upheavals = 0;
  let lastJobEndedAt: number | null = null;
  let created = 0;
  let isAssigning = false;

  const after: WorldControls['after'] = (delayMs, name, happen) => {
    const at = now + Math.floor(delayMs);
    const index = agenda.findLastIndex((entry) => entry.at <= at);
    agenda.splice(index + 1, 0, { at, name, happen });
  };
  const pick = <T>(from: readonly T[]): T | undefined => from[within(0, from.length)];
  const set = (runner: WorldRunner, state: ScalableState): void => {
    Object.assign(runner, { state, since: now, keptUntil: null });
  };
  const inState = (...states: ScalableState[]): WorldRunner[] =>
    runners.filter(({ state }) => states.includes(state));
  /** Jobs that are this pool's to take, as the keeper finds them. */
  const demand = (): WorldJob[] => {
    if (queue.length === 0) return [];
    const pool = { id: 'pool', repositoryId: 'forge', labels: poolLabels, maxRunners: 1, taking: true };
    return assignDemand(queue, [pool]).get(pool.id) ?? [];
  };

  const isRestless = (): boolean =>
    demand().length > 0 || pause !== null || inState('coming', 'busy', 'away').length > 0;

  const bring = (runner: WorldRunner): void => {
    set(runner, 'coming');
    after(within(second, 20 * second), `${runner.id} is ready`, () => {
      if (runner.state !== 'coming') return;
      set(runner, 'idle');
      assignSoon();
    });
  };
  const leave = (runner: WorldRunner): void => {
    set(runner, 'leaving');
    after(within(500, 5 * second), `${runner.id} is gone`, () => runners.splice(runners.indexOf(runner), 1));
  };
  const endJob = (runner: WorldRunner, job: WorldJob): void => {
    if (runner.job !== job) return;
    runner.job = null;
    lastJobEndedAt = now;
    if (options.mode === 'ephemeral') leave(runner);
    else set(runner, 'idle');
    job.onEnd();
    assignSoon();
  };
  /** The forge gives the longest waiting job to any idle runner, a little later. */
  function assignSoon(): void {
    if (isAssigning) return;
    isAssigning = true;
    after(within(0, 2 * second), 'the forge assigns', () => {
      isAssigning = false;
      const job = demand()[0];
      const runner = pick(inState('idle'));
      if (!job || !runner) return;
      queue.splice(queue.indexOf(job), 1);
      set(runner, 'busy');
      runner.job = job;
      after(job.lengthMs, `${runner.id} ends its job`, () => endJob(runner, job));
      assignSoon();
    });
  }

  const controls: WorldControls = {
    random,
    now: () => now,
    after,
    queue({ labels, lengthMs, onEnd = () => {} }) {
      created += 1;
      queue.push({ id: `job-${created}`, repositoryId: 'forge', labels, queuedAt: now, lengthMs, onEnd });
      assignSoon();
    },
    withdraw() {
      if (queue.length > 0) queue.splice(within(0, queue.length), 1);
    },
    setPause(next) {
      pause = next;
      upheavals += 1;
    },
    setScaling(next) {
      scaling = next;
      upheavals += 1;
    },
    setPlaces(next) {
      places = next;
    },
    keep(forMs) {
      const runner = pick(inState('idle'));
      if (!runner) return;
      runner.keptUntil = now + forMs;
      restlessAt = Math.max(restlessAt, now + forMs);
    },
    fail() {
      const runner = pick(inState('coming', 'idle', 'busy'));
      if (!runner) return;
      upheavals += 1;
      if (runner.job && random() < 0.5) queue.push({ ...runner.job, queuedAt: now });
      runner.job = null;
      set(runner, 'away');
      after(within(second, 120 * second), `${runner.id} comes back`, () => bring(runner));
    },
  };
  options.begin(controls);

  return {
    controls,
    input: () => ({
      ...scaling,
      now,
      mode: options.mode,
      idleTimeoutMs: options.idleTimeoutMs,
      queuedAt: demand().map(({ queuedAt }) => queuedAt),
      runners: runners.map(({ job: _, ...runner }) => runner),
      lastJobEndedAt,
      room: {
        count: Math.max(0, places - runners.length),
        hold: { kind: 'cores', sentence: `The machine has room for ${places} runners.` },
      },
      pause,
    }),
    apply({ start, retire }) {
      for (let index = 0; index < start; index += 1) {
        created += 1;
        const runner: WorldRunner = {
          id: `runner-${created}`,
          state: 'coming',
          since: now,
          keptUntil: null,
          job: null,
        };
        runners.push(runner);
        bring(runner);
      }
      for (const id of retire) {
        const runner = inState('idle').find((candidate) => candidate.id === id);
        if (runner) leave(runner);
      }
    },
    step(wakeAt) {
      const next = agenda[0];
      const isWake = wakeAt !== null && (!next || wakeAt < next.at);
      if (isRestless()) restlessAt = Math.max(restlessAt, isWake ? wakeAt : (next?.at ?? now));
      if (isWake) {
        now = wakeAt;
        return 'the pool decides anew';
      }
      if (!next) throw new Error('Nothing will ever happen again');
      agenda.shift();
      now = next.at;
      const upheavalsBefore = upheavals;
      next.happen();
      if (upheavals > upheavalsBefore) restlessAt = Math.max(restlessAt, now);
      return next.name;
    },
    runners: () => runners,
    restlessAt: () => (isRestless() ? Math.max(restlessAt, now) : restlessAt),
    upheavals: () => upheavals,
  };
}
