/** What comes from outside in histories of a pool: jobs in bursts, trickles and silence; people and mishaps. */
import type { Hold, Scaling } from '../../../shared/model.ts';
import type { WorldControls } from './pool-world.ts';

const second = 1000;
const minute = 60 * second;

const labelSets = [
  ['self-hosted'],
  ['self-hosted', 'linux'],
  ['ARM64', 'Self-Hosted'],
  ['self-hosted', 'gpu'],
  ['ubuntu-latest'],
];
const battery: Hold = { kind: 'battery', sentence: 'This machine runs on battery.' };

/** Jobs at random, of which most are for the pool, in phases of different kinds; all silent phases outlast every deadline. */
export function randomJobs({ random, after, queue, withdraw }: WorldControls, isOver: () => boolean): void {
  const between = (from: number, to: number): number => from + random() * (to - from);
  const one = (): void =>
    queue({
      labels: labelSets[Math.floor(random() ** 2 * labelSets.length)] ?? [],
      lengthMs: between(2 * second, random() < 0.2 ? 40 * minute : 2 * minute),
    });
  const burst = (): void => {
    for (let left = Math.floor(between(1, 25)); left > 0; left -= 1) one();
    phase();
  };
  const trickle = (left: number, meanMs: number): void => {
    one();
    if (random() < 0.1) withdraw();
    if (left === 0) phase();
    else after(between(0, 2 * meanMs), 'a job is queued', () => trickle(left - 1, meanMs));
  };
  function phase(): void {
    if (isOver()) return;
    const kind = random();
    if (kind < 0.4) after(between(0, minute), 'a burst is queued', burst);
    else if (kind < 0.8) {
      const meanMs = between(5 * second, 5 * minute);
      after(between(0, minute), 'a job is queued', () => trickle(Math.floor(between(5, 60)), meanMs));
    } else after(between(4, 12) * 60 * minute, 'silence ends', phase);
  }
  phase();
  const tidy = (): void =>
    after(10 * minute, 'a job is withdrawn', () => {
      withdraw();
      if (!isOver()) tidy();
    });
  tidy();
}

/** Pauses, keeps, changed limits, more or less room, lost runners. */
export function randomTrouble(controls: WorldControls, scaling: Scaling, isOver: () => boolean): void {
  const { random, after } = controls;
  const whole = (from: number, to: number): number => Math.floor(from + random() * (to + 1 - from));
  const limits = (): Scaling => {
    const maxRunners = whole(1, 12);
    return { ...scaling, maxRunners, minRunners: whole(0, Math.min(2, maxRunners)) };
  };
  const repeat = (meanMs: number, name: string, happen: () => void): void =>
    after(random() * 2 * meanMs, name, () => {
      if (isOver()) return;
      happen();
      repeat(meanMs, name, happen);
    });
  repeat(9 * 60 * minute, 'the pool is paused', () => {
    controls.setPause(battery);
    after(random() * 40 * minute, 'the pause ends', () => controls.setPause(null));
  });
  repeat(30 * minute, 'a runner is kept', () => controls.keep(15 * minute));
  repeat(7 * 60 * minute, 'the limits change', () => controls.setScaling(limits()));
  repeat(60 * minute, 'the machine has other room', () => controls.setPlaces(whole(0, 14)));
  repeat(40 * minute, 'a runner is lost', () => controls.fail());
}

/** So many jobs at any time: another is queued the moment one ends. */
export function constantJobs(controls: WorldControls, jobs: number, longestMs: number): void {
  const { random, queue } = controls;
  const next = (): void =>
    queue({ labels: ['self-hosted'], lengthMs: second + random() * (longestMs - second), onEnd: next });
  for (let left = jobs; left > 0; left -= 1) next();
}

/** So many jobs at once, again and again, each time all as long. */
export function periodicJobs({ queue, after }: WorldControls, jobs: number, everyMs: number): void {
  const period = (): void => {
    for (let left = jobs; left > 0; left -= 1) queue({ labels: ['self-hosted'], lengthMs: everyMs / 3 });
    after(everyMs, 'the next jobs are queued', period);
  };
  period();
}
