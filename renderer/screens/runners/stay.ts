/** How long a runner stays as it is, and what comes then: computed from the deadlines that the engine set. */
import { formatHourMinute } from '../../../shared/format.ts';
import type { Pool, Runner } from '../../../shared/model.ts';
import { waitsForRetry } from '../../components/runner-state.ts';

export type Stay =
  /** Idle, and gone at `untilMs` if no job comes. `note`: a person's wish, or null. */
  | { kind: 'leaves'; fromMs: number; untilMs: number; note: string | null }
  /** Started again at `untilMs`, because of `reason`. */
  | { kind: 'retries'; fromMs: number; untilMs: number; reason: string }
  /** Becomes a newer version; `reason` says which. */
  | { kind: 'updates'; reason: string };

/** What is to come for a runner without anybody's doing; null when it stays as it is. */
export function stayOf(runner: Runner, nowMs: number): Stay | null {
  const { state, stateSince, stopsAt, retryAt, updating, cause, failure } = runner;
  if (retryAt !== null && waitsForRetry(runner)) {
    return { kind: 'retries', fromMs: stateSince, untilMs: retryAt, reason: failure?.message ?? cause };
  }
  if (updating && state === 'starting') return { kind: 'updates', reason: cause };
  if (state !== 'idle' || stopsAt === null) return null;
  return { kind: 'leaves', fromMs: stateSince, untilMs: stopsAt, note: keptWords(runner, nowMs) };
}

/** "kept until 14:20"; null where nobody wished so, or the time has passed. */
export function keptWords({ keptUntil }: Pick<Runner, 'keptUntil'>, nowMs: number): string | null {
  return keptUntil === null || keptUntil <= nowMs ? null : `kept until ${formatHourMinute(keptUntil)}`;
}

/** The whole in one sentence that stays true while the clock runs: for those who do not see the ring. */
export function staySentence(stay: Stay): string {
  if (stay.kind === 'updates') return stay.reason;
  const at = formatHourMinute(stay.untilMs);
  if (stay.kind === 'retries') return `It starts again at ${at}.`;
  return `It leaves at ${at} if no job comes${stay.note === null ? '' : `; ${stay.note}`}.`;
}

/** Whether the engine starts and removes this pool's runners by itself. */
export function managesItself(pool: Pick<Pool, 'lifecycle'> | undefined): boolean {
  return pool !== undefined && pool.lifecycle.mode !== 'manual';
}
