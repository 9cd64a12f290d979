/** A headline of clauses, what needs somebody in its tone. */
import type { Clause } from './headline.ts';
import styles from './overview.module.css';

export function Clauses({ clauses }: { clauses: readonly Clause[] }) {
  return clauses.map((clause, index) => (
    <span key={clause.text}>
      {index > 0 && ' '}
      <span className={styles[clause.tone]}>{clause.text}</span>
    </span>
  ));
}
