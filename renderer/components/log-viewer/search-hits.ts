/** The hits of a search that goes on while they are shown. */

export interface Hit {
  /** From 0. */
  line: number;
  /** Where it begins in the line. */
  start: number;
}

export interface SearchHits {
  hits: readonly Hit[];
  /** Lines searched so far. */
  searched: number;
  done: boolean;
}

/** The engine tells no more. */
export const mostHits = 10_000;

export const noHits: SearchHits = { hits: [], searched: 0, done: true };

/** Where a search that has ended goes on when the log has grown: with its last line, which may have grown too. */
export function startAnew({ hits, searched }: SearchHits): SearchHits {
  const last = Math.max(0, searched - 1);
  return { hits: hits.filter(({ line }) => line < last), searched: last, done: false };
}

export function takeFound(
  before: SearchHits,
  told: { hits: readonly Hit[]; searched: number; done: boolean },
): SearchHits {
  const hits = told.hits.length > 0 ? [...before.hits, ...told.hits].slice(0, mostHits) : before.hits;
  return { hits, searched: told.searched, done: told.done };
}

/**
 * The hit to go to, by its index; null when there is none.
 * @param current where the reader stands; null: at none, so that the nearest to the line `from` is next
 */
export function stepFrom(
  hits: readonly Hit[],
  current: number | null,
  by: 1 | -1,
  from: number,
): number | null {
  if (hits.length === 0) return null;
  if (current !== null) return (current + by + hits.length) % hits.length;
  const after = hits.findIndex(({ line }) => line >= from);
  if (by === 1) return Math.max(after, 0);
  return ((after < 0 ? hits.length : after) - 1 + hits.length) % hits.length;
}

/** Which of the hits of its line a hit is, from 0. */
export function ordinalOf(hits: readonly Hit[], index: number): number {
  const line = hits[index]?.line;
  let ordinal = 0;
  while (index - ordinal > 0 && hits[index - ordinal - 1]?.line === line) ordinal += 1;
  return ordinal;
}
