/** Expands `strategy.matrix` into its combinations. */
import type { MatrixValues } from '../model.ts';

const combinationLimit = 256;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function matchesAll(values: MatrixValues, wanted: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => JSON.stringify(values[key]) === JSON.stringify(value),
  );
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/**
 * All combinations in GitHub's order, `exclude` taken away and `include` merged in or added.
 * @throws when there are more than 256 combinations
 */
export function expandMatrix(matrix: unknown): MatrixValues[] {
  if (!isObject(matrix)) return [{}];
  const { include, exclude, ...dimensions } = matrix;
  let combinations: MatrixValues[] = Object.keys(dimensions).length > 0 ? [{}] : [];
  for (const [key, options] of Object.entries(dimensions)) {
    const values = Array.isArray(options) ? options : [options];
    combinations = combinations.flatMap((values_) => values.map((value) => ({ ...values_, [key]: value })));
  }
  const excluded = objectsOf(exclude);
  combinations = combinations.filter((values) => !excluded.some((wanted) => matchesAll(values, wanted)));
  const originals = combinations.map((values) => ({ ...values }));
  for (const extra of objectsOf(include)) {
    const shared = Object.fromEntries(Object.entries(extra).filter(([key]) => key in dimensions));
    const fitting = originals.flatMap((values, index) => (matchesAll(values, shared) ? [index] : []));
    if (fitting.length === 0) combinations.push({ ...extra });
    for (const index of fitting) combinations[index] = { ...combinations[index], ...extra };
  }
  if (combinations.length > combinationLimit) {
    throw new Error(`The matrix has ${combinations.length} combinations; GitHub allows ${combinationLimit}.`);
  }
  return combinations.length > 0 ? combinations : [{}];
}

/** What GitHub appends to a job's name: ` (linux, 20)`. */
export function matrixSuffix(values: MatrixValues): string {
  const words = Object.values(values).filter((value) => typeof value !== 'object');
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}
