/** Times and lines as actions/runner writes them. */

/** `2026-08-17 13:00:00Z`, as the listener stamps its lines. */
export function listenerTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `20260817-130000-utc`, as the diagnostic logs are named. */
export function fileTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '-')}-utc`;
}

/** An RFC 3339 time with seven decimals, as job logs are stamped. */
export function logTime(at: Date): string {
  return at.toISOString().replace('Z', '0000Z');
}
