/** Which runners a job asks for: every set of labels that its `runs-on` can mean. */
import { type Combination, DynamicValue, resolveText, WrongExpression } from './expressions.ts';
import { expandMatrix, isRecord, TooManyCombinations } from './matrix.ts';

export interface LabelSet {
  labels: string[];
  /** Without the `organization/` or `enterprise/` before it. */
  group: string | null;
}

export type RunsOn =
  | { kind: 'labels'; sets: LabelSet[] }
  | { kind: 'dynamic'; expression: string }
  | { kind: 'reusable' }
  | { kind: 'invalid'; message: string };

/** What is wrong with it, as a sentence. */
class WrongRunsOn extends Error {}

/** One label; GitHub takes numbers and truth values for the words they are written with. */
function labelOf(value: unknown, combination: Combination): string {
  const word = typeof value === 'string' ? resolveText(value, combination) : value;
  if (Array.isArray(word) || isRecord(word)) {
    throw new WrongRunsOn('`runs-on` has a list or a mapping where one label belongs.');
  }
  const label = word === null || word === undefined ? '' : String(word);
  if (label.trim() === '') {
    const what = typeof value === 'string' && value.includes('${{') ? `\`${value.trim()}\`` : 'A label in it';
    throw new WrongRunsOn(`\`runs-on\` asks for nothing: ${what} is empty.`);
  }
  return label;
}

function labelsOf(value: unknown, combination: Combination): string[] {
  const whole = typeof value === 'string' ? resolveText(value, combination) : value;
  if (!Array.isArray(whole)) return [labelOf(whole === '' || whole === null ? value : whole, combination)];
  return whole.map((item) => labelOf(item, combination));
}

/** Forms of a group's name as in GitHub's `WorkflowTemplateConverter`. */
function groupOf(value: unknown, combination: Combination): string {
  const name = labelOf(value, combination);
  const [level = '', own, ...more] = name.split('/');
  if (own === undefined) return name;
  if (own !== '' && more.length === 0 && ['org', 'organization', 'ent', 'enterprise'].includes(level))
    return own;
  throw new WrongRunsOn(
    `\`${name}\` is no name of a runner group: only \`organization/\` or \`enterprise/\` may stand before it.`,
  );
}

function setOf(value: unknown, combination: Combination): LabelSet {
  const whole = typeof value === 'string' ? resolveText(value, combination) : value;
  if (!isRecord(whole)) {
    const labels = labelsOf(value, combination);
    if (labels.length === 0) throw new WrongRunsOn('`runs-on` is an empty list: it names no label.');
    return { labels, group: null };
  }
  const wrong = Object.keys(whole).find((key) => key !== 'group' && key !== 'labels');
  if (wrong !== undefined) {
    throw new WrongRunsOn(`\`runs-on\` takes \`group\` and \`labels\`, and no \`${wrong}\`.`);
  }
  const group = 'group' in whole ? groupOf(whole.group, combination) : null;
  const labels = 'labels' in whole ? labelsOf(whole.labels, combination) : [];
  if (group === null && labels.length === 0) {
    throw new WrongRunsOn('`runs-on` names neither a group nor a label.');
  }
  return { labels, group };
}

const keyOf = ({ labels, group }: LabelSet): string =>
  JSON.stringify([group?.toLowerCase() ?? null, ...labels.map((label) => label.toLowerCase()).sort()]);

/**
 * What `runs-on` means.
 * @param matrix the job's `strategy.matrix`, as the file has it
 * @param admit is told of combinations that are looked at; false = those of one file are too many by now
 */
export function resolveRunsOn(
  value: unknown,
  matrix: unknown,
  admit: (combinations: number) => boolean,
): RunsOn {
  if (value === undefined) return { kind: 'invalid', message: 'The job has neither `runs-on` nor `uses`.' };
  if (value === null) return { kind: 'invalid', message: '`runs-on` is empty.' };
  try {
    const sets = new Map<string, LabelSet>();
    if (!admit(0)) return { kind: 'dynamic', expression: 'strategy.matrix' };
    const combinations = JSON.stringify(value).includes('${{') ? expandMatrix(matrix) : [{}];
    admit(combinations.length);
    for (const combination of combinations) {
      const set = setOf(value, combination);
      sets.set(keyOf(set), set);
    }
    return { kind: 'labels', sets: [...sets.values()] };
  } catch (error) {
    if (error instanceof DynamicValue) return { kind: 'dynamic', expression: error.expression };
    if (error instanceof WrongRunsOn || error instanceof TooManyCombinations) {
      return { kind: 'invalid', message: error.message };
    }
    if (error instanceof WrongExpression) {
      return { kind: 'invalid', message: `The expression in \`runs-on\` is wrong: ${error.message}.` };
    }
    throw error;
  }
}
