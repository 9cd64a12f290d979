/** What can be done with a log: search, follow, wrap, copy, keep. */
import { ArrowDownToLine, ChevronDown, ChevronUp, Download, Search, WrapText } from 'lucide-react';
import { Button, IconButton } from '../../components/button.tsx';
import { CopyButton } from '../../components/code.tsx';
import { TextInput } from '../../components/field.tsx';
import { maxHits } from './log-buffer.ts';
import styles from './log-toolbar.module.css';
import type { LogSearch } from './use-search.ts';

export function LogToolbar({
  search,
  onStep,
  follow,
  onFollow,
  wrap,
  onWrap,
  text,
  fileName,
}: {
  search: LogSearch;
  onStep: (by: 1 | -1) => void;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  text: () => string;
  fileName: string;
}) {
  return (
    <div className={styles.toolbar}>
      <search className={styles.search}>
        <Search aria-hidden="true" />
        <TextInput
          type="search"
          aria-label="Search in this log"
          placeholder="Search"
          value={search.query}
          onChange={(event) => search.setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') search.setQuery('');
            if (event.key !== 'Enter') return;
            event.preventDefault();
            onStep(event.shiftKey ? -1 : 1);
          }}
        />
        <span className={styles.count} role="status">
          {countWords(search)}
        </span>
        <IconButton
          icon={ChevronUp}
          label="Previous hit"
          size="small"
          disabled={search.hits.length === 0}
          onClick={() => onStep(-1)}
        />
        <IconButton
          icon={ChevronDown}
          label="Next hit"
          size="small"
          disabled={search.hits.length === 0}
          onClick={() => onStep(1)}
        />
      </search>
      <div className={styles.tools}>
        <Button
          kind="quiet"
          size="small"
          icon={ArrowDownToLine}
          aria-pressed={follow}
          onClick={() => onFollow(!follow)}
        >
          Follow
        </Button>
        <Button kind="quiet" size="small" icon={WrapText} aria-pressed={wrap} onClick={() => onWrap(!wrap)}>
          Wrap
        </Button>
        <CopyButton text={text} label="Copy the log" />
        <IconButton
          icon={Download}
          label="Save the log as a file"
          size="small"
          onClick={() => saveAs(fileName, text())}
        />
      </div>
    </div>
  );
}

function countWords({ query, hits, current }: LogSearch): string {
  if (query === '') return '';
  if (hits.length === 0) return 'no hits';
  const many = hits.length >= maxHits ? `${maxHits.toLocaleString('en')}+` : hits.length.toLocaleString('en');
  return `${(current + 1).toLocaleString('en')} of ${many}`;
}

function saveAs(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
