/** A log of any length as it grows: followed until somebody goes elsewhere, searched as a whole, drawn where one looks. */
import { useRef, useState, useSyncExternalStore } from 'react';
import { VList, type VListHandle } from 'virtua';
import type { LogSource } from '../../../shared/model.ts';
import { Button } from '../button.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { LogHits } from './log-hits.tsx';
import { LogKeep } from './log-keep.tsx';
import { LogLineRow } from './log-line-row.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import styles from './log-viewer.module.css';
import { ordinalOf } from './search-hits.ts';
import { mostLines } from './stretch.ts';
import { useFindKeys } from './use-find-keys.ts';
import { type FollowedLog, useLog } from './use-log.ts';
import { type Place, usePlace } from './use-place.ts';
import { type LogSearch, useSearch } from './use-search.ts';

/** @param title what log it is: its name for readers, and that of the file it is saved as */
export function LogViewer({ source, title }: { source: LogSource; title: string }) {
  const log = useLog(source);
  return (
    <div className={styles.viewer}>
      {log?.problem && (
        <ProblemNote
          className={styles.problem}
          problem={log.problem}
          action={
            <Button size="small" onClick={log.again}>
              Try again
            </Button>
          }
        />
      )}
      {log === null || log.lines === 0 ? (
        <p className={styles.empty}>{emptyWords(log)}</p>
      ) : (
        <OpenLog log={log} title={title} />
      )}
    </div>
  );
}

function emptyWords(log: FollowedLog | null): string {
  if (log === null) return 'Reading the log…';
  return log.empty ?? (log.problem ? 'There is nothing to show.' : 'Reading the log…');
}

function OpenLog({ log, title }: { log: FollowedLog; title: string }) {
  const list = useRef<VListHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [wrap, setWrap] = useState(true);
  const [listed, setListed] = useState(false);
  const place = usePlace(list, log.lines);
  const search = useSearch(log);
  useFindKeys(input);
  const step = (by: 1 | -1): void => {
    const line = search.step(by, place.top);
    if (line !== null) place.goTo(line);
  };
  const choose = (index: number): void => {
    search.goTo(index);
    const line = search.found.hits[index]?.line;
    if (line !== undefined) place.goTo(line);
  };
  return (
    <>
      <LogToolbar
        {...{ input, search, place, wrap, listed }}
        lines={log.lines}
        onStep={step}
        onListed={setListed}
        onWrap={setWrap}
        onLeave={() => box.current?.querySelector<HTMLElement>('[role="region"]')?.focus()}
      >
        <LogKeep log={log} title={title} />
      </LogToolbar>
      {search.problem && <ProblemNote className={styles.problem} problem={search.problem} />}
      {listed && <LogHits cache={log.cache} search={search} onChoose={choose} />}
      {log.fetched !== null && <Fetching share={log.fetched} />}
      {log.lines > mostLines && <LongLog place={place} lines={log.lines} />}
      <div className={styles.frame} ref={box}>
        <Lines {...{ list, log, place, search, wrap, title }} />
      </div>
    </>
  );
}

function Lines({
  list,
  log,
  place,
  search,
  wrap,
  title,
}: {
  list: React.RefObject<VListHandle | null>;
  log: FollowedLog;
  place: Place;
  search: LogSearch;
  wrap: boolean;
  title: string;
}) {
  const { cache } = log;
  useSyncExternalStore(cache.subscribe, cache.version);
  const { start, count } = place.stretch;
  const { hits } = search.found;
  const hit = search.current === null ? undefined : hits[search.current];
  return (
    <VList
      ref={list}
      className={styles.lines}
      style={{ '--number-width': `${String(log.lines).length}ch` } as React.CSSProperties}
      data={{ length: count }}
      itemSize={20}
      tabIndex={0}
      role="region"
      aria-label={title}
      {...place.handlers}
    >
      {(_, index) => (
        <LogLineRow
          key={start + index}
          cache={cache}
          number={start + index}
          raw={cache.get(start + index)}
          words={search.words}
          current={
            hit?.line === start + index && search.current !== null ? ordinalOf(hits, search.current) : null
          }
          wrap={wrap}
        />
      )}
    </VList>
  );
}

function Fetching({ share }: { share: number }) {
  return (
    <p className={styles.fetching} role="status">
      Fetched from the forge: {Math.floor(share * 100)} %
    </p>
  );
}

/** A list holds a part of a long log; this goes to any place of it. */
function LongLog({ place, lines }: { place: Place; lines: number }) {
  return (
    <input
      className={styles.whole}
      type="range"
      min={0}
      max={lines - 1}
      value={place.follow ? lines - 1 : place.top}
      aria-label="Place in the whole log"
      aria-valuetext={`Line ${(place.top + 1).toLocaleString('en')} of ${lines.toLocaleString('en')}`}
      onChange={(event) => place.goTo(Number(event.target.value))}
    />
  );
}
