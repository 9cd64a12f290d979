/** Narrows the queue: words, repository, reason and label; and how it is shown. */
import { Search } from 'lucide-react';
import { useCallback, useRef } from 'react';
import type { Board } from '../../../shared/board.ts';
import type { WaitKind } from '../../../shared/model.ts';
import { Segmented } from '../../components/choice.tsx';
import { Select, TextInput } from '../../components/field.tsx';
import { useSlashKey } from '../../components/use-slash-key.ts';
import { useBoard } from '../../store/session.ts';
import type { QueueFilter } from './queue-filter.ts';
import styles from './queue-filter-bar.module.css';
import type { Facet, facetsOf } from './queue-rows.ts';
import { waitKinds, waitTitles } from './wait-words.ts';

interface QueueFilterBarProps {
  filter: QueueFilter;
  facets: ReturnType<typeof facetsOf>;
  onChange: (part: Partial<QueueFilter>) => void;
}

const views = [
  { value: 'causes', title: 'By reason' },
  { value: 'jobs', title: 'All jobs' },
] as const;

export function QueueFilterBar({ filter, facets, onChange }: QueueFilterBarProps) {
  const repositories = useBoard((board) => board.repositories);
  const input = useRef<HTMLInputElement>(null);
  useSlashKey(useCallback(() => input.current?.focus(), []));
  const { reasons, labels } = facets;
  return (
    <search className={styles.bar}>
      <div className={styles.words}>
        <Search aria-hidden="true" />
        <TextInput
          ref={input}
          type="search"
          aria-label="Words of the job"
          placeholder="Job, workflow, branch, person…"
          value={filter.search}
          onChange={(event) => onChange({ search: event.target.value })}
          onKeyDown={(event) => event.key === 'Escape' && onChange({ search: '' })}
        />
      </div>
      {Object.keys(repositories).length > 1 && (
        <Choice
          label="Repository"
          any="All repositories"
          value={filter.repositoryId}
          facets={repositoryFacets(repositories, facets.repositories)}
          titleOf={(id) => repositories[id]?.fullName ?? id}
          onChange={(repositoryId) => onChange({ repositoryId })}
        />
      )}
      {(reasons.length > 1 || filter.reason !== null) && (
        <Choice
          label="Reason"
          any="Any reason"
          value={filter.reason}
          facets={reasons}
          titleOf={titleOfReason}
          onChange={(reason) => onChange({ reason: waitKinds.find((kind) => kind === reason) ?? null })}
        />
      )}
      {(labels.length > 1 || filter.label !== null) && (
        <Choice
          label="Label"
          any="Any label"
          value={filter.label}
          facets={labels}
          titleOf={(label) => label}
          onChange={(label) => onChange({ label })}
        />
      )}
      <span className={styles.view}>
        <Segmented
          label="How it is shown"
          value={filter.view}
          onChange={(view) => onChange({ view })}
          choices={views}
        />
      </span>
    </search>
  );
}

const titleOfReason = (kind: string): string => waitTitles[kind as WaitKind];

/** All connected ones by their names, with how many jobs wait for each. */
function repositoryFacets(
  repositories: Board['repositories'],
  counted: readonly Facet<string>[],
): Facet<string>[] {
  const counts = new Map(counted.map(({ value, count }) => [value, count]));
  return Object.values(repositories)
    .sort((a, b) => a.fullName.localeCompare(b.fullName))
    .map(({ id }) => ({ value: id, count: counts.get(id) ?? 0 }));
}

function Choice({
  label,
  any,
  value,
  facets,
  titleOf,
  onChange,
}: {
  label: string;
  any: string;
  value: string | null;
  facets: readonly Facet<string>[];
  titleOf: (value: string) => string;
  onChange: (value: string | null) => void;
}) {
  const gone = value !== null && facets.every((facet) => facet.value !== value);
  const offered = gone ? [...facets, { value, count: 0 }] : facets;
  return (
    <Select
      aria-label={label}
      className={styles.choice}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">{any}</option>
      {offered.map((facet) => (
        <option key={facet.value} value={facet.value}>
          {titleOf(facet.value)} ({facet.count.toLocaleString('en')})
        </option>
      ))}
    </Select>
  );
}
