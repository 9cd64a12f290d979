/** What an import would do, counted and told. */
import type { Board } from '../../../shared/board.ts';
import type { ImportedPool } from '../../../shared/contract.ts';
import { formatCount } from '../../../shared/format.ts';
import type { Shape, Tone } from '../../components/pill.tsx';

type Action = ImportedPool['action'];

export const importLooks: Record<Action, { word: string; tone: Tone; shape: Shape }> = {
  create: { word: 'Create', tone: 'idle', shape: 'disc' },
  change: { word: 'Change', tone: 'busy', shape: 'half' },
  same: { word: 'Same', tone: 'off', shape: 'ring' },
  refuse: { word: 'Refused', tone: 'fail', shape: 'triangle' },
};

/** "2 pools to create, 1 to change, 1 refused"; what is to be done is told in `tense` "done" once it was. */
export function importSummary(
  rows: readonly Pick<ImportedPool, 'action'>[],
  tense: 'to do' | 'done',
): string {
  const count = (action: Action): number => rows.filter((row) => row.action === action).length;
  const words =
    tense === 'to do'
      ? { create: 'to create', change: 'to change' }
      : { create: 'created', change: 'changed' };
  const parts = [
    [count('create'), words.create],
    [count('change'), words.change],
    [count('same'), 'unchanged'],
    [count('refuse'), 'refused'],
  ] as const;
  const [first, ...rest] = parts.filter(([number]) => number > 0);
  if (first === undefined) return 'There is no pool in it.';
  return [
    `${formatCount(first[0], 'pool')} ${first[1]}`,
    ...rest.map(([number, word]) => `${number} ${word}`),
  ].join(', ');
}

/** Whether anything would be done. */
export function hasWork(rows: readonly Pick<ImportedPool, 'action'>[]): boolean {
  return rows.some(({ action }) => action === 'create' || action === 'change');
}

/** Public repositories that new pools of the file are for: strangers' pull requests could run on this machine. */
export function publicOnes(
  rows: readonly Pick<ImportedPool, 'repository' | 'action'>[],
  repositories: Board['repositories'],
): string[] {
  const open = new Set(
    Object.values(repositories).flatMap(({ visibility, fullName }) =>
      visibility === 'public' ? fullName.toLowerCase() : [],
    ),
  );
  const named = rows.filter(
    ({ repository, action }) =>
      (action === 'create' || action === 'refuse') && open.has(repository.toLowerCase()),
  );
  return [...new Set(named.map(({ repository }) => repository))];
}
