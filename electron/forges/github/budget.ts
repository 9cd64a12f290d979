/** The hourly budget as GitHub tells it, and the times before which it must not be asked again. */
import type { Clock } from '../../platform/clock.ts';
import type { ForgeBudget } from '../forge.ts';
import { ForgeLimitError } from '../forge-limit.ts';

export interface BudgetKeeper {
  budget(): ForgeBudget | null;
  /** Takes in the headers of an answer. */
  observe(headers: Headers): void;
  /** Remembers a limit, so that nothing more is sent before it ends. */
  hold(limit: ForgeLimitError): void;
  /** Throws the limit that is still in force. */
  assertFree(): void;
}

/**
 * @param host named in errors
 * @param onBudget called when the budget changed
 */
export function createBudgetKeeper(options: {
  host: string;
  clock: Clock;
  onBudget: ((budget: ForgeBudget) => void) | undefined;
}): BudgetKeeper {
  const { host, clock, onBudget } = options;
  let known: ForgeBudget | null = null;
  let held: ForgeLimitError | null = null;
  return {
    budget: () => known,
    observe(headers) {
      // Other buckets (runner registration, search) have limits of their own that say nothing about this one.
      if ((headers.get('x-ratelimit-resource') ?? 'core') !== 'core') return;
      const limit = Number(headers.get('x-ratelimit-limit') ?? Number.NaN);
      const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN);
      const resetsAt = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000;
      if (!Number.isFinite(limit + remaining + resetsAt)) return;
      const same = known?.limit === limit && known.remaining === remaining && known.resetsAt === resetsAt;
      if (same) return;
      known = { limit, remaining, resetsAt };
      onBudget?.(known);
    },
    hold(limit) {
      if (!held || limit.retryAt > held.retryAt) held = limit;
    },
    assertFree() {
      const now = clock.now();
      if (held && held.retryAt > now) throw new ForgeLimitError(host, held.retryAt, held.kind);
      held = null;
      if (known && known.remaining === 0 && known.resetsAt > now) {
        throw new ForgeLimitError(host, known.resetsAt, 'hourly');
      }
    },
  };
}
