/** Applying changes to a board: pure functions without a schema library, so that a page may carry them. */
import type { Board, Change, PanelState } from './board.ts';

/** Returns a board with the change applied; tables that did not change keep their identity. */
export function applyChange(board: Board, change: Change): Board {
  if (change.kind === 'panel') return { ...board, panel: { ...board.panel, ...change.state } };
  const table = board[change.table];
  if (change.kind === 'set') return { ...board, [change.table]: { ...table, [change.id]: change.row } };
  const { [change.id]: _removed, ...rest } = table as Record<string, unknown>;
  return { ...board, [change.table]: rest };
}

/**
 * The same for several changes in order. Each table is copied at most once, so that a thousand changes to a large table
 * cost one copy.
 */
export function applyChanges(board: Board, changes: readonly Change[]): Board {
  const next: Board = { ...board };
  const copied = new Map<string, Record<string, unknown>>();
  const tables = next as unknown as Record<string, Record<string, unknown>>;
  for (const change of changes) {
    if (change.kind === 'panel') {
      next.panel = { ...next.panel, ...change.state };
      continue;
    }
    const rows = copied.get(change.table) ?? { ...tables[change.table] };
    copied.set(change.table, rows);
    tables[change.table] = rows;
    if (change.kind === 'set') rows[change.id] = change.row;
    else delete rows[change.id];
  }
  return next;
}

/** An empty board around the given panel state. */
export function emptyBoard(panel: PanelState): Board {
  return {
    panel,
    connections: {},
    repositories: {},
    pools: {},
    runners: {},
    usage: {},
    foreignRunners: {},
    shifts: {},
    jobs: {},
    leftovers: {},
    poolStates: {},
    health: {},
    ghosts: {},
    notices: {},
    events: {},
  };
}
