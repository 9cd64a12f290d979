/** Narrows the runs: workflow, how they ended or what they do, branch, event, who started them. */
import { X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { Run, Workflow } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Select, TextInput } from '../../components/field.tsx';
import { allRuns, isNarrowed, type RunFilter, statusChoices, statusTitles } from './run-filter.ts';
import styles from './run-filter-bar.module.css';
import { eventWords, knownEvents } from './run-words.ts';

interface RunFilterBarProps {
  filter: RunFilter;
  /** What is offered comes out of them. */
  runs: readonly Run[];
  workflows: readonly Workflow[];
  onChange: (part: Partial<RunFilter>) => void;
}

export function RunFilterBar({ filter, runs, workflows, onChange }: RunFilterBarProps) {
  const events = unique([...runs.map(({ event }) => event), ...knownEvents, filter.event]);
  return (
    <search className={styles.bar} aria-label="Runs">
      <WorkflowChoice chosen={filter.workflowId} runs={runs} workflows={workflows} onChange={onChange} />
      <Select
        aria-label="State"
        value={filter.status ?? ''}
        onChange={(event) =>
          onChange({ status: statusChoices.find((known) => known === event.target.value) ?? null })
        }
      >
        <option value="">Any state</option>
        {statusChoices.map((status) => (
          <option key={status} value={status}>
            {statusTitles[status]}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Event"
        value={filter.event ?? ''}
        onChange={(event) => onChange({ event: event.target.value || null })}
      >
        <option value="">Any event</option>
        {events.map((event) => (
          <option key={event} value={event}>
            {eventWords(event)}
          </option>
        ))}
      </Select>
      <TypedPart
        label="Branch"
        value={filter.branch}
        offers={unique(runs.map(({ branch }) => branch))}
        onChange={(branch) => onChange({ branch })}
      />
      <TypedPart
        label="Started by"
        value={filter.actor}
        offers={unique(runs.map(({ actor }) => actor))}
        onChange={(actor) => onChange({ actor })}
      />
      {isNarrowed(filter) && (
        <Button kind="quiet" size="small" icon={X} onClick={() => onChange(allRuns)}>
          All runs
        </Button>
      )}
    </search>
  );
}

function unique(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}

/** On narrow screens only: beside the runs the list of workflows does the same. */
function WorkflowChoice({
  chosen,
  runs,
  workflows,
  onChange,
}: Omit<RunFilterBarProps, 'filter'> & { chosen: number | null }) {
  const names = new Map([
    ...runs.map(({ workflowId, workflow }) => [workflowId, workflow] as const),
    ...workflows.map(({ id, name }) => [id, name] as const),
  ]);
  if (chosen !== null && !names.has(chosen)) names.set(chosen, `Workflow ${chosen}`);
  return (
    <Select
      className={styles.workflow}
      aria-label="Workflow"
      value={chosen ?? ''}
      onChange={(event) =>
        onChange({ workflowId: event.target.value === '' ? null : Number(event.target.value) })
      }
    >
      <option value="">Any workflow</option>
      {[...names].map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

/** While somebody types, the forge is not asked for every letter. */
const typingPauseMs = 400;

function TypedPart({
  label,
  value,
  offers,
  onChange,
}: {
  label: string;
  value: string | null;
  offers: readonly string[];
  onChange: (value: string | null) => void;
}) {
  const listId = useId();
  const [typed, setTyped] = useState(value ?? '');
  useEffect(() => setTyped(value ?? ''), [value]);
  useEffect(() => {
    const asked = typed.trim() || null;
    if (asked === value) return;
    const timer = setTimeout(() => onChange(asked), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <>
      <TextInput
        type="search"
        aria-label={label}
        placeholder={`${label}…`}
        list={listId}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <datalist id={listId}>
        {offers.map((offer) => (
          <option key={offer} value={offer} />
        ))}
      </datalist>
    </>
  );
}
