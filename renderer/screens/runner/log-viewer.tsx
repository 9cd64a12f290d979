/** A log as it grows: followed until somebody scrolls up, searchable, and drawn only where one looks. */
import { useEffect, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import { ProblemNote } from '../../components/problem-note.tsx';
import { asText } from './log-buffer.ts';
import { LogLineRow } from './log-line.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import styles from './log-viewer.module.css';
import { useFollow } from './use-follow.ts';
import { type LogSource, useLog } from './use-log.ts';
import { useSearchIn } from './use-search.ts';

const emptyWords: Record<LogSource, string> = {
  listener: 'The listener has written nothing yet.',
  job: 'No job has run on this runner yet. The log of one appears here line by line.',
};

export function LogViewer({
  runnerId,
  runnerName,
  source,
}: {
  runnerId: string;
  runnerName: string;
  source: LogSource;
}) {
  const list = useRef<VListHandle>(null);
  const reading = useRef(false);
  const { buffer, state, problem } = useLog(runnerId, source, reading);
  const { lines, skipped } = buffer;
  const [wrap, setWrap] = useState(true);
  const search = useSearchIn(lines);
  const { follow, setFollow, handlers } = useFollow(list, lines.length);
  useEffect(() => {
    reading.current = !follow;
  }, [follow]);
  const step = (by: 1 | -1): void => {
    const hit = search.step(by);
    if (hit === undefined) return;
    setFollow(false);
    list.current?.scrollToIndex(hit.line, { align: 'center' });
  };
  const current = search.hits[search.current];
  return (
    <div className={styles.viewer}>
      <LogToolbar
        {...{ search, follow, wrap }}
        onStep={step}
        onFollow={setFollow}
        onWrap={setWrap}
        text={() => asText(buffer)}
        fileName={`${runnerName}-${source}.log`}
      />
      {problem && <ProblemNote className={styles.problem} problem={problem} />}
      {skipped > 0 && (
        <p className={styles.skipped}>{skipped.toLocaleString('en')} earlier lines are left out.</p>
      )}
      {lines.length === 0 ? (
        <p className={styles.empty}>{state === 'loading' ? 'Reading the log…' : emptyWords[source]}</p>
      ) : (
        <div className={styles.frame}>
          <VList
            ref={list}
            className={styles.lines}
            data={lines}
            itemSize={20}
            tabIndex={0}
            role="region"
            aria-label={
              source === 'job' ? `Log of the job on ${runnerName}` : `Log of ${runnerName}’s listener`
            }
            {...handlers}
          >
            {(line, index) => (
              <LogLineRow
                key={line.id}
                line={line}
                hitStarts={search.startsIn(index)}
                hitLength={search.query.length}
                currentStart={current?.line === index ? current.start : null}
                wrap={wrap}
              />
            )}
          </VList>
        </div>
      )}
    </div>
  );
}
