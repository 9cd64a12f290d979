/** One line of a log. */
import { memo } from 'react';
import { formatTimeOfDay } from '../../../shared/format.ts';
import { classNames } from '../../components/class-names.ts';
import { colourSpans, markHits, type Span } from './log-spans.ts';
import type { LineKind, LogLine } from './log-text.ts';
import styles from './log-viewer.module.css';

/** Said to those who do not see the colour. */
const kindWords: Partial<Record<LineKind, string>> = {
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
};

export const LogLineRow = memo(function LogLineRow({
  line,
  hitStarts,
  hitLength,
  currentStart,
  wrap,
}: {
  line: LogLine;
  /** Where the search hit in this line. */
  hitStarts: readonly number[];
  hitLength: number;
  currentStart: number | null;
  wrap: boolean;
}) {
  const spans = markHits(colourSpans(line.coloured), hitStarts, hitLength, currentStart);
  const words = kindWords[line.kind];
  return (
    <div className={classNames(styles.line, wrap && styles.wrapped, styles[line.kind])}>
      <span className={styles.time}>{line.at === null ? '' : formatTimeOfDay(line.at)}</span>
      <span className={styles.text}>
        {words && <b>{words}</b>}
        {spans.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never change their order
          <SpanText key={index} span={span} />
        ))}
        {line.cut > 0 && (
          <span className={styles.cut}>
            {' '}
            … and {line.cut.toLocaleString('en')} more characters in this line
          </span>
        )}
      </span>
    </div>
  );
});

function SpanText({ span }: { span: Span }) {
  const { text, looks, colour, background, hit } = span;
  const bare = looks.length === 0 && colour === null && background === null;
  const shown = bare ? (
    text
  ) : (
    <span
      className={classNames(...looks.map((look) => styles[look]))}
      style={{ color: colour ?? undefined, backgroundColor: background ?? undefined }}
    >
      {text}
    </span>
  );
  if (hit === 'none') return shown;
  return <mark className={hit === 'current' ? styles.currentHit : styles.hit}>{text}</mark>;
}
