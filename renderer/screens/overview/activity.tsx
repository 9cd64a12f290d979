/** What happened lately, the latest first. */
import { useMemo } from 'react';
import { formatAgo } from '../../../shared/format.ts';
import type { HistoryEvent } from '../../../shared/model.ts';
import { Card } from '../../components/card.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { EventLine } from '../history/event-line.tsx';
import { mergeEvents } from '../history/event-rows.ts';
import { isToldByItsJob } from '../history/event-words.ts';
import styles from './activity.module.css';

const shown = 8;

export function Activity() {
  const table = useBoard((board) => board.events);
  const events = useMemo(() => {
    const told = Object.values(table).filter((event) => !isToldByItsJob(event));
    return mergeEvents(told, [], null).slice(0, shown);
  }, [table]);
  if (events.length === 0) return null;
  return (
    <Card title="Lately" note={<a href="#/history">History</a>}>
      <ul className={styles.events}>
        {events.map((event) => (
          <li key={event.id}>
            <EventLine event={event} time={<Ago event={event} />} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Ago({ event }: { event: HistoryEvent }) {
  return formatAgo(useNow(5000) - event.at);
}
