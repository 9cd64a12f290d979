/** What an import would do with each pool of the file. */
import type { ImportedPool } from '../../../shared/contract.ts';
import { Pill } from '../../components/pill.tsx';
import { importLooks, importSummary } from './import-rows.ts';
import styles from './pools-file.module.css';

/** `tense` "done": what it did. */
export function ImportTable({ rows, tense }: { rows: readonly ImportedPool[]; tense: 'to do' | 'done' }) {
  return (
    <>
      <p role="status">{importSummary(rows, tense)}</p>
      {rows.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Pool</th>
              <th scope="col">For</th>
              <th scope="col">{tense === 'done' ? 'What happened' : 'What happens'}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ImportRow key={`${row.repository} ${row.name}`} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function ImportRow({ row: { name, repository, action, detail } }: { row: ImportedPool }) {
  const { word, tone, shape } = importLooks[action];
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{repository}</td>
      <td>
        <div className={styles.outcome}>
          <Pill tone={tone} shape={shape}>
            {word}
          </Pill>
          <span>{detail}</span>
        </div>
      </td>
    </tr>
  );
}
