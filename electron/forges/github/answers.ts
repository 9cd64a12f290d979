/** Reads what GitHub says in an answer: its words, its limits, single sign-on, permissions. */
import { ForgeLimitError } from '../forge-limit.ts';

export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | number | undefined>;
  data: unknown;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The answer inside an error of octokit; null when none was received. */
export function answerOf(error: unknown): Answer | null {
  const response = error instanceof Error && 'response' in error ? error.response : null;
  if (!isRecord(response) || typeof response.status !== 'number') return null;
  const headers = isRecord(response.headers) ? (response.headers as Answer['headers']) : {};
  return { status: response.status, headers, data: response.data };
}

export function headerOf(answer: Answer, name: string): string | null {
  const value = answer.headers[name];
  return value === undefined ? null : String(value);
}

const longestWords = 300;

/** What GitHub said in its error body, with the details of a failed validation; empty when it said nothing. */
export function wordsOf(answer: Answer): string {
  if (!isRecord(answer.data)) return '';
  const { message, errors } = answer.data;
  const details = (Array.isArray(errors) ? errors : [])
    .map((entry: unknown) => (isRecord(entry) ? (entry.message ?? entry.field) : entry))
    .filter((detail) => typeof detail === 'string');
  const words = [typeof message === 'string' ? message : '', ...details]
    .filter((part) => part !== '')
    .join(': ');
  return words.slice(0, longestWords);
}

/** Without a hint GitHub asks to wait at least a minute after a secondary limit. */
const leastWaitMs = 60_000;

/**
 * The limit that this answer is about; null when it is about something else.
 * Source: "Rate limits for the REST API", exceeding the rate limit: `retry-after`, else `x-ratelimit-reset`, else a minute.
 */
export function limitOf(answer: Answer, host: string, now: number): ForgeLimitError | null {
  if (answer.status !== 403 && answer.status !== 429) return null;
  const retryAfter = headerOf(answer, 'retry-after');
  if (retryAfter !== null) {
    const seconds = Number(retryAfter);
    const retryAt = Number.isFinite(seconds) ? now + seconds * 1000 : Date.parse(retryAfter);
    return new ForgeLimitError(host, Number.isFinite(retryAt) ? retryAt : now + leastWaitMs, 'pace');
  }
  if (headerOf(answer, 'x-ratelimit-remaining') === '0') {
    const resetsAt = Number(headerOf(answer, 'x-ratelimit-reset')) * 1000;
    return new ForgeLimitError(host, Math.max(resetsAt, now), 'hourly');
  }
  const isLimit = answer.status === 429 || /rate limit|abuse detection/i.test(wordsOf(answer));
  return isLimit ? new ForgeLimitError(host, now + leastWaitMs, 'pace') : null;
}

/** A link that may be shown: https, or of the forge itself. */
function safeLink(text: string, webUrl: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && (url.protocol === 'https:' || url.origin === new URL(webUrl).origin) ? url.href : null;
}

/** Whether single sign-on is asked for, and the page where the token is authorised (`X-GitHub-SSO`). */
export function ssoOf(answer: Answer, webUrl: string): { url: string | null } | null {
  const header = headerOf(answer, 'x-github-sso') ?? '';
  if (!header.startsWith('required')) return null;
  return { url: safeLink(/url=(\S+)/.exec(header)?.[1] ?? '', webUrl) };
}

/** A fine-grained permission by its name in the API, e.g. `administration`. */
export interface Permission {
  name: string;
  level: 'read' | 'write';
}

/** As the token page names it: "Administration: read and write". */
export function permissionTitle({ name, level }: Permission): string {
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
  return `${title}: ${level === 'write' ? 'read and write' : 'read-only'}`;
}

/** The permissions that would do, from `X-Accepted-GitHub-Permissions` (the first alternative, e.g. `administration=write`). */
export function acceptedPermissions(answer: Answer): Permission[] {
  const [first = ''] = (headerOf(answer, 'x-accepted-github-permissions') ?? '').split(';');
  return [...first.matchAll(/([a-z_]+)=(read|write)/g)].map(([, name = '', level]) => ({
    name,
    level: level === 'write' ? 'write' : 'read',
  }));
}

/** Scopes of a classic token; null when the token has none of that kind. */
export function scopesOf(answer: Answer): string[] | null {
  const header = headerOf(answer, 'x-oauth-scopes');
  if (header === null) return null;
  return header
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
}

/** When the token expires, epoch milliseconds; null when it is not told (`2026-12-31 12:00:00 UTC` or `… +0100`). */
export function expiryOf(answer: Answer): number | null {
  const header = headerOf(answer, 'github-authentication-token-expiration');
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d) ?(UTC|Z|[+-]\d\d:?\d\d)$/.exec(header?.trim() ?? '');
  if (!parts) return null;
  const zone = parts[3] === 'UTC' || parts[3] === 'Z' ? 'Z' : parts[3]?.replace(/(\d\d):?(\d\d)$/, '$1:$2');
  const at = Date.parse(`${parts[1]}T${parts[2]}${zone}`);
  return Number.isNaN(at) ? null : at;
}
