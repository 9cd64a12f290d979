/** Where one is in the wizard, and the way back to the pages before. */
import { classNames } from '../../components/class-names.ts';
import { type StepId, steps, stepTitles } from './draft.ts';
import styles from './wizard.module.css';

export function WizardNav({
  page,
  reached,
  onGo,
}: {
  page: StepId;
  /** Index of the furthest page seen; those after it cannot be gone to. */
  reached: number;
  onGo: (page: StepId) => void;
}) {
  return (
    <nav aria-label="Steps of the deploy">
      <ol className={styles.nav}>
        {steps.map((id, index) => (
          <li key={id} className={classNames(styles.navStep, id === page && styles.navCurrent)}>
            <button
              type="button"
              className={styles.navButton}
              aria-current={id === page ? 'step' : undefined}
              disabled={index > reached}
              onClick={() => onGo(id)}
            >
              <span className={styles.navNumber}>{index + 1}</span>
              <span className={styles.navTitle}>{stepTitles[id]}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
