/** Which addresses may be handed to the person's own browser. */
import type { Connection } from '../../shared/model.ts';

const alwaysAllowed = new Set(['github.com', 'docs.github.com']);

/**
 * Whether `address` may be opened outside: https on GitHub or on the host of a connected forge; or the demo's own
 * address, which is plain http on this machine.
 */
export function isAllowedOutside(
  address: string,
  connections: readonly Pick<Connection, 'webUrl' | 'demo'>[],
): boolean {
  const url = URL.parse(address);
  if (!url || url.username || url.password) return false;
  if (connections.some(({ demo, webUrl }) => demo && URL.parse(webUrl)?.origin === url.origin)) return true;
  if (url.protocol !== 'https:') return false;
  if (alwaysAllowed.has(url.host)) return true;
  return connections.some(({ webUrl }) => URL.parse(webUrl)?.origin === url.origin);
}
