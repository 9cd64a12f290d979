/** The form of a workflow's declared inputs: what it starts with, what is wrong with it, what is sent. */
import type { WorkflowInput } from '../../../shared/model.ts';

export type InputValues = Record<string, string>;

/** The forge takes no more of them (docs.github.com: workflow syntax, `on.workflow_dispatch.inputs`). */
export const mostInputs = 25;

/** The input that a refusal's field names, as `note` or as `inputs.note`; null when it names none. */
export function inputAt(inputs: readonly WorkflowInput[], field: string | null): string | null {
  if (field === null) return null;
  const name = field.replace(/^inputs\./, '');
  return inputs.some((input) => input.name === name) ? name : null;
}

/** What the form starts with: the declared defaults; a choice without one starts with its first option. */
export function initialValues(inputs: readonly WorkflowInput[]): InputValues {
  return Object.fromEntries(inputs.map((input) => [input.name, initialValue(input)]));
}

function initialValue(input: WorkflowInput): string {
  if (input.type === 'boolean') return input.default === 'true' ? 'true' : 'false';
  if (input.type === 'choice') return input.default ?? input.options[0] ?? '';
  return input.default ?? '';
}

/** What is wrong with the values, by input name; empty when they can be sent. */
export function inputProblems(inputs: readonly WorkflowInput[], values: InputValues): Record<string, string> {
  const problems = inputs.flatMap((input) => {
    const problem = inputProblem(input, values[input.name] ?? '');
    return problem === null ? [] : [[input.name, problem] as const];
  });
  return Object.fromEntries(problems);
}

function inputProblem(input: WorkflowInput, value: string): string | null {
  const typed = value.trim();
  if (typed === '') return input.required ? `“${input.name}” is required.` : null;
  if (input.type === 'number' && !Number.isFinite(Number(typed))) {
    return `“${input.name}” takes a number, and “${typed}” is none.`;
  }
  if (input.type === 'choice' && !input.options.includes(value)) {
    return `“${input.name}” is one of ${input.options.join(', ')}.`;
  }
  return null;
}

/** What the forge is sent: an optional input that was left empty is left out, so that its default applies there. */
export function inputPayload(inputs: readonly WorkflowInput[], values: InputValues): InputValues {
  const filled = inputs.flatMap((input) => {
    const value = values[input.name] ?? '';
    const sent = input.type === 'number' ? value.trim() : value;
    return sent === '' && !input.required ? [] : [[input.name, sent] as const];
  });
  return Object.fromEntries(filled);
}
