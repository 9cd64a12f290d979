/** Which notice comes first, and several of them in one line. */
import type { Notice } from '../../shared/model.ts';

const weights: Record<Notice['kind'], number> = { trouble: 0, 'set-aside': 1, clock: 2, recovered: 3 };

/** The weightiest first, of the same weight the newest. */
export function noticesByWeight(notices: readonly Notice[]): Notice[] {
  return [...notices].sort((a, b) => weights[a.kind] - weights[b.kind] || b.at - a.at);
}

/** The first of several, and how many more there are. */
export function noticesLine([first, ...rest]: readonly Notice[]): string {
  if (first === undefined) return '';
  return rest.length === 0 ? first.message : `${first.message} And ${rest.length} more.`;
}
