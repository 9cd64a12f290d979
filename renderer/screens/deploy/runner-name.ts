/** The name prefix: runners are called prefix-1, prefix-2, … */
import { type Checked, right, wrong } from './checked.ts';

/** GitHub's bound for a runner's name is 64 characters; the rest is for the number. */
const maxPrefixLength = 58;

/** Reads the prefix, or says in one sentence what is wrong with it. */
export function readPrefix(text: string): Checked<string> {
  const name = text.trim();
  if (name === '') return wrong('The runners need a name. “arm” makes arm-1, arm-2 and so on.');
  if (name.length > maxPrefixLength) {
    return wrong(
      `The name has ${name.length} characters. At most ${maxPrefixLength} leave room for the number.`,
    );
  }
  const odd = [...name].find((character) => !/[A-Za-z0-9._-]/.test(character));
  if (odd !== undefined) {
    const shown = odd.trim() === '' ? 'A space' : `“${odd}”`;
    return wrong(
      `${shown} cannot be in a runner's name. Use letters, digits, dots, hyphens and underscores.`,
    );
  }
  if (!/^[A-Za-z0-9]/.test(name)) return wrong('Begin the name with a letter or a digit.');
  return right(name);
}

/**
 * How the runners will be called: "arm-1", "arm-1 to arm-4", or "arm-2, arm-5 …" where numbers between are taken.
 *
 * @param taken names in use here and on the forge, compared ignoring case
 */
export function describeNames(prefix: string, count: number, taken: Iterable<string>): string {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const numbers: number[] = [];
  for (let number = 1; numbers.length < count; number += 1) {
    if (!used.has(`${prefix}-${number}`.toLowerCase())) numbers.push(number);
  }
  const [first = 1] = numbers;
  const last = numbers.at(-1) ?? first;
  if (count === 1) return `${prefix}-${first}`;
  if (last - first === count - 1) return `${prefix}-${first} to ${prefix}-${last}`;
  const named = numbers.slice(0, 3).map((number) => `${prefix}-${number}`);
  return `${named.join(', ')}${count > 3 ? ' …' : ''}`;
}
