/** Keeps one part of a board table equal to a list, publishing only what changed. */
import { isDeepStrictEqual } from 'node:util';
import type { Row, TableName } from '../../shared/board.ts';
import type { BoardPublisher } from '../board.ts';

export interface TableSync<T extends TableName> {
  /** Sets what is new or different and deletes what it set before and is not in `rows`. */
  replace(rows: (Row<T> & { id: string })[]): void;
}

/** Several of them may share a table: each only ever deletes its own rows. */
export function createTableSync<T extends TableName>(board: BoardPublisher, table: T): TableSync<T> {
  let shown = new Set<string>();
  return {
    replace(rows) {
      const wanted = new Set(rows.map(({ id }) => id));
      for (const id of shown) if (!wanted.has(id)) board.delete(table, id);
      for (const row of rows) {
        const present: unknown = board.current()[table][row.id];
        if (!isDeepStrictEqual(present, row)) board.set(table, row.id, row);
      }
      shown = wanted;
    },
  };
}
