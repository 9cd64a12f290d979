/** Sentences about tokens and connections that several screens say. */
import type { Connection, PermissionReport, TokenStore } from '../../../shared/model.ts';

const places: Record<TokenStore, { short: string; sentence: string }> = {
  'safe-storage': {
    short: 'in safe storage',
    sentence: "It will be kept in this system's safe storage, encrypted, and never shown again.",
  },
  keyring: {
    short: 'in the keyring',
    sentence: "It will be kept in this system's keyring and never shown again.",
  },
  memory: {
    short: 'in memory only',
    sentence:
      'It will be kept in memory only and forgotten when Trackside quits, because this machine has no keyring.',
  },
};

/** Where a token is kept, in a few words: "in the keyring". */
export const tokenPlace = (store: TokenStore): string => places[store].short;

/** Where a token will be kept, as a sentence to read before pasting one. */
export const tokenPromise = (store: TokenStore): string => places[store].sentence;

const dayMs = 86_400_000;

/** When a token ends: "expired on 3 May 2027", "expires in 6 days, on …", "expires on …", "has no end date". */
export function expiryWords(expiresAt: number | null, now: number): string {
  if (expiresAt === null) return 'has no end date';
  const day = new Date(expiresAt).toLocaleDateString('en-GB', { dateStyle: 'long' });
  const days = Math.floor((expiresAt - now) / dayMs);
  if (expiresAt <= now) return `expired on ${day}`;
  if (days >= 14) return `expires on ${day}`;
  if (days < 1) return `expires within a day, on ${day}`;
  return `expires in ${days} ${days === 1 ? 'day' : 'days'}, on ${day}`;
}

/** Whose token it is and of which kind, once that is known: "A fine-grained token of octo". */
export function describeToken({ login, tokenKind }: PermissionReport): string | null {
  if (login === null) return null;
  const kinds = {
    'fine-grained': 'A fine-grained token',
    classic: 'A classic token',
    app: "An app's token",
    unknown: 'A token',
  };
  return `${kinds[tokenKind]} of ${login}`;
}

/** The host that a connection is to, for people. */
export function hostOf({ webUrl }: Pick<Connection, 'webUrl'>): string {
  return URL.canParse(webUrl) ? new URL(webUrl).host : webUrl;
}
