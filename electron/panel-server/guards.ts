/**
 * Who may speak to the served panel: names are compared whole, never by their beginning, so that neither another web
 * page nor a name that somebody points at this machine (DNS rebinding) gets through.
 */

/** The Host headers under which the panel on `port` is reached. */
export function allowedHosts(port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost'];
  const hosts = names.map((name) => `${name}:${port}`);
  return new Set(port === 80 ? [...hosts, ...names] : hosts);
}

/** Whether the Host header is one of ours. */
export function isAllowedHost(host: string | undefined, port: number): boolean {
  return host !== undefined && allowedHosts(port).has(host.toLowerCase());
}

/**
 * Whether the Origin header is the page's own.
 * @param host the request's Host header, already found to be one of ours
 */
export function isOwnOrigin(origin: string | undefined, host: string): boolean {
  return origin?.toLowerCase() === `http://${host.toLowerCase()}`;
}
