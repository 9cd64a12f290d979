/** The last thirty days of a runner, a small bar for each, with the figure and what is aimed for. */
import type { Runner } from '../../../shared/model.ts';
import { Card, CardBody } from '../../components/card.tsx';
import { StateShape } from '../../components/pill.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { aim, availabilitySum, type DayBar, dayBars, percent } from './availability.ts';
import styles from './availability-card.module.css';

export function AvailabilityCard({ runner }: { runner: Runner }) {
  const days = useBoard((board) => board.health[runner.id]?.availability);
  const now = useNow(60_000);
  const sum = availabilitySum(days ?? []);
  if (days === undefined || sum === null) return null;
  return (
    <Card title="Availability" note="of the last 30 days">
      <CardBody>
        <p className={styles.sum}>
          <strong className={sum.met ? styles.met : styles.missed}>
            <StateShape shape={sum.met ? 'disc' : 'triangle'} />
            {percent(sum.share)}
          </strong>
        </p>
        <Bars bars={dayBars(days, now)} />
        <p className={styles.words}>{sum.sentence}</p>
      </CardBody>
    </Card>
  );
}

/** What lies below is not drawn: the difference between 99 and 100 is what one looks for. */
const bottom = 0.9;
const height = 36;

function heightOf(share: number): number {
  return Math.max(4, ((share - bottom) / (1 - bottom)) * height);
}

function Bars({ bars }: { bars: readonly DayBar[] }) {
  const below = bars.filter(({ share }) => share !== null && share < aim);
  const label =
    below.length === 0
      ? 'No day was below 99.5 %.'
      : `Days below 99.5 %: ${below.map(({ words }) => words).join('; ')}.`;
  return (
    <div className={styles.bars} role="img" aria-label={label}>
      {bars.map(({ day, share, tone, words }) => (
        <span key={day} className={styles.day} title={words}>
          <span
            className={`${styles.bar} ${styles[tone]}`}
            style={{ height: share === null ? 2 : heightOf(share) }}
          />
        </span>
      ))}
    </div>
  );
}
