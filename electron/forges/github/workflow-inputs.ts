/** What a workflow file asks of a person who starts it by hand. */
import { parse } from 'yaml';
import type { WorkflowInput } from '../../../shared/model.ts';

const types = ['string', 'choice', 'boolean', 'number', 'environment'] as const;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return value === null || value === undefined || typeof value === 'object' ? null : String(value);
}

function inputOf(name: string, described: unknown): WorkflowInput {
  const facts = isRecord(described) ? described : {};
  const options = Array.isArray(facts.options)
    ? facts.options.map(text).filter((option) => option !== null)
    : [];
  return {
    name,
    type: types.find((type) => type === facts.type) ?? 'string',
    description: text(facts.description),
    required: facts.required === true,
    default: text(facts.default),
    options,
  };
}

/** The `workflow_dispatch` entry of `on`, which may be a word, a list or a mapping; undefined when there is none. */
function dispatchEntry(on: unknown): unknown {
  if (on === 'workflow_dispatch') return null;
  if (Array.isArray(on)) return on.includes('workflow_dispatch') ? null : undefined;
  return isRecord(on) && 'workflow_dispatch' in on ? on.workflow_dispatch : undefined;
}

/**
 * The inputs of `workflow_dispatch` in the order of the file; null when the workflow cannot be started by hand or the
 * file cannot be read as YAML.
 */
export function workflowInputs(file: string): WorkflowInput[] | null {
  let workflow: unknown;
  try {
    workflow = parse(file, { logLevel: 'silent' });
  } catch {
    return null;
  }
  const entry = isRecord(workflow) ? dispatchEntry(workflow.on) : undefined;
  if (entry === undefined) return null;
  const inputs = isRecord(entry) && isRecord(entry.inputs) ? entry.inputs : {};
  return Object.entries(inputs).map(([name, described]) => inputOf(name, described));
}
