/** What the last page of the wizard promises, true for each way a pool can live. */
import type { DeployRequest } from '../../../shared/contract.ts';
import { formatCount, formatRoughly } from '../../../shared/format.ts';
import { policySentence, quietWords } from '../pools/pool-words.ts';

type Wanted = Pick<DeployRequest, 'count' | 'lifecycle' | 'scaling'>;

/** "4", or "up to 4" where runners come and go. */
export function amountWords({ lifecycle, scaling }: Wanted): string {
  const most = scaling.maxRunners.toLocaleString('en');
  return lifecycle.mode === 'manual' ? most : `up to ${most}`;
}

/** When runners come and when they leave, in sentences. */
export function comingAndGoing({ count, lifecycle, scaling }: Wanted): string[] {
  switch (lifecycle.mode) {
    case 'manual':
      return ['They start now and stay until you stop them.'];
    case 'ephemeral':
      return [
        'Each job gets a fresh runner, which is thrown away afterwards.',
        count === 0
          ? 'The first one starts when a job waits.'
          : `${formatCount(count, 'starts', 'start')} now and ${count === 1 ? 'waits' : 'wait'} ready.`,
      ];
    case 'auto':
      return [
        count === 0
          ? 'The first one starts when a job waits.'
          : `${formatCount(count, 'starts', 'start')} now.`,
        policySentence(scaling.policy, lifecycle.idleTimeoutMs),
        `Idle for ${formatRoughly(lifecycle.idleTimeoutMs)}, a runner leaves; ${quietWords(scaling)}.`,
      ];
  }
}
