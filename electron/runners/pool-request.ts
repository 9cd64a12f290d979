/** What a pool's life, scaling and consideration for others must be, whoever asks: a deploy, a change, an import. */
import { TracksideError } from '../../shared/errors.ts';
import type { Lifecycle, Neighbour, Pool, Scaling, Size } from '../../shared/model.ts';
import { maxRunnersPerDeploy } from '../../shared/sizes.ts';

/** Shorter, and a runner would leave between two looks at the queue. */
const shortestIdleTimeoutMs = 5000;
const longestIdleTimeoutMs = 7 * 24 * 3_600_000;

type Field = 'lifecycle' | 'scaling' | 'neighbour' | 'size';

function refuse(field: Field, message: string, remedy: string): never {
  throw new TracksideError('INVALID_REQUEST', message, { field, remedy });
}

/** Whether the engine starts and retires this pool's runners by itself. */
export function managesItself({ lifecycle }: Pick<Pool, 'lifecycle'>): boolean {
  return lifecycle.mode !== 'manual';
}

function checkLifecycle(lifecycle: Lifecycle): void {
  if (lifecycle.mode !== 'auto') return;
  const { idleTimeoutMs } = lifecycle;
  if (idleTimeoutMs >= shortestIdleTimeoutMs && idleTimeoutMs <= longestIdleTimeoutMs) return;
  refuse(
    'lifecycle',
    `An idle time of ${Math.round(idleTimeoutMs / 1000)} seconds cannot be kept.`,
    'Choose from 5 seconds to 7 days.',
  );
}

function checkScaling({ minRunners, maxRunners }: Scaling): void {
  if (!Number.isInteger(maxRunners) || maxRunners < 1 || maxRunners > maxRunnersPerDeploy) {
    refuse(
      'scaling',
      `${maxRunners} is not a maximum of runners.`,
      `Choose a whole number from 1 to ${maxRunnersPerDeploy}.`,
    );
  }
  if (!Number.isInteger(minRunners) || minRunners < 0 || minRunners > maxRunners) {
    refuse(
      'scaling',
      `${minRunners} runners cannot always wait where at most ${maxRunners} may be there.`,
      `Choose a whole number from 0 to ${maxRunners}.`,
    );
  }
}

const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d$/;

function checkNeighbour({ hours }: Neighbour): void {
  if (!hours) return;
  for (const time of [hours.from, hours.to]) {
    if (!timeOfDay.test(time))
      refuse('neighbour', `“${time}” is not a time of day.`, 'Write it as 09:00 or 18:30.');
  }
  if (hours.from === hours.to)
    refuse('neighbour', 'The hours begin when they end.', 'Choose a span, or none.');
  if (hours.days.length === 0)
    refuse('neighbour', 'The hours have no day.', 'Choose at least one day, or no hours.');
}

function checkSize({ cores, memoryBytes }: Size): void {
  if (!Number.isFinite(cores) || cores <= 0)
    refuse('size', `${cores} cores are no size of a runner.`, 'Choose more than 0.');
  if (!Number.isFinite(memoryBytes) || memoryBytes < 0) {
    refuse('size', `${memoryBytes} bytes are no size of a runner.`, 'Choose 0 or more.');
  }
}

/**
 * Checks what can be set of a pool.
 * @throws TracksideError INVALID_REQUEST naming the field
 */
export function checkPoolFields(pool: Pick<Pool, 'lifecycle' | 'scaling' | 'neighbour' | 'size'>): void {
  checkSize(pool.size);
  checkLifecycle(pool.lifecycle);
  checkScaling(pool.scaling);
  checkNeighbour(pool.neighbour);
}

/**
 * How many more runners a person asks for.
 * @throws TracksideError INVALID_REQUEST at the field `count`
 */
export function checkAddCount(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= maxRunnersPerDeploy) return count;
  throw new TracksideError('INVALID_REQUEST', `${count} is not a number of runners to add.`, {
    field: 'count',
    remedy: `Choose a whole number from 1 to ${maxRunnersPerDeploy}.`,
  });
}
