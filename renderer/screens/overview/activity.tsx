/** What happened lately: incidents and how they ended, jobs, runners, and what people did, the latest first. */
import { type ReactNode, useMemo } from 'react';
import { formatAgo } from '../../../shared/format.ts';
import type { Incident } from '../../../shared/model.ts';
import { Card } from '../../components/card.tsx';
import { StateShape } from '../../components/pill.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import lineStyles from '../history/event-line.module.css';
import { EventLine } from '../history/event-line.tsx';
import styles from './activity.module.css';
import { feedOf, incidentWords } from './incidents.ts';

const shown = 10;

export function Activity() {
  const events = useBoard((board) => board.events);
  const incidents = useBoard((board) => board.incidents);
  const feed = useMemo(() => feedOf({ events, incidents }, shown), [events, incidents]);
  if (feed.length === 0) return null;
  return (
    <Card title="Lately" note={<a href="#/history">History</a>}>
      <ul className={styles.events}>
        {feed.map((entry) => (
          <li key={entry.key}>
            {entry.kind === 'event' ? (
              <EventLine event={entry.event} time={<Ago at={entry.at} />} />
            ) : (
              <IncidentLine incident={entry.incident} time={<Ago at={entry.at} />} />
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Ago({ at }: { at: number }) {
  return formatAgo(useNow(5000) - at);
}

/** How it ended first, or while it goes on what it is. */
function IncidentLine({ incident, time }: { incident: Incident; time: ReactNode }) {
  const { title, resolution, resolvedAt } = incident;
  const ended = resolvedAt !== null;
  const words = incidentWords(incident, useNow(10_000));
  return (
    <div className={lineStyles.line}>
      <span className={`${lineStyles.shape} ${ended ? lineStyles.ok : lineStyles.wait}`}>
        <StateShape shape={ended ? 'disc' : 'triangle'} size={9} />
      </span>
      <div className={lineStyles.words}>
        <p>
          <Sentence text={ended ? (resolution ?? 'It is over.') : title} />
        </p>
        <p className={lineStyles.subject}>
          {ended && (
            <>
              <Sentence text={title} /> ·{' '}
            </>
          )}
          {ended ? `over after ${words}` : `goes on for ${words}`}
        </p>
      </div>
      <span className={lineStyles.time}>{time}</span>
    </div>
  );
}
