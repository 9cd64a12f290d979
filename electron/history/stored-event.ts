/** Events as the database keeps them, and the question for a page of them. */
import type { SQLInputValue } from 'node:sqlite';
import type { HistoryQuery } from '../../shared/contract.ts';
import { eventSchema, type HistoryEvent } from '../../shared/model.ts';
import type { StoredRow } from './database.ts';

/** Digits enough that ids sort as text for as long as there are events. */
const idDigits = 12;

export function eventId(number: number): string {
  return String(number).padStart(idDigits, '0');
}

/** The number of an id; 0 of what is none. */
export function idNumber(id: string): number {
  return /^\d+$/.test(id) ? Number(id) : 0;
}

export function eventOf({ id, fromState, toState, ...row }: StoredRow): HistoryEvent {
  return eventSchema.parse({ ...row, id: eventId(Number(id)), from: fromState, to: toState });
}

/** The statement for one page and one event more, so that it shows whether there are older ones. */
export function queryStatement(query: HistoryQuery): { sql: string; values: SQLInputValue[] } {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const where = (condition: string, ...more: SQLInputValue[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  for (const field of ['runnerId', 'poolId', 'repositoryId'] as const) {
    const id = query[field];
    if (id !== null) where(`${field} = ?`, id);
  }
  const [kind, ...others] = query.kinds;
  // An index helps for one kind only: of several, the results would have to be sorted.
  if (kind && others.length === 0) where('kind = ?', kind);
  else if (kind) where(`+kind IN (${query.kinds.map(() => '?').join(', ')})`, ...query.kinds);
  const patterns = searchPatterns(query.search);
  const matches = patterns.map(() => `subject || char(10) || cause LIKE ? ESCAPE '\\'`);
  if (patterns.length > 0) where(`(${matches.join(' OR ')})`, ...patterns);
  if (query.before !== null) where('id < ?', idNumber(query.before));
  const filter = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return {
    sql: `SELECT * FROM events ${filter} ORDER BY id DESC LIMIT ?`,
    values: [...values, query.limit + 1],
  };
}

/** SQLite ignores the case of ASCII letters alone; for others the usual spellings are asked for. */
function searchPatterns(search: string): string[] {
  const words = search.trim();
  if (words === '') return [];
  const spellings = /^\p{ASCII}*$/u.test(words) ? [words] : [words, words.toLowerCase(), words.toUpperCase()];
  return [...new Set(spellings)].map((spelling) => `%${spelling.replace(/[\\%_]/g, '\\$&')}%`);
}
