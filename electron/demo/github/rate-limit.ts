/** The primary rate limit: 5,000 requests an hour for a user, 60 without a token; a 304 costs nothing. */
import { ApiError } from './http.ts';

const windowMs = 3_600_000;

interface RateLimitStatus {
  limit: number;
  used: number;
  remaining: number;
  /** Epoch seconds. */
  reset: number;
}

export interface RateLimit {
  /** Throws 403 when nothing is left of the budget. */
  assertLeft(budget: string): void;
  /** Takes one from the budget. */
  charge(budget: string): void;
  /** Uses up what is left until the window ends. */
  exhaust(budget: string): void;
  status(budget: string): RateLimitStatus;
  headers(budget: string): Record<string, string>;
}

/** Creates the budgets. @param now epoch milliseconds */
export function createRateLimit({ now }: { now: () => number }): RateLimit {
  const windows = new Map<string, { used: number; endsAtMs: number }>();
  const windowOf = (budget: string) => {
    const known = windows.get(budget);
    if (known && known.endsAtMs > now()) return known;
    const fresh = { used: 0, endsAtMs: now() + windowMs };
    windows.set(budget, fresh);
    return fresh;
  };
  const limitOf = (budget: string) => (budget === 'anonymous' ? 60 : 5000);
  const status: RateLimit['status'] = (budget) => {
    const { used, endsAtMs } = windowOf(budget);
    const limit = limitOf(budget);
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(endsAtMs / 1000) };
  };
  const headers: RateLimit['headers'] = (budget) => {
    const { limit, used, remaining, reset } = status(budget);
    return {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(remaining),
      'X-RateLimit-Reset': String(reset),
      'X-RateLimit-Used': String(used),
      'X-RateLimit-Resource': 'core',
    };
  };
  return {
    assertLeft(budget) {
      if (status(budget).remaining > 0) return;
      throw new ApiError(
        403,
        budget === 'anonymous'
          ? "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)"
          : `API rate limit exceeded for user ${budget}.`,
      );
    },
    charge(budget) {
      windowOf(budget).used += 1;
    },
    exhaust(budget) {
      windowOf(budget).used = limitOf(budget);
    },
    status,
    headers,
  };
}
