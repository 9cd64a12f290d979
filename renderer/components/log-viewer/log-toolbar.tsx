/** What can be done with a log: search, go to a line, follow, wrap, copy, keep. */
import { ArrowDownToLine, ChevronDown, ChevronUp, List, Search, WrapText } from 'lucide-react';
import { type ReactNode, type RefObject, useState } from 'react';
import { Button, IconButton } from '../button.tsx';
import { TextInput } from '../field.tsx';
import styles from './log-toolbar.module.css';
import { mostHits } from './search-hits.ts';
import type { Place } from './use-place.ts';
import type { LogSearch } from './use-search.ts';

export function LogToolbar({
  input,
  search,
  place,
  lines,
  listed,
  onListed,
  onStep,
  onLeave,
  wrap,
  onWrap,
  children,
}: {
  input: RefObject<HTMLInputElement | null>;
  search: LogSearch;
  place: Place;
  lines: number;
  /** Whether the hits are listed. */
  listed: boolean;
  onListed: (listed: boolean) => void;
  onStep: (by: 1 | -1) => void;
  /** The search is left for the log. */
  onLeave: () => void;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  children: ReactNode;
}) {
  const none = search.found.hits.length === 0;
  return (
    <div className={styles.toolbar}>
      <search className={styles.search}>
        <Search aria-hidden="true" />
        <TextInput
          ref={input}
          type="search"
          aria-label="Search in this log"
          placeholder="Search"
          value={search.query}
          maxLength={1000}
          onChange={(event) => search.setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              search.setQuery('');
              onLeave();
            }
            if (event.key !== 'Enter') return;
            event.preventDefault();
            onStep(event.shiftKey ? -1 : 1);
          }}
        />
        <span className={styles.count} role="status">
          {countWords(search, lines)}
        </span>
        <IconButton
          icon={ChevronUp}
          label="Previous hit"
          size="small"
          disabled={none}
          onClick={() => onStep(-1)}
        />
        <IconButton
          icon={ChevronDown}
          label="Next hit"
          size="small"
          disabled={none}
          onClick={() => onStep(1)}
        />
        <IconButton
          icon={List}
          label="List the hits"
          size="small"
          disabled={none}
          aria-pressed={listed}
          onClick={() => onListed(!listed)}
        />
      </search>
      <div className={styles.tools}>
        <Button
          kind="quiet"
          size="small"
          icon={ArrowDownToLine}
          aria-pressed={place.follow}
          onClick={() => place.setFollow(!place.follow)}
        >
          Follow
        </Button>
        <Button kind="quiet" size="small" icon={WrapText} aria-pressed={wrap} onClick={() => onWrap(!wrap)}>
          Wrap
        </Button>
        {children}
      </div>
      <LineField place={place} lines={lines} />
    </div>
  );
}

/** The line at the top of the view, and where another is asked for. */
function LineField({ place, lines }: { place: Place; lines: number }) {
  const [typed, setTyped] = useState('');
  const all = lines.toLocaleString('en');
  return (
    <form
      className={styles.line}
      onSubmit={(event) => {
        event.preventDefault();
        const line = Number(typed.replaceAll(/[ ,.]/g, ''));
        if (Number.isInteger(line) && line > 0) place.goTo(line - 1);
        setTyped('');
      }}
    >
      <span aria-hidden="true">Line</span>
      <TextInput
        inputMode="numeric"
        size={Math.max(4, all.length)}
        value={typed}
        placeholder={Math.min(lines, place.top + 1).toLocaleString('en')}
        aria-label="Go to line"
        title="Go to line"
        onChange={(event) => setTyped(event.target.value)}
      />
      <span className={styles.lines}>of {all}</span>
    </form>
  );
}

function countWords({ query, found, current }: LogSearch, lines: number): string {
  if (query === '') return '';
  const { hits, done, searched } = found;
  const count = hits.length.toLocaleString('en');
  const many = hits.length >= mostHits ? `${count}+` : count;
  const said =
    current === null
      ? `${many} ${hits.length === 1 ? 'hit' : 'hits'}`
      : `${(current + 1).toLocaleString('en')} of ${many}`;
  if (done) return hits.length === 0 ? 'no hits' : said;
  return `${said} · ${Math.floor((100 * searched) / Math.max(1, lines))} %`;
}
