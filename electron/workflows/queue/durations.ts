/** How long jobs usually take, from this repository's own history: it outlives the engine. */
import { shiftSchema } from '../../../shared/model.ts';
import type { HistoryDatabase, StoredRow } from '../../history/database.ts';
import type { Clock } from '../../platform/clock.ts';
import { isDiskFull } from '../../platform/disk.ts';

/** Which job of which workflow; `workflow` null = whatever workflow, as our own runners tell only a job's name. */
export interface JobKind {
  repositoryId: string;
  workflow: string | null;
  name: string;
}

export interface JobDurations {
  /** Takes in how long a job took. */
  learn(kind: JobKind & { workflow: string }, durationMs: number): void;
  /** Durations of the last twenty such jobs, the shortest first; of those of the same name where the workflow is new. */
  of(kind: JobKind): readonly number[];
}

const mostKept = 20;
/** A job that did not run for so long is another one now. */
const keptMs = 90 * 24 * 3_600_000;
/** Shifts of our own runners that are looked through for names whose workflow is not known. */
const mostShifts = 2000;

const insert =
  'INSERT INTO jobDurations (repositoryId, workflow, name, endedAt, durationMs) VALUES (?, ?, ?, ?, ?)';
const selectLast = `SELECT durationMs FROM jobDurations WHERE repositoryId = ? AND workflow = ? AND name = ?
  ORDER BY id DESC LIMIT ${mostKept}`;
const deleteOlder = `DELETE FROM jobDurations WHERE repositoryId = ? AND workflow = ? AND name = ? AND id NOT IN
  (SELECT id FROM jobDurations WHERE repositoryId = ? AND workflow = ? AND name = ? ORDER BY id DESC LIMIT ${mostKept})`;
const selectShifts = `SELECT row FROM shifts WHERE endedAt IS NOT NULL ORDER BY startedAt DESC LIMIT ${mostShifts}`;

const sorted = (durations: readonly number[]): number[] => durations.toSorted((one, other) => one - other);

/** Durations of our own runners' jobs by repository and name, as far as they ran to their end. */
function readShifts(rows: readonly StoredRow[]): Map<string, number[]> {
  const byName = new Map<string, number[]>();
  for (const { row } of rows) {
    const shift = shiftSchema.safeParse(JSON.parse(String(row))).data;
    if (!shift || shift.endedAt === null) continue;
    if (shift.result !== 'Succeeded' && shift.result !== 'SucceededWithIssues' && shift.result !== 'Failed')
      continue;
    const key = `${shift.repositoryId}\n${shift.jobName}`;
    const durations = byName.get(key) ?? [];
    if (durations.length < mostKept) byName.set(key, [...durations, shift.endedAt - shift.startedAt]);
  }
  return byName;
}

/** Opens the durations in `database`. */
export function createJobDurations(options: { database: HistoryDatabase; clock: Clock }): JobDurations {
  const { database, clock } = options;
  const known = new Map<string, readonly number[]>();
  let shifts: Map<string, number[]> | null = null;
  database.run('DELETE FROM jobDurations WHERE endedAt < ?', clock.now() - keptMs);

  const read = (repositoryId: string, workflow: string, name: string): readonly number[] => {
    const key = `${repositoryId}\n${workflow}\n${name}`;
    const found = known.get(key);
    if (found) return found;
    const rows = database.all(selectLast, repositoryId, workflow, name);
    const durations = sorted(rows.map(({ durationMs }) => Number(durationMs)));
    known.set(key, durations);
    return durations;
  };
  const byName = (repositoryId: string, name: string): readonly number[] => {
    shifts ??= readShifts(database.all(selectShifts));
    return sorted(shifts.get(`${repositoryId}\n${name}`) ?? []);
  };

  return {
    learn({ repositoryId, workflow, name }, durationMs) {
      const key = [repositoryId, workflow, name] as const;
      known.delete(key.join('\n'));
      try {
        database.together(() => {
          database.run(insert, ...key, clock.now(), Math.round(durationMs));
          database.run(deleteOlder, ...key, ...key);
        });
      } catch (error) {
        // An estimate is not worth more than the room that there is.
        if (!isDiskFull(error)) throw error;
      }
    },
    of({ repositoryId, workflow, name }) {
      const own = workflow === null ? [] : read(repositoryId, workflow, name);
      return own.length > 0 ? own : byName(repositoryId, name);
    },
  };
}

/** The middle of sorted values; null where there is none. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const upper = values[Math.floor(values.length / 2)] ?? 0;
  const lower = values[Math.ceil(values.length / 2) - 1] ?? 0;
  return (upper + lower) / 2;
}

/** How much longer a job takes that has run for so long: as those that took longer still did; null where none has. */
export function remainingOf(durations: readonly number[], elapsedMs: number): number | null {
  const longer = medianOf(durations.filter((duration) => duration > elapsedMs));
  return longer === null ? null : longer - elapsedMs;
}
