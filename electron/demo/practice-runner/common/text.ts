/** Times as actions/runner writes them. */

/** `2026-08-17 13:00:00Z`, as the listener stamps its lines. */
export function listenerTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `20260817-130000-utc`, as the diagnostic logs are named. */
export function fileTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-utc`;
}

/** What went wrong, in words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
