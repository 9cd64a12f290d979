/** A runner's health in words: its checks, its restarts, and how long its version is still given jobs. */
import { formatAgo, formatCount, formatRoughly } from '../../../shared/format.ts';
import type { Health, HealthCheck } from '../../../shared/model.ts';
import type { StateLook } from '../../components/runner-state.ts';

export const checkLooks: Record<HealthCheck['status'], StateLook> = {
  ok: { tone: 'ok', shape: 'disc', word: 'Fine' },
  warning: { tone: 'wait', shape: 'triangle', word: 'Watch' },
  failed: { tone: 'fail', shape: 'cross', word: 'Failed' },
  unknown: { tone: 'off', shape: 'dashed', word: 'Not known' },
};

/** All checks in one sentence: the worst first. */
export function healthSentence(checks: readonly HealthCheck[]): string {
  if (checks.length === 0) return 'Not checked yet.';
  const titles = (status: HealthCheck['status']): string[] =>
    checks.filter((check) => check.status === status).map(({ title }) => title.toLowerCase());
  const failed = titles('failed');
  const warnings = titles('warning');
  if (failed.length > 0) return `Not well: ${failed.join(', ')}.`;
  if (warnings.length > 0) return `Well, but watch: ${warnings.join(', ')}.`;
  return 'Everything is fine.';
}

/** How often it was restarted and why; null when it never was. */
export function restartSentence(
  { restarts, lastRestart }: Pick<Health, 'restarts' | 'lastRestart'>,
  nowMs: number,
): string | null {
  if (lastRestart === null) return null;
  const ago = formatAgo(nowMs - lastRestart.at);
  const row = restarts > 1 ? `${formatCount(restarts, 'restart')} in a row; the last` : 'Restarted';
  return `${row} ${ago}: ${lastRestart.reason}`;
}

const dayMs = 24 * 3_600_000;
const soonDays = 30;
const urgentDays = 7;

export interface VersionTerm {
  words: string;
  tone: 'plain' | 'wait' | 'fail';
}

/** How long the forge still gives jobs to a version. */
export function versionTerm(deadlineMs: number, nowMs: number): VersionTerm {
  const leftMs = deadlineMs - nowMs;
  if (leftMs <= 0) return { words: 'GitHub gives it no jobs any more', tone: 'fail' };
  const days = Math.floor(leftMs / dayMs);
  const left = days === 0 ? formatRoughly(leftMs) : formatCount(days, 'day');
  const tone = days <= urgentDays ? 'fail' : days <= soonDays ? 'wait' : 'plain';
  return { words: `gets jobs for ${left} more`, tone };
}
