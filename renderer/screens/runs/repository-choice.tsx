/** Which repository a screen is about: its name, or a choice where there are several. */
import type { Repository } from '../../../shared/model.ts';
import { Select } from '../../components/field.tsx';
import { navigate } from '../../router.ts';
import { useBoardList } from '../../store/session.ts';
import styles from './runs-screen.module.css';

export function RepositoryChoice({
  chosen,
  pathOf,
}: {
  chosen: Repository;
  /** The same screen for another repository. */
  pathOf: (repositoryId: string) => string;
}) {
  const repositories = useBoardList((board) => Object.values(board.repositories));
  if (repositories.length < 2) return <span>{chosen.fullName}</span>;
  return (
    <Select
      className={styles.repository}
      aria-label="Repository"
      value={chosen.id}
      onChange={(event) => navigate(pathOf(event.target.value))}
    >
      {repositories.map(({ id, fullName }) => (
        <option key={id} value={id}>
          {fullName}
        </option>
      ))}
    </Select>
  );
}
