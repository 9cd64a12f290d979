/** Reads a workflow file: its name, how it may be started, and its jobs as written. */
import { parse } from 'yaml';

export interface WorkflowInput {
  name: string;
  type: 'string' | 'choice' | 'boolean' | 'number' | 'environment';
  required: boolean;
  default: string | boolean | number | null;
  options: string[];
}

export type YamlObject = Record<string, unknown>;

export interface WorkflowFile {
  name: string;
  runName: string | null;
  /** `null` when it cannot be dispatched. */
  inputs: WorkflowInput[] | null;
  /** Branch patterns that a push starts it on; `null` when none does. */
  pushBranches: string[] | null;
  /** As written: a group, or an object with one. */
  concurrency: unknown;
  env: Record<string, string>;
  defaults: YamlObject;
  jobs: Record<string, YamlObject>;
}

/** The value as an object, or an empty one. */
export function objectOf(value: unknown): YamlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A string or a list of strings, as a list. */
export function listOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** An `env:` block; expressions stay as they are. */
export function envOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, item]) => [key, String(item ?? '')]));
}

const inputTypes = ['string', 'choice', 'boolean', 'number', 'environment'] as const;

function inputOf(name: string, described: YamlObject): WorkflowInput {
  const fallback = described.default;
  return {
    name,
    type: inputTypes.find((type) => type === described.type) ?? 'string',
    required: described.required === true,
    default:
      typeof fallback === 'string' || typeof fallback === 'boolean' || typeof fallback === 'number'
        ? fallback
        : null,
    options: listOf(described.options),
  };
}

function dispatchInputs(on: unknown): WorkflowInput[] | null {
  if (on === 'workflow_dispatch') return [];
  if (Array.isArray(on)) return on.includes('workflow_dispatch') ? [] : null;
  const triggers = objectOf(on);
  if (!('workflow_dispatch' in triggers)) return null;
  const inputs = objectOf(objectOf(triggers.workflow_dispatch).inputs);
  return Object.entries(inputs).map(([name, described]) => inputOf(name, objectOf(described)));
}

function pushBranches(on: unknown): string[] | null {
  const triggers = typeof on === 'string' || Array.isArray(on) ? listOf(on) : Object.keys(objectOf(on));
  if (!triggers.includes('push')) return null;
  const push = objectOf(objectOf(on).push);
  // A push that is limited to tags or paths is none of a branch, as far as the demo goes.
  if (push.branches === undefined) return push.tags === undefined ? ['**'] : [];
  return listOf(push.branches);
}

/**
 * Parses the text of a workflow file.
 * @param path is its name when it gives itself none
 * @throws when it is not YAML or has no jobs
 */
export function parseWorkflow(text: string, path: string): WorkflowFile {
  const root = objectOf(parse(text));
  const jobs = Object.entries(objectOf(root.jobs)).map(([key, job]) => [key, objectOf(job)] as const);
  if (jobs.length === 0) throw new Error(`${path} has no jobs.`);
  return {
    name: typeof root.name === 'string' ? root.name : path,
    runName: typeof root['run-name'] === 'string' ? root['run-name'] : null,
    inputs: dispatchInputs(root.on),
    pushBranches: pushBranches(root.on),
    concurrency: root.concurrency,
    env: envOf(root.env),
    defaults: objectOf(root.defaults),
    jobs: Object.fromEntries(jobs),
  };
}
