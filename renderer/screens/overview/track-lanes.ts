/** Whose lanes the track has: the runners there are, and those that left within the time that is shown. */
import type { Runner, Shift } from '../../../shared/model.ts';
import { byName } from './track-model.ts';

export interface Lane {
  /** The runner's id; of one that left, the id of its last shift's runner. */
  key: string;
  name: string;
  /** Null for a runner that left. */
  runner: Runner | null;
  /** Oldest first. */
  shifts: readonly Shift[];
  /** When its last job ended here, epoch milliseconds; null for a runner that is there. */
  leftAt: number | null;
}

/** Lanes of runners that left; more than these are counted only. */
export const mostLeft = 6;

/**
 * The lanes in order: the runners there are by name, then those that left and had jobs since `fromMs`, the latest first.
 * A runner that came back under its old name goes on in its old lane.
 */
export function lanesOf(
  runners: readonly Runner[],
  shifts: Readonly<Record<string, Shift>>,
  fromMs: number,
): { lanes: Lane[]; unshown: number } {
  const byLane = Map.groupBy(Object.values(shifts), laneName);
  for (const own of byLane.values()) own.sort((a, b) => a.startedAt - b.startedAt);
  const present = byName(runners).map((runner): Lane => {
    const name = laneName({ repositoryId: runner.repositoryId, runnerName: runner.name });
    const own = byLane.get(name) ?? [];
    byLane.delete(name);
    return { key: runner.id, name: runner.name, runner, shifts: own, leftAt: null };
  });
  const left = [...byLane.values()].flatMap((own) => goneLane(own, fromMs));
  left.sort((a, b) => (b.leftAt ?? 0) - (a.leftAt ?? 0));
  return { lanes: [...present, ...left.slice(0, mostLeft)], unshown: Math.max(0, left.length - mostLeft) };
}

function laneName({ repositoryId, runnerName }: Pick<Shift, 'repositoryId' | 'runnerName'>): string {
  return `${repositoryId} ${runnerName}`;
}

function goneLane(shifts: readonly Shift[], fromMs: number): Lane[] {
  const last = shifts.at(-1);
  if (last === undefined) return [];
  const leftAt = last.endedAt ?? last.startedAt;
  if (leftAt < fromMs) return [];
  return [{ key: last.runnerId, name: last.runnerName, runner: null, shifts, leftAt }];
}
