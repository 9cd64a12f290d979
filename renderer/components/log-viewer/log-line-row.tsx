/** One line of a log. */
import { memo, useEffect } from 'react';
import { formatTimeOfDay } from '../../../shared/format.ts';
import { findWords, type LineKind, readLine } from '../../../shared/log-line.ts';
import { classNames } from '../class-names.ts';
import type { LineCache } from './line-cache.ts';
import { colourSpans, markHits, type Span } from './log-spans.ts';
import styles from './log-viewer.module.css';

/** Said to those who do not see the colour. */
const kindWords: Partial<Record<LineKind, string>> = {
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
};

export interface FoundWords {
  pattern: RegExp;
  /** Characters of each hit. */
  length: number;
}

/**
 * @param raw the line as it was written; undefined while it has not come
 * @param current which of the hits in this line the search stands on, from 0; null when it stands elsewhere
 */
export const LogLineRow = memo(function LogLineRow({
  cache,
  number,
  raw,
  words,
  current,
  wrap,
}: {
  cache: LineCache;
  /** From 0; people count from 1. */
  number: number;
  raw: string | undefined;
  words: FoundWords | null;
  current: number | null;
  wrap: boolean;
}) {
  useEffect(() => cache.want(number), [cache, number]);
  const line = raw === undefined ? null : readLine(raw);
  return (
    <div
      className={classNames(
        styles.line,
        wrap && styles.wrapped,
        line && styles[line.kind],
        current !== null && styles.currentLine,
      )}
      data-line={number + 1}
    >
      <span className={styles.number} data-number={number + 1} />
      <span className={styles.time}>{line?.at ? formatTimeOfDay(line.at) : ''}</span>
      <span className={styles.text}>
        {line && kindWords[line.kind] && <b>{kindWords[line.kind]}</b>}
        {line && <Spans spans={spansOf(line.coloured, line.text, words, current)} />}
        {line && line.whole !== null && (
          <span className={styles.cut}> … cut here: this line has {line.whole}</span>
        )}
      </span>
    </div>
  );
});

function spansOf(coloured: string, text: string, words: FoundWords | null, current: number | null): Span[] {
  const spans = colourSpans(coloured);
  if (words === null) return spans;
  const starts = findWords(text, words.pattern);
  return markHits(spans, starts, words.length, current === null ? null : (starts[current] ?? null));
}

function Spans({ spans }: { spans: readonly Span[] }) {
  return spans.map((span, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never change their order
    <SpanText key={index} span={span} />
  ));
}

function SpanText({ span }: { span: Span }) {
  const { text, looks, colour, background, hit } = span;
  const bare = looks.length === 0 && colour === null && background === null;
  if (hit !== 'none')
    return <mark className={hit === 'current' ? styles.currentHit : styles.hit}>{text}</mark>;
  if (bare) return text;
  return (
    <span
      className={classNames(...looks.map((look) => styles[look]))}
      style={{ color: colour ?? undefined, backgroundColor: background ?? undefined }}
    >
      {text}
    </span>
  );
}
