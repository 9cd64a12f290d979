/** A job's results and a worker's exit codes (TaskResultUtil.cs). */

const results = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped', 'Abandoned'] as const;
export type Result = (typeof results)[number];

const codeOffset = 100;

export function exitCodeOf(result: Result): number {
  return codeOffset + results.indexOf(result);
}

/** Undefined when no result stands behind the code: the worker crashed or was killed. */
export function resultOfExitCode(code: number | null): Result | undefined {
  return code === null ? undefined : results[code - codeOffset];
}
