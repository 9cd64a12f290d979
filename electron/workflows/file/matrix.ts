/** The combinations of a job's matrix, as far as they are known without a run. */
import { type Combination, DynamicValue, dynamic, resolveText } from './expressions.ts';

/** What GitHub allows for one job (docs.github.com, "Actions limits"). */
const mostCombinations = 256;
/** Entries of `include` or `exclude` that are looked at: no matrix has use for more. */
const mostRules = 1000;

export class TooManyCombinations extends Error {}

type Values = Record<string, unknown>;

export function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** With all expressions put in; `dynamic` stands for what only a run knows. */
function settled(value: unknown): unknown {
  if (typeof value === 'string') {
    try {
      return resolveText(value, null);
    } catch (error) {
      if (error instanceof DynamicValue) return dynamic;
      throw error;
    }
  }
  if (Array.isArray(value)) return value.map(settled);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settled(item)]));
}

function isKnown(value: unknown): boolean {
  if (typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isKnown);
}

/** Values as texts that can be compared as in GitHub's `MatrixBuilder`: deeply, whatever their case. */
type Comparable = ReadonlyMap<string, string | typeof dynamic>;

function comparable(values: Values): Comparable {
  return new Map(
    Object.entries(values).map(([key, value]) => [
      key,
      isKnown(value) ? JSON.stringify(value ?? null).toLowerCase() : dynamic,
    ]),
  );
}

/** Whether a combination has all that is wanted; `dynamic` when a run decides. */
function agrees(combination: Comparable, wanted: Comparable): boolean | typeof dynamic {
  let answer: boolean | typeof dynamic = true;
  for (const [key, value] of wanted) {
    const own = combination.get(key) ?? 'null';
    if (own === dynamic || value === dynamic) answer = dynamic;
    else if (own !== value) return false;
  }
  return answer;
}

function product(dimensions: Values): Values[] {
  const entries = Object.entries(dimensions).map(
    ([key, options]) => [key, Array.isArray(options) ? options : [options]] as const,
  );
  if (entries.length === 0) return [];
  const size = entries.reduce((total, [, options]) => total * options.length, 1);
  if (size > mostCombinations) {
    const counted = size.toLocaleString('en');
    throw new TooManyCombinations(
      `The matrix has ${counted} combinations; GitHub allows ${mostCombinations} for one job.`,
    );
  }
  return entries.reduce<Values[]>(
    (combinations, [key, options]) =>
      combinations.flatMap((values) => options.map((value) => ({ ...values, [key]: value }))),
    [{}],
  );
}

/** Merges `include` into the combinations that it fits, and adds what fits none. */
function included(kept: Values[], extras: Values[], dimensions: Values): Combination[] {
  const originals = kept.map(comparable);
  const combinations = [...kept];
  for (const extra of extras) {
    const shared = comparable(
      Object.fromEntries(Object.entries(extra).filter(([key]) => Object.hasOwn(dimensions, key))),
    );
    let isPlaced = false;
    for (const [index, original] of originals.entries()) {
      const answer = agrees(original, shared);
      if (answer === false) continue;
      if (answer === true) isPlaced = true;
      const known = combinations[index] ?? {};
      const unsure = Object.fromEntries(Object.keys(extra).map((key) => [key, known[key] ?? dynamic]));
      combinations[index] = { ...known, ...(answer === true ? extra : unsure) };
    }
    if (!isPlaced) combinations.push({ ...extra });
  }
  return combinations;
}

/**
 * All combinations, in GitHub's order: `exclude` taken away, `include` merged in or added. Where a run decides about an
 * entry of either, there may be more combinations than the run will have.
 * @throws DynamicValue when a run decides which combinations there are, TooManyCombinations, WrongExpression
 */
export function expandMatrix(matrix: unknown): Combination[] {
  const whole = settled(matrix);
  if (whole === dynamic) throw new DynamicValue(String(matrix).trim());
  if (!isRecord(whole)) return [{}];
  const { include, exclude, ...dimensions } = whole;
  const rules = (value: unknown): Values[] => (Array.isArray(value) ? value.filter(isRecord) : []);
  const extras = rules(include);
  const excluded = rules(exclude).map(comparable);
  if (include === dynamic || Math.max(extras.length, excluded.length) > mostRules) {
    throw new DynamicValue('strategy.matrix.include');
  }
  const kept = product(dimensions).filter((values) => {
    const own = comparable(values);
    return !excluded.some((wanted) => agrees(own, wanted) === true);
  });
  const combinations = included(kept, extras, dimensions);
  return combinations.length > 0 ? combinations : [{}];
}
