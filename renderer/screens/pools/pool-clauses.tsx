/** The sentence of a pools' screen, with what needs somebody in amber. */
import type { PoolClause } from './pool-headline.ts';
import styles from './pools.module.css';

export function PoolClauses({ clauses }: { clauses: readonly PoolClause[] }) {
  return clauses.map(({ text, tone }, index) => (
    <span key={text} className={tone === 'wait' ? styles.wait : undefined}>
      {index > 0 && ' '}
      {text}
    </span>
  ));
}
