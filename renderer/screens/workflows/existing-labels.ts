/** Labels that a new workflow can ask for: those of runners that serve the repository. */
import type { Board } from '../../../shared/board.ts';

/** A label and how many runners have it, ours and others, the most common first. */
export interface ExistingLabel {
  label: string;
  runners: number;
}

/** Labels are the same in any case of letters; they are told as the first runner has them. */
export function existingLabels(
  board: Pick<Board, 'runners' | 'foreignRunners' | 'pools'>,
  repositoryId: string,
): ExistingLabel[] {
  const found = new Map<string, ExistingLabel>();
  const take = (labels: readonly string[], count: number): void => {
    for (const label of labels) {
      const key = label.toLowerCase();
      const known = found.get(key) ?? { label, runners: 0 };
      found.set(key, { ...known, runners: known.runners + count });
    }
  };
  const isOf = (row: { repositoryId: string }): boolean => row.repositoryId === repositoryId;
  for (const { labels } of Object.values(board.runners).filter(isOf)) take(labels, 1);
  for (const { labels, excluded } of Object.values(board.foreignRunners).filter(isOf)) {
    if (excluded === null) take(labels, 1);
  }
  // A pool that manages itself may have no runner at the moment.
  for (const { labels } of Object.values(board.pools).filter(isOf)) take(labels, 0);
  return [...found.values()].sort(
    (a, b) => rank(a) - rank(b) || b.runners - a.runners || (a.label < b.label ? -1 : 1),
  );
}

/** `self-hosted` comes first: every runner of one's own has it. */
const rank = ({ label }: ExistingLabel): number => (label.toLowerCase() === 'self-hosted' ? 0 : 1);
