/** The head of a screen: the one sentence that answers "is everything all right?", and the one thing to do next. */
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './page-header.module.css';

let firstScreen = true;

export function PageHeader({
  title,
  documentTitle,
  sub,
  before,
  actions,
}: {
  title: ReactNode;
  /** For the browser's tab. */
  documentTitle: string;
  sub?: ReactNode;
  /** Above the sentence: a way back. */
  before?: ReactNode;
  actions?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${documentTitle} · Trackside`;
  }, [documentTitle]);
  // After a change of screens the focus starts at its sentence, so that it is read and Tab goes on from there.
  useEffect(() => {
    if (!firstScreen) heading.current?.focus({ preventScroll: true });
    firstScreen = false;
  }, []);
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {before && <div className={styles.before}>{before}</div>}
        <h1 className={styles.title} ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {sub && <div className={styles.sub}>{sub}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
