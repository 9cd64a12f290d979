/** What a workflow file asks of a person who starts it by hand. */
import type { WorkflowInput } from '../../../shared/model.ts';
import { isRecord } from './matrix.ts';

const types = ['string', 'choice', 'boolean', 'number', 'environment'] as const;

/** A scalar as text; null for anything else. */
export function textOf(value: unknown): string | null {
  return value === null || value === undefined || typeof value === 'object' ? null : String(value);
}

function inputOf(name: string, described: unknown): WorkflowInput {
  const facts = isRecord(described) ? described : {};
  const options = Array.isArray(facts.options)
    ? facts.options.map(textOf).filter((option) => option !== null)
    : [];
  return {
    name,
    type: types.find((type) => type === facts.type) ?? 'string',
    description: textOf(facts.description),
    required: facts.required === true,
    default: textOf(facts.default),
    options,
  };
}

/** The `workflow_dispatch` entry of `on`, which may be a word, a list or a mapping; undefined when there is none. */
function dispatchEntry(on: unknown): unknown {
  if (on === 'workflow_dispatch') return null;
  if (Array.isArray(on)) return on.includes('workflow_dispatch') ? null : undefined;
  return isRecord(on) && 'workflow_dispatch' in on ? on.workflow_dispatch : undefined;
}

/** The inputs of `workflow_dispatch` in the order of the file; null when the workflow cannot be started by hand. */
export function dispatchInputs(on: unknown): WorkflowInput[] | null {
  const entry = dispatchEntry(on);
  if (entry === undefined) return null;
  const inputs = isRecord(entry) && isRecord(entry.inputs) ? entry.inputs : {};
  return Object.entries(inputs).map(([name, described]) => inputOf(name, described));
}
