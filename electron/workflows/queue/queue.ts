/**
 * The queue of all connected repositories on the board: every job that waits or runs, why it waits, and the runners that
 * others made. Diagnosed anew when the forge was looked at, when something of ours changed, and when time alone makes
 * another reason of the same facts.
 */
import type { RequestMeter } from '../../forges/forge.ts';
import type { RepositorySight } from '../../forges/watch.ts';
import type { HistoryDatabase } from '../../history/database.ts';
import type { Wakefulness } from '../../platform/wakefulness.ts';
import { createQueueView } from '../../runners/queue-view.ts';
import { createJobDurations } from './durations.ts';
import { followOwn } from './follow-own.ts';
import {
  createRepositoryQueue,
  type RepositoryQueue,
  type RepositoryQueueOptions,
} from './repository-queue.ts';
import { createRunLookups } from './run-facts.ts';

export interface QueueOptions
  extends Pick<RepositoryQueueOptions, 'board' | 'clock' | 'defaultLabels' | 'isOurs' | 'forgeOf'> {
  database: HistoryDatabase;
  /** Counts on the account of the repository's connection. */
  meterOf(repositoryId: string): RequestMeter | undefined;
  wakefulness: Pick<Wakefulness, 'onWake'>;
  onFault(error: unknown): void;
}

export interface Queue {
  /** Takes in what a look at a repository saw; the board has it when this returns. */
  seen(repositoryId: string, sight: RepositorySight): void;
  /** The repository is not watched any more: its rows go. */
  left(repositoryId: string): void;
  dispose(): void;
}

/** Changes of our own are told together: no more often than this. */
const restMs = 50;

/** Creates the queue; it shows nothing until something was seen. */
export function createQueue(options: QueueOptions): Queue {
  const { board, clock } = options;
  const queues = new Map<string, RepositoryQueue>();
  const dueAt = new Map<string, number | null>();
  const dirty = new Set<string>();
  let lastAt = Number.NEGATIVE_INFINITY;
  let isPlanned = false;
  let isDisposed = false;
  let wokeAt: number | null = null;
  let cancelDue = (): void => {};
  let cancelSoon = (): void => {};

  const refresh = (repositoryId: string): void => {
    dirty.delete(repositoryId);
    const queue = queues.get(repositoryId);
    if (queue) dueAt.set(repositoryId, queue.refresh());
  };
  const planDue = (): void => {
    cancelDue();
    const times = [...dueAt.values()].filter((at) => at !== null);
    if (times.length === 0) return;
    cancelDue = clock.after(Math.max(1, Math.min(...times) - clock.now()), () => {
      for (const [id, at] of dueAt) if (at !== null && at <= clock.now()) soon(id);
      planDue();
    });
  };
  const work = (): void => {
    isPlanned = false;
    if (isDisposed) return;
    lastAt = clock.now();
    try {
      for (const id of [...dirty]) refresh(id);
    } catch (error) {
      options.onFault(error);
    }
    planDue();
  };
  /** Rows are made anew when all that happens at once has happened. */
  function soon(repositoryId: string): void {
    dueAt.set(repositoryId, null);
    dirty.add(repositoryId);
    if (isPlanned) return;
    isPlanned = true;
    const restsMs = lastAt + restMs - clock.now();
    if (restsMs > 0 && restsMs <= restMs) cancelSoon = clock.after(restsMs, work);
    else setImmediate(work);
  }

  const view = createQueueView();
  const own = followOwn({
    board,
    clock,
    onJob: (runner, jobName) => view.taken(runner.repositoryId, runner.name, jobName),
    onChange: (repositoryId) => {
      for (const id of repositoryId === null ? queues.keys() : [repositoryId]) soon(id);
    },
  });
  const lookups = createRunLookups({
    ...{ clock, forgeOf: options.forgeOf, meterOf: options.meterOf, onNews: soon },
    isWatched: () => board.watchers() > 0,
  });
  const durations = createJobDurations({ database: options.database, clock });
  const stopWaking = options.wakefulness.onWake((cause) => {
    if (cause === 'sleep') wokeAt = clock.now();
  });

  return {
    seen(repositoryId, sight) {
      const queue =
        queues.get(repositoryId) ??
        createRepositoryQueue(repositoryId, {
          ...options,
          ...{ view, durations, lookups, departed: own.departed, wokeAt: () => wokeAt },
        });
      queues.set(repositoryId, queue);
      view.seen(repositoryId, sight.jobs);
      queue.seen(sight);
      refresh(repositoryId);
      planDue();
    },
    left(repositoryId) {
      queues.get(repositoryId)?.stop();
      queues.delete(repositoryId);
      dueAt.delete(repositoryId);
      dirty.delete(repositoryId);
      view.seen(repositoryId, []);
    },
    dispose() {
      isDisposed = true;
      cancelDue();
      cancelSoon();
      own.dispose();
      stopWaking();
      lookups.dispose();
    },
  };
}
