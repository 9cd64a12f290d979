/** Checks the inputs of a dispatch as GitHub does. */
import { ApiError } from '../http.ts';
import type { WorkflowInput } from './workflow-file.ts';

type InputValue = string | boolean | number;

const maximumInputs = 25;

function convert(input: WorkflowInput, value: unknown): InputValue {
  const text = String(value);
  if (input.type === 'choice' && !input.options.includes(text)) {
    throw new ApiError(
      422,
      `Provided value '${text}' for input '${input.name}' not in the list of allowed values`,
    );
  }
  if (input.type === 'boolean') {
    if (text !== 'true' && text !== 'false') {
      throw new ApiError(422, `Provided value '${text}' for input '${input.name}' is not a boolean`);
    }
    return text === 'true';
  }
  if (input.type === 'number') {
    if (text.trim() === '' || Number.isNaN(Number(text))) {
      throw new ApiError(422, `Provided value '${text}' for input '${input.name}' is not a number`);
    }
    return Number(text);
  }
  return text;
}

/** What an input is when nobody says: its default, else the first choice, false, or the empty string. */
function fallbackOf(input: WorkflowInput): InputValue {
  if (input.default !== null) return input.default;
  if (input.type === 'boolean') return false;
  return input.type === 'choice' ? (input.options[0] ?? '') : '';
}

/**
 * The inputs of a run from those that were sent.
 * @throws ApiError 422 for unexpected, missing or unfitting inputs
 */
export function acceptInputs(
  declared: WorkflowInput[],
  sent: Record<string, unknown>,
): Record<string, InputValue> {
  if (Object.keys(sent).length > maximumInputs) {
    throw new ApiError(422, `The inputs object cannot have more than ${maximumInputs} properties`);
  }
  const unexpected = Object.keys(sent).filter((name) => !declared.some((input) => input.name === name));
  if (unexpected.length > 0)
    throw new ApiError(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const values = declared.map((input) => {
    const value = sent[input.name];
    if (value !== undefined && value !== null && value !== '')
      return [input.name, convert(input, value)] as const;
    if (input.required && input.default === null && input.type !== 'boolean') {
      throw new ApiError(422, `Required input '${input.name}' not provided`);
    }
    return [input.name, value === '' && input.type === 'string' ? '' : fallbackOf(input)] as const;
  });
  return Object.fromEntries(values);
}
