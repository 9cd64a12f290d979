/** Narrows the history: words, kinds, and one runner, pool or repository. */
import { Search, X } from 'lucide-react';
import type { HistoryEvent, Runner } from '../../../shared/model.ts';
import { IconButton } from '../../components/button.tsx';
import { Checkbox } from '../../components/choice.tsx';
import { Select, TextInput } from '../../components/field.tsx';
import { useBoard, useBoardList } from '../../store/session.ts';
import { byName } from '../overview/track-model.ts';
import { type EventKind, eventKinds, type HistoryFilter, kindTitles } from './history-filter.ts';
import styles from './history-filter-bar.module.css';

interface HistoryFilterBarProps {
  filter: HistoryFilter;
  /** What is typed at the moment. */
  search: string;
  onSearch: (search: string) => void;
  onChange: (part: Partial<HistoryFilter>) => void;
}

export function HistoryFilterBar({ filter, search, onSearch, onChange }: HistoryFilterBarProps) {
  const toggle = (kind: EventKind, wanted: boolean): void =>
    onChange({
      kinds: eventKinds.filter((known) => (known === kind ? wanted : filter.kinds.includes(known))),
    });
  return (
    <search className={styles.bar}>
      <div className={styles.words}>
        <Search aria-hidden="true" />
        <TextInput
          type="search"
          aria-label="Words of the event"
          placeholder="Words…"
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onSearch('')}
        />
      </div>
      <Places filter={filter} onChange={onChange} />
      <fieldset className={styles.kinds}>
        <legend className="visually-hidden">Kinds; none ticked shows all</legend>
        {eventKinds.map((kind) => (
          <Checkbox
            key={kind}
            className={styles.kind}
            checked={filter.kinds.includes(kind)}
            onChange={(event) => toggle(kind, event.target.checked)}
          >
            {kindTitles[kind]}
          </Checkbox>
        ))}
      </fieldset>
    </search>
  );
}

/** One runner, pool or repository; the one from the address is offered even when it is gone. */
function Places({ filter, onChange }: Pick<HistoryFilterBarProps, 'filter' | 'onChange'>) {
  const runners = useBoardList((board) => byName(Object.values(board.runners)));
  const pools = useBoardList((board) => byName(Object.values(board.pools)));
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const gone = useGoneName(filter.runnerId, runners);
  const chosen = chosenPlace(filter);
  const choose = (value: string): void => onChange({ ...nowhere, ...placeFrom(value) });
  return (
    <div className={styles.place}>
      <Select aria-label="Of what" value={chosen} onChange={(event) => choose(event.target.value)}>
        <option value="">Of everything</option>
        {gone !== null && <option value={chosen}>{gone}, which left</option>}
        <Options title="Pools" kind="pool" rows={pools} />
        <Options title="Runners" kind="runner" rows={runners} />
        <Options
          title="Repositories"
          kind="repository"
          rows={repositories.map(({ id, fullName }) => ({ id, name: fullName }))}
        />
      </Select>
      {chosen !== '' && (
        <IconButton icon={X} label="Of everything" size="small" onClick={() => onChange(nowhere)} />
      )}
    </div>
  );
}

const nowhere = { runnerId: null, poolId: null, repositoryId: null };

function chosenPlace({ runnerId, poolId, repositoryId }: HistoryFilter): string {
  if (runnerId !== null) return `runner:${runnerId}`;
  if (poolId !== null) return `pool:${poolId}`;
  return repositoryId === null ? '' : `repository:${repositoryId}`;
}

function placeFrom(value: string): Partial<HistoryFilter> {
  const [kind, ...id] = value.split(':');
  if (kind === 'runner') return { runnerId: id.join(':') };
  if (kind === 'pool') return { poolId: id.join(':') };
  return kind === 'repository' ? { repositoryId: id.join(':') } : {};
}

/** The name of a runner that is not there any more, as its latest event or job has it. */
function useGoneName(runnerId: string | null, runners: readonly Runner[]): string | null {
  const isGone = runnerId !== null && runners.every(({ id }) => id !== runnerId);
  const named = (event: HistoryEvent): boolean => event.runnerId === runnerId && event.kind === 'runner';
  return useBoard((board) => {
    if (!isGone) return null;
    const shift = Object.values(board.shifts).find((ran) => ran.runnerId === runnerId);
    return shift?.runnerName ?? Object.values(board.events).find(named)?.subject ?? 'A runner';
  });
}

function Options({
  title,
  kind,
  rows,
}: {
  title: string;
  kind: string;
  rows: readonly { id: string; name: string }[];
}) {
  if (rows.length === 0) return null;
  return (
    <optgroup label={title}>
      {rows.map(({ id, name }) => (
        <option key={id} value={`${kind}:${id}`}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}
