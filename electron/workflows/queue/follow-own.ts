/** Follows what concerns the queue of our own: runners and what they do, pools and what holds them, connections. */
import type { Change } from '../../../shared/board.ts';
import type { Runner } from '../../../shared/model.ts';
import type { BoardPublisher } from '../../board.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DepartedRunner } from './world.ts';

export interface Own {
  /** Our runners of the repository that left within a day. */
  departed(repositoryId: string): readonly DepartedRunner[];
  dispose(): void;
}

const departedMs = 24 * 3_600_000;
const mostDeparted = 50;

export function followOwn(options: {
  board: BoardPublisher;
  clock: Clock;
  /** One of our runners began a job. */
  onJob(runner: Runner, jobName: string): void;
  /** Something changed that waits are concluded from; null = of every repository. */
  onChange(repositoryId: string | null): void;
}): Own {
  const { board, clock } = options;
  const runners = new Map(Object.values(board.current().runners).map((row) => [row.id, row]));
  const signs = new Map<string, string>();
  let gone: (DepartedRunner & { repositoryId: string })[] = [];

  /** Whether a row differs in what matters here. */
  const isNew = (key: string, sign: string): boolean => {
    if (signs.get(key) === sign) return false;
    signs.set(key, sign);
    return true;
  };
  const leave = (id: string): void => {
    const row = runners.get(id);
    runners.delete(id);
    signs.delete(`runner ${id}`);
    if (!row) return;
    const { repositoryId, name, labels, cause } = row;
    gone = [...gone, { repositoryId, name, labels, cause, at: clock.now() }].slice(-mostDeparted);
    options.onChange(repositoryId);
  };
  const noteRunner = (row: Runner): void => {
    const before = runners.get(row.id);
    runners.set(row.id, row);
    if (row.job && row.job.startedAt !== before?.job?.startedAt) options.onJob(row, row.job.name);
    if (isNew(`runner ${row.id}`, runnerSign(row))) options.onChange(row.repositoryId);
  };

  const follow = (change: Change): void => {
    if (change.kind === 'panel') return;
    if (change.kind === 'delete') {
      if (change.table === 'runners') leave(change.id);
      else if (change.table === 'pools') options.onChange(null);
      return;
    }
    switch (change.table) {
      case 'runners':
        noteRunner(change.row);
        return;
      case 'pools':
        options.onChange(change.row.repositoryId);
        return;
      case 'poolStates': {
        const { id, hold, demand } = change.row;
        const pool = board.current().pools[id];
        if (pool && isNew(`pool ${id}`, `${demand} ${hold?.kind} ${hold?.sentence}`)) {
          options.onChange(pool.repositoryId);
        }
        return;
      }
      case 'repositories': {
        const { id, problem } = change.row;
        if (isNew(`repository ${id}`, problem?.message ?? '')) options.onChange(id);
        return;
      }
      case 'connections': {
        const { id, problem, usable } = change.row;
        if (isNew(`connection ${id}`, `${usable} ${problem?.message}`)) options.onChange(null);
        return;
      }
      default:
    }
  };
  const stop = board.onChange(follow);
  return {
    departed: (repositoryId) =>
      gone.filter((each) => each.repositoryId === repositoryId && clock.now() - each.at < departedMs),
    dispose: stop,
  };
}

/** What a diagnosis is made from: not its progress, its use of the machine, or its deadlines. */
function runnerSign(row: Runner): string {
  const { state, stateSince, cause, draining, retryAt, forgeStatus, labels, job } = row;
  return JSON.stringify([
    state,
    stateSince,
    cause,
    draining,
    retryAt,
    forgeStatus,
    labels,
    job?.name,
    job?.startedAt,
  ]);
}
