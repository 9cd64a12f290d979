/** Narrows the list of runners: words, and a group of states. */
import { Search } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Segmented } from '../../components/choice.tsx';
import { TextInput } from '../../components/field.tsx';
import { Kbd } from '../../components/kbd.tsx';
import styles from './list-filter.module.css';
import { groupTitles, type StateGroup, stateGroups } from './rows.ts';

export function ListFilter({
  query,
  onQuery,
  group,
  onGroup,
  counts,
}: {
  query: string;
  onQuery: (query: string) => void;
  group: StateGroup;
  onGroup: (group: StateGroup) => void;
  counts: Record<StateGroup, number>;
}) {
  const input = useRef<HTMLInputElement>(null);
  useSlashKey(() => input.current?.focus());
  const shown = stateGroups.filter((known) => known === 'all' || known === group || counts[known] > 0);
  return (
    <search className={styles.filter}>
      <div className={styles.words}>
        <Search aria-hidden="true" />
        <TextInput
          ref={input}
          type="search"
          aria-label="Filter by name, label, job or state"
          placeholder="Name, label, job…"
          value={query}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onQuery('')}
        />
        {query === '' && (
          <span className={styles.key} aria-hidden="true">
            <Kbd>/</Kbd>
          </span>
        )}
      </div>
      {shown.length > 2 && (
        <Segmented
          label="State"
          value={group}
          onChange={onGroup}
          choices={shown.map((value) => ({
            value,
            title: (
              <>
                {groupTitles[value]}{' '}
                <span className={styles.count}>{counts[value].toLocaleString('en')}</span>
              </>
            ),
          }))}
        />
      )}
    </search>
  );
}

/** `/` outside of a field goes to the filter. */
function useSlashKey(onSlash: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const writes =
        target instanceof HTMLElement && target.closest('input, textarea, select, [role="dialog"]');
      if (event.key !== '/' || event.metaKey || event.ctrlKey || event.altKey || writes) return;
      event.preventDefault();
      onSlash();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onSlash]);
}
