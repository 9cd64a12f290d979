/** Applying changes to a board: pure functions without a schema library, so that a page may carry them. */
import type { Board, Change, PanelState } from './board.ts';

type Tables = Record<string, Record<string, unknown>>;

/** Applies a change to the tables of this very board. */
export function applyInPlace(board: Board, change: Change): void {
  if (change.kind === 'panel') {
    board.panel = { ...board.panel, ...change.state };
    return;
  }
  const rows = board[change.table] as Record<string, unknown>;
  if (change.kind === 'set') rows[change.id] = change.row;
  else delete rows[change.id];
}

/**
 * Returns a board with the changes applied in order; tables that did not change keep their identity. Each of the others
 * is copied once, so that a thousand changes to a large table cost one copy.
 */
export function applyChanges(board: Board, changes: readonly Change[]): Board {
  const next: Board = { ...board };
  const tables = next as unknown as Tables;
  const touched = new Set(changes.flatMap((change) => (change.kind === 'panel' ? [] : [change.table])));
  for (const table of touched) tables[table] = { ...tables[table] };
  for (const change of changes) applyInPlace(next, change);
  return next;
}

/** Returns a board that stays as this one is now. */
export function copyBoard(board: Board): Board {
  const tables = Object.entries(board as unknown as Tables).map(([name, rows]) => [name, { ...rows }]);
  return Object.fromEntries(tables) as Board;
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
    waits: {},
    incidents: {},
    leftovers: {},
    poolStates: {},
    health: {},
    ghosts: {},
    notices: {},
    events: {},
  };
}
