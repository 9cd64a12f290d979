/** Narrows the list of runners: words, and a group of states. */
import { Search } from 'lucide-react';
import { useRef } from 'react';
import { Segmented } from '../../components/choice.tsx';
import { TextInput } from '../../components/field.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useSlashKey } from '../../components/use-slash-key.ts';
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
