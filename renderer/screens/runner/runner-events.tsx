/** What happened to one runner lately, whether it is still there or not. */
import { useMemo } from 'react';
import { formatDateTime, formatTimeOfDay } from '../../../shared/format.ts';
import { Card } from '../../components/card.tsx';
import { engineClock } from '../../store/clock.ts';
import { EventLine } from '../history/event-line.tsx';
import { everything, historyPath } from '../history/history-filter.ts';
import { useHistory } from '../history/use-history.ts';
import styles from './runner-facts.module.css';

const shown = 8;
const dayMs = 24 * 3_600_000;

export function RunnerEvents({ runnerId }: { runnerId: string }) {
  const filter = useMemo(() => ({ ...everything, runnerId }), [runnerId]);
  const { events } = useHistory(filter, shown);
  if (events === null || events.length === 0) return null;
  return (
    <Card title="What happened" note={<a href={`#${historyPath({ runnerId })}`}>all of it</a>}>
      <ul className={styles.events}>
        {events.slice(0, shown).map((event) => (
          <li key={event.id}>
            <EventLine event={event} time={timeWords(event.at)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function timeWords(atMs: number): string {
  return engineClock.at(Date.now()) - atMs < dayMs ? formatTimeOfDay(atMs) : formatDateTime(atMs);
}
