/** The seven steps of a deploy as stations along a track. The word of the present one stands beside it. */
import type { DeployStep } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import styles from './progress.module.css';
import { currentStep, stepWords } from './progress.ts';

const spacing = 30;
const middle = 9;

export function StepTrack({ steps }: { steps: readonly DeployStep[] }) {
  const width = spacing * (steps.length - 1) + 2 * middle;
  return (
    <svg
      className={styles.track}
      viewBox={`0 0 ${width} ${2 * middle}`}
      width={width}
      height={2 * middle}
      role="img"
      aria-label={stepsInWords(steps)}
    >
      {steps.map((step, index) => (
        <g
          key={step.id}
          className={styles[step.status]}
          transform={`translate(${middle + index * spacing} ${middle})`}
        >
          <title>{stepWords[step.id].title}</title>
          {index > 0 && <line className={styles.rail} x1={8 - spacing} x2={-8} />}
          <Station status={step.status} />
        </g>
      ))}
    </svg>
  );
}

function Station({ status }: { status: DeployStep['status'] }) {
  if (status === 'active') {
    return (
      <>
        <circle className={styles.stationRest} r="6" />
        <circle className={styles.stationTurn} r="6" />
      </>
    );
  }
  return (
    <>
      <circle className={classNames(styles.station)} r={status === 'waiting' ? 4 : 7} />
      {status === 'done' && <path className={styles.sign} d="M-3.2 .2-1 2.5 3.2-2.2" />}
      {status === 'failed' && <path className={styles.sign} d="M-2.5-2.5 2.5 2.5M2.5-2.5-2.5 2.5" />}
      {status === 'cancelled' && <path className={styles.sign} d="M-3 0H3" />}
    </>
  );
}

function stepsInWords(steps: readonly DeployStep[]): string {
  const done = steps.filter(({ status }) => status === 'done').length;
  const step = currentStep(steps);
  if (step === null) return `All ${steps.length} steps done`;
  return `${done} of ${steps.length} steps done, now ${stepWords[step.id].title.toLowerCase()}`;
}
