/** Labels as people type them: split at commas, trimmed, without duplicates ignoring case. */

/** GitHub's bound for one label. */
const maxLabelLength = 256;
/** GitHub's bound for one runner, its own labels included. */
export const maxLabels = 100;

export interface AddedLabels {
  labels: string[];
  /** Pieces that could not be taken, so that the field keeps them. */
  rest: string[];
  /** What is wrong with the pieces in `rest`; null when all were taken. */
  problem: string | null;
  /** Why a piece was left out without harm ("it is there already"); null when none was. */
  note: string | null;
}

const control = /\p{Cc}/u;

/**
 * Adds what was typed to the labels there are.
 *
 * @param labels custom labels so far
 * @param typed one or more labels, separated by commas
 * @param given labels that every runner gets without being asked
 */
export function addLabels(labels: readonly string[], typed: string, given: readonly string[]): AddedLabels {
  const result: AddedLabels = { labels: [...labels], rest: [], problem: null, note: null };
  for (const piece of splitLabels(typed)) {
    const problem = labelProblem(piece) ?? roomProblem(result.labels, given);
    if (problem !== null) {
      result.rest.push(piece);
      result.problem ??= problem;
      continue;
    }
    const note = presence(piece, result.labels, given);
    if (note === null) result.labels.push(piece);
    else result.note ??= note;
  }
  return result;
}

/** The pieces between commas, trimmed; empty ones fall away. */
export function splitLabels(text: string): string[] {
  return text
    .split(',')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

/** What is wrong with one label, or null. */
export function labelProblem(label: string): string | null {
  if (label.includes(',')) return 'A comma separates labels; it cannot be part of one.';
  if (control.test(label)) return 'A label is one line of text without control characters.';
  if (label.length > maxLabelLength) {
    const length = label.length.toLocaleString('en');
    return `“${label.slice(0, 24)}…” has ${length} characters. A label can have at most ${maxLabelLength}.`;
  }
  return null;
}

function roomProblem(labels: readonly string[], given: readonly string[]): string | null {
  const room = maxLabels - given.length;
  return labels.length < room ? null : `A runner can have ${maxLabels} labels, and these are as many.`;
}

function presence(label: string, labels: readonly string[], given: readonly string[]): string | null {
  const same = (other: string): boolean => other.toLowerCase() === label.toLowerCase();
  const own = given.find(same);
  if (own !== undefined) return `Every runner has “${own}” anyway.`;
  const twin = labels.find(same);
  if (twin === undefined) return null;
  return twin === label
    ? `“${twin}” is there already.`
    : `“${label}” is the same as “${twin}”: GitHub ignores case.`;
}
