/** Writes down what the board shows to have happened: to pools, to forges and their repositories, and to jobs. */
import { isDeepStrictEqual } from 'node:util';
import type { Change, Row, TableName } from '../../shared/board.ts';
import { formatCount } from '../../shared/format.ts';
import type { Connection, Pool, Problem, Repository, Shift } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { EventHistory, ToldEvent } from './events.ts';

/** What a change of one row means. `before` null: it is new; `after` null: it is gone. */
type Tell<T extends TableName> = (before: Row<T> | null, after: Row<T> | null) => ToldEvent[];

/**
 * Begins to write down; what is on the board already is not news.
 * @returns ends it
 */
export function observeBoard(options: {
  board: BoardPublisher;
  history: Pick<EventHistory, 'record'>;
}): () => void {
  const { board, history } = options;
  const poolOf = (runnerId: string): string | null => board.current().runners[runnerId]?.poolId ?? null;
  const observers = [
    observeTable(board, 'pools', tellPool),
    observeTable(board, 'connections', tellConnection),
    observeTable(board, 'repositories', tellRepository),
    observeTable(board, 'shifts', (before, after) => tellShift(before, after, poolOf)),
  ];
  return board.onChange((change) => {
    for (const observe of observers) for (const event of observe(change)) history.record(event);
  });
}

/** Remembers the rows of a table, so that each change can be compared with what was. */
function observeTable<T extends TableName>(board: BoardPublisher, table: T, tell: Tell<T>) {
  const rows = new Map<string, Row<T>>(Object.entries(board.current()[table]) as [string, Row<T>][]);
  return (change: Change): ToldEvent[] => {
    if (change.kind === 'panel' || change.table !== table) return [];
    const before = rows.get(change.id) ?? null;
    if (change.kind === 'delete') {
      rows.delete(change.id);
      return before ? tell(before, null) : [];
    }
    const after = change.row as Row<T>;
    rows.set(change.id, after);
    return tell(before, after);
  };
}

const partNames: Partial<Record<keyof Pool, string>> = {
  size: 'its size',
  lifecycle: 'how its runners live',
  scaling: 'how it scales',
  neighbour: 'when it pauses',
  rerunLost: 'whether lost jobs run again',
  labels: 'its labels',
  name: 'its name',
};

function tellPool(before: Pool | null, after: Pool | null): ToldEvent[] {
  const pool = after ?? before;
  if (!pool) return [];
  const tell = (to: string | null, cause: string): ToldEvent[] => [
    { kind: 'pool', subject: pool.name, to, cause, poolId: pool.id, repositoryId: pool.repositoryId },
  ];
  if (!after) return tell('removed', 'The pool is gone.');
  if (!before) return tell('created', `Created: ${describePool(after)}.`);
  const changed = Object.entries(partNames).flatMap(([part, name]) =>
    isDeepStrictEqual(before[part as keyof Pool], after[part as keyof Pool]) ? [] : [name],
  );
  return [
    ...(changed.length > 0
      ? tell('changed', `Changed: ${changed.join(', ')}; now ${describePool(after)}.`)
      : []),
    ...(before.paused !== after.paused
      ? tell(after.paused ? 'paused' : 'resumed', after.paused ? 'Paused by a person.' : 'Takes jobs again.')
      : []),
  ];
}

function describePool({ lifecycle, scaling }: Pool): string {
  if (lifecycle.mode === 'manual') return 'its runners stay until they are stopped';
  const life =
    lifecycle.mode === 'ephemeral' ? 'a fresh runner for each job' : 'runners come and go by themselves';
  return `${life}, ${scaling.policy}, ${scaling.minRunners} to ${formatCount(scaling.maxRunners, 'runner')}`;
}

/** The beginning, the change and the end of trouble. */
function tellTrouble(
  before: Problem | null,
  after: Problem | null,
  about: Omit<ToldEvent, 'cause' | 'from' | 'to'>,
): ToldEvent[] {
  if (before?.code === after?.code) return [];
  const from = before ? 'trouble' : 'fine';
  if (!after) return [{ ...about, from, to: 'fine', cause: 'All is well again.' }];
  return [{ ...about, from, to: 'trouble', cause: after.message }];
}

function tellConnection(before: Connection | null, after: Connection | null): ToldEvent[] {
  const row = after ?? before;
  if (!row) return [];
  const about = { kind: 'forge' as const, subject: `${row.login} at ${new URL(row.webUrl).host}` };
  if (!after) return [{ ...about, to: 'removed', cause: 'The connection and its token are forgotten.' }];
  if (!before)
    return [{ ...about, to: 'connected', cause: 'Connected.' }, ...tellTrouble(null, after.problem, about)];
  return tellTrouble(before.problem, after.problem, about);
}

function tellRepository(before: Repository | null, after: Repository | null): ToldEvent[] {
  const row = after ?? before;
  if (!row) return [];
  const about = { kind: 'forge' as const, subject: row.fullName, repositoryId: row.id };
  if (!after) return [{ ...about, to: 'removed', cause: 'The repository is not watched any more.' }];
  if (!before) return [{ ...about, to: 'connected', cause: 'The repository is watched from now on.' }];
  return tellTrouble(before.problem, after.problem, about);
}

function tellShift(
  before: Shift | null,
  after: Shift | null,
  poolOf: (runnerId: string) => string | null,
): ToldEvent[] {
  // One that leaves the board has only grown old.
  if (!after) return [];
  const { runnerId, repositoryId, jobName: subject, runnerName, result } = after;
  const about = { kind: 'job' as const, subject, runnerId, repositoryId, poolId: poolOf(runnerId) };
  const began = before ? [] : [{ ...about, to: 'running', cause: `Began on ${runnerName}.` }];
  const ended =
    result === null || before?.result === result
      ? []
      : [{ ...about, from: 'running', to: result, cause: `Ended on ${runnerName}: ${result}.` }];
  const { verdict } = after;
  const judged =
    verdict && before?.verdict?.cause !== verdict.cause
      ? [{ ...about, to: verdict.cause, cause: verdict.sentence }]
      : [];
  const rerun = verdict?.rerun;
  const reran =
    rerun && before?.verdict?.rerun?.status !== rerun.status
      ? [{ ...about, to: `rerun ${rerun.status}`, cause: rerun.sentence }]
      : [];
  return [...began, ...ended, ...judged, ...reran];
}
