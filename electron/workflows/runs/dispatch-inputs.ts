/** Checks what a workflow is to be started with against what it asks for, before the forge does it in its own words. */
import { TracksideError } from '../../../shared/errors.ts';
import type { WorkflowInput } from '../../../shared/model.ts';

/** GitHub takes no more (docs.github.com, "Create a workflow dispatch event"). */
const mostInputs = 25;
/** And no larger payload ("Events that trigger workflows": 65,535 characters). */
const mostCharacters = 65_535;

/**
 * @param declared the inputs of the workflow as it is where it is started
 * @throws TracksideError INVALID_REQUEST whose field is `inputs`, or `inputs.NAME` for the first that is wrong
 */
export function checkInputs(
  declared: readonly WorkflowInput[],
  given: Readonly<Record<string, string>>,
): void {
  const names = Object.keys(given);
  if (names.length > mostInputs) {
    throw refuse('inputs', `A workflow takes at most ${mostInputs} inputs; these are ${names.length}.`);
  }
  if (JSON.stringify(given).length > mostCharacters) {
    throw refuse('inputs', `The inputs together are longer than ${mostCharacters} characters.`);
  }
  for (const name of names) {
    if (!declared.some((input) => input.name === name)) {
      const all = declared.map((input) => `"${input.name}"`).join(', ');
      const remedy = declared.length === 0 ? 'It asks for none.' : `It asks for ${all}.`;
      throw refuse(`inputs.${name}`, `The workflow has no input "${name}".`, remedy);
    }
  }
  for (const input of declared) {
    const problem = problemOf(input, Object.hasOwn(given, input.name) ? given[input.name] : undefined);
    if (problem !== null) throw refuse(`inputs.${input.name}`, problem);
  }
}

function problemOf({ name, type, required, options, default: usual }: WorkflowInput, value?: string) {
  if (value === undefined) return required && usual === null ? `"${name}" is required.` : null;
  if (value === '') return required ? `"${name}" is required.` : null;
  if (type === 'choice' && !options.includes(value)) {
    return `"${name}" must be one of ${options.map((option) => `"${option}"`).join(', ')}.`;
  }
  if (type === 'number' && (value.trim() === '' || !Number.isFinite(Number(value)))) {
    return `"${name}" must be a number.`;
  }
  if (type === 'boolean' && value !== 'true' && value !== 'false') return `"${name}" must be true or false.`;
  return null;
}

function refuse(field: string, message: string, remedy: string | null = null): TracksideError {
  return new TracksideError('INVALID_REQUEST', message, { field, remedy });
}
