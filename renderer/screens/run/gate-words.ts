/** Who may let a run go on, and when it does by itself. */
import { formatClock, formatList } from '../../../shared/format.ts';
import type { RunDetail } from '../../../shared/model.ts';

export type Gate = RunDetail['gates'][number];

/** @param login of the token's owner; null while it is not known */
export function gateWords(
  { reviewers, canApprove, waitsUntil }: Gate,
  login: string | null,
  nowMs: number,
): string {
  const timer = waitsUntil === null ? '' : timerWords(waitsUntil - nowMs);
  if (reviewers.length === 0 && !canApprove) return timer || 'A rule of the environment holds it.';
  const others = reviewers.filter((reviewer) => reviewer !== login);
  return [whoWords(canApprove, others), timer].filter(Boolean).join(' ');
}

function whoWords(canApprove: boolean, others: readonly string[]): string {
  if (!canApprove) {
    return others.length === 0
      ? 'Somebody else has to approve it.'
      : `It has to be approved by ${formatList(others)}; this token’s owner may not.`;
  }
  return others.length === 0
    ? 'You may approve it.'
    : `You may approve it, and so may ${formatList(others)}.`;
}

function timerWords(leftMs: number): string {
  return leftMs > 0
    ? `Its wait timer goes on for ${formatClock(leftMs)}.`
    : 'Its wait timer has come to its end.';
}
