/** Which repository a command is about. */
import type { Board } from '../../shared/board.ts';
import { TracksideError } from '../../shared/errors.ts';
import type { Repository } from '../../shared/model.ts';

/** The repository that is named, or the only one. */
export function repositoryNamed(board: Board, name: string | undefined): Repository {
  const all = Object.values(board.repositories);
  const found =
    name === undefined ? all : all.filter((row) => row.fullName.toLowerCase() === name.toLowerCase());
  const [only] = found;
  if (only && found.length === 1) return only;
  const names = all.map(({ fullName }) => fullName).join(', ');
  if (all.length === 0)
    throw new TracksideError('UNKNOWN', 'No repository is connected.', {
      remedy: 'Connect one in the panel.',
    });
  const problem = name === undefined ? 'Several repositories are connected.' : `${name} is not connected.`;
  throw new TracksideError('UNKNOWN', problem, { remedy: `Use --repository with one of ${names}.` });
}
