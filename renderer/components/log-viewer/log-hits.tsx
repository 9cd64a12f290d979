/** The hits of a search, each with its line. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { VList, type VListHandle } from 'virtua';
import { findWords, readLine } from '../../../shared/log-line.ts';
import { classNames } from '../class-names.ts';
import type { LineCache } from './line-cache.ts';
import styles from './log-hits.module.css';
import type { FoundWords } from './log-line-row.tsx';
import { markHits } from './log-spans.ts';
import { ordinalOf } from './search-hits.ts';
import type { LogSearch } from './use-search.ts';

/** Shown before the words that were found. */
const leadCharacters = 12;
const shownCharacters = 300;
/** As in the stylesheet. */
const rowPx = 26;
const mostRows = 7;

export function LogHits({
  cache,
  search,
  onChoose,
}: {
  cache: LineCache;
  search: LogSearch;
  onChoose: (index: number) => void;
}) {
  useSyncExternalStore(cache.subscribe, cache.version);
  const list = useRef<VListHandle>(null);
  const { hits } = search.found;
  const { words, current } = search;
  useEffect(() => {
    if (current !== null) list.current?.scrollToIndex(current, { align: 'nearest' });
  }, [current]);
  if (hits.length === 0 || words === null) return null;
  return (
    <VList
      ref={list}
      className={styles.hits}
      style={{ height: Math.min(mostRows, hits.length) * rowPx }}
      data={hits}
      itemSize={rowPx}
      aria-label="Hits"
      role="region"
    >
      {(hit, index) => (
        <HitRow
          key={`${hit.line}-${hit.start}`}
          cache={cache}
          line={hit.line}
          raw={cache.get(hit.line)}
          ordinal={ordinalOf(hits, index)}
          words={words}
          isCurrent={index === current}
          onChoose={() => onChoose(index)}
        />
      )}
    </VList>
  );
}

function HitRow({
  cache,
  line,
  raw,
  ordinal,
  words,
  isCurrent,
  onChoose,
}: {
  cache: LineCache;
  line: number;
  raw: string | undefined;
  ordinal: number;
  words: FoundWords;
  isCurrent: boolean;
  onChoose: () => void;
}) {
  useEffect(() => cache.want(line), [cache, line]);
  return (
    <button
      type="button"
      className={classNames(styles.hit, isCurrent && styles.current)}
      aria-current={isCurrent || undefined}
      onClick={onChoose}
    >
      <span className={styles.number}>{(line + 1).toLocaleString('en')}</span>
      <span className={styles.text}>
        {excerptOf(raw ?? '', words, ordinal).map(({ text, hit }, index) =>
          hit === 'none' ? (
            text
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never change their order
            <mark key={index}>{text}</mark>
          ),
        )}
      </span>
    </button>
  );
}

/** The words that were found with what is around them. */
function excerptOf(raw: string, words: FoundWords, ordinal: number) {
  const { text } = readLine(raw);
  const at = findWords(text, words.pattern)[ordinal] ?? 0;
  const from = at > leadCharacters * 2 ? at - leadCharacters : 0;
  const shown = `${from > 0 ? '…' : ''}${text.slice(from, from + shownCharacters)}`;
  const start = at - from + (from > 0 ? 1 : 0);
  const plain = { text: shown, looks: [], colour: null, background: null, hit: 'none' as const };
  return markHits([plain], [start], words.length, null);
}
