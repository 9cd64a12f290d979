/** A picture in words: for those who do not see it, and for those who want the figures. */
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import styles from './as-table.module.css';

/** What is inside is made only once somebody wants it. */
export function AsTable({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.details} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronRight aria-hidden="true" />
        As a table
      </summary>
      {open && children}
    </details>
  );
}

/** @param children its rows */
export function DataTable({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly string[];
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
