/** The watches of all connected repositories: what concerns one of them is passed on to it. */
import type { Change } from '../../shared/board.ts';
import type { Repository, Runner } from '../../shared/model.ts';
import type { Wakefulness } from '../platform/wakefulness.ts';
import { createWatch, type Watch, type WatchOptions } from './watch.ts';
import { createWatchBudget, type WatchBudget } from './watch-budget.ts';
import { createSharedStatus } from './watch-surroundings.ts';

export interface WatchesOptions extends WatchOptions {
  wakefulness: Pick<Wakefulness, 'onWake'>;
}

interface Watches {
  add(repository: Repository): void;
  remove(repositoryId: string): void;
  /** Looks at everything now; resolves when it has been looked at, whatever came of it. */
  refresh(repositoryId: string): Promise<void>;
  /** Looks as soon as may be; many calls make one look. */
  hurry(repositoryId: string): void;
  /** What all watching with this connection keeps to together. */
  budgetOf(connectionId: string): WatchBudget;
  dispose(): void;
}

/** What of a runner tells that the forge's lists are others now. */
type RunnerSign = Pick<Runner, 'repositoryId' | 'name' | 'state'> & { jobName: string | null };

/** Creates the watches; none yet. */
export function createWatches(options: WatchesOptions): Watches {
  const { board } = options;
  const watches = new Map<string, Watch>();
  const budgets = new Map<string, WatchBudget>();
  const statuses = new Map<string, ReturnType<typeof createSharedStatus>>();
  const signs = new Map<string, RunnerSign>();
  const each = (work: (watch: Watch) => void): void => {
    for (const watch of watches.values()) work(watch);
  };

  const budgetOf = (connectionId: string): WatchBudget => {
    const budget = budgets.get(connectionId) ?? createWatchBudget({ ...options, connectionId });
    budgets.set(connectionId, budget);
    return budget;
  };
  const statusOf = (connectionId: string): ReturnType<typeof createSharedStatus> => {
    const read = async () => options.connections.forge(connectionId).status();
    const status = statuses.get(connectionId) ?? createSharedStatus(options.clock, read);
    statuses.set(connectionId, status);
    return status;
  };
  const remove = (id: string): void => {
    watches.get(id)?.stop();
    watches.delete(id);
  };

  const runnerChanged = ({ repositoryId, name, state, job }: Runner, before?: RunnerSign): void => {
    const jobName = job?.name ?? null;
    if (before?.state === state && before.jobName === jobName) return;
    const watch = watches.get(repositoryId);
    const hasEnded = (before?.jobName ?? null) !== null && jobName === null;
    if (hasEnded) watch?.runnerChanged({ runnerName: name });
    else watch?.runnerChanged(jobName === null ? null : { jobName });
    if (hasEnded) watch?.hurry();
  };
  const onChange = (change: Change): void => {
    if (change.kind === 'panel') return;
    if (change.table === 'pools') each((watch) => watch.replan());
    if (change.table !== 'runners') return;
    const before = signs.get(change.id);
    if (change.kind === 'delete') {
      signs.delete(change.id);
      if (before) watches.get(before.repositoryId)?.runnerChanged({ runnerName: before.name });
    } else if (change.table === 'runners') {
      const { repositoryId, name, state, job } = change.row;
      signs.set(change.id, { repositoryId, name, state, jobName: job?.name ?? null });
      runnerChanged(change.row, before);
    }
  };

  const stops = [
    board.onWatchers((count) => {
      if (count > 0) each((watch) => watch.replan());
    }),
    board.onChange(onChange),
    options.wakefulness.onWake(() => each((watch) => watch.wake())),
  ];
  return {
    add(repository) {
      const { id, connectionId } = repository;
      remove(id);
      const shared = { budget: budgetOf(connectionId), readStatus: statusOf(connectionId) };
      watches.set(id, createWatch(repository, shared, options));
    },
    remove,
    refresh: async (id) => watches.get(id)?.refresh(),
    hurry: (id) => watches.get(id)?.hurry(),
    budgetOf,
    dispose() {
      for (const stop of stops) stop();
      for (const id of [...watches.keys()]) remove(id);
      for (const budget of budgets.values()) budget.dispose();
    },
  };
}
