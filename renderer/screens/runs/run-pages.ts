/** Runs that were loaded page by page, and what a later look at their first pages changes. */
import type { Run } from '../../../shared/model.ts';
import { isActive } from './run-words.ts';

const newestFirst = (a: Run, b: Run): number => b.createdAt - a.createdAt || b.id - a.id;

/** Further runs after those that are there, each once; a later answer about a run counts. */
export function appendRuns(loaded: readonly Run[], further: readonly Run[]): Run[] {
  const byId = new Map([...loaded, ...further].map((run) => [run.id, run]));
  return [...byId.values()].sort(newestFirst);
}

/**
 * The list after its newest part was asked for again: what is missing there does not fit any more, what is older stays.
 * @param more whether there are older ones than `fresh`
 */
export function replaceNewest(loaded: readonly Run[], fresh: readonly Run[], more: boolean): Run[] {
  const oldest = [...fresh].sort(newestFirst).at(-1);
  const older = more && oldest ? loaded.filter((run) => newestFirst(run, oldest) > 0) : [];
  return appendRuns(older, fresh);
}

/** Pages from the first that must be asked for again so that no active run is told as it was, at most `most`. */
export function pagesToRefresh(loaded: readonly Run[], perPage: number, most: number): number {
  const lastActive = loaded.findLastIndex(isActive);
  return Math.min(most, Math.max(1, Math.ceil((lastActive + 1) / perPage)));
}

/** The latest run of each workflow, by the workflow's id. */
export function latestByWorkflow(runs: readonly Run[]): Map<number, Run> {
  const latest = new Map<number, Run>();
  for (const run of [...runs].sort(newestFirst)) {
    if (!latest.has(run.workflowId)) latest.set(run.workflowId, run);
  }
  return latest;
}
