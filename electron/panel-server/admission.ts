/** One-time links, and the sessions they are swapped for. Kept in memory only: a restart asks for a new link. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';

/** How long a link that nobody used stays good. */
export const linkLifetimeMs = 10 * 60_000;

/** Browsers signed in at the same time; the one signed in longest ago gives way. */
const mostSessions = 32;

export interface Admission {
  /** Makes a new token for a link; the one before it is no longer good. */
  newToken(): string;
  /** Spends a token: a session secret for the cookie, or null when it is wrong, used or too old. */
  redeem(token: string): string | null;
  /** Whether `session` is a secret given out by `redeem`. */
  isSignedIn(session: string): boolean;
}

const newSecret = (): string => randomBytes(32).toString('base64url');
const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Creates the bookkeeping; secrets are kept as digests. */
export function createAdmission({ clock }: { clock: Pick<Clock, 'now'> }): Admission {
  let outstanding: { digest: Buffer; expiresAtMs: number } | null = null;
  const sessions: Buffer[] = [];
  return {
    newToken() {
      const token = newSecret();
      outstanding = { digest: digestOf(token), expiresAtMs: clock.now() + linkLifetimeMs };
      return token;
    },
    redeem(token) {
      if (!outstanding || !timingSafeEqual(digestOf(token), outstanding.digest)) return null;
      const expired = clock.now() >= outstanding.expiresAtMs;
      outstanding = null;
      if (expired) return null;
      const session = newSecret();
      sessions.push(digestOf(session));
      if (sessions.length > mostSessions) sessions.shift();
      return session;
    },
    isSignedIn(session) {
      const digest = digestOf(session);
      return sessions.filter((known) => timingSafeEqual(known, digest)).length > 0;
    },
  };
}
