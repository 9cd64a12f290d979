/** Another server's address as people paste it, turned into the REST base that the engine speaks to. */

export type ServerAddress =
  | { ok: true /** Null = github.com. */; apiUrl: string | null /** For people. */; host: string }
  | { ok: false; problem: string };

/**
 * Reads an address. github.com in any form is null; `name.ghe.com` speaks at `api.name.ghe.com`; any other host is a
 * GitHub Enterprise Server, which speaks under `/api/v3` (GitHub's documentation, "About the REST API").
 */
export function readServer(text: string): ServerAddress {
  const typed = text.trim();
  if (typed === '') return { ok: true, apiUrl: null, host: 'github.com' };
  const url = parse(typed);
  if (url === null) return refuse(`“${typed}” is not an address. It looks like github.example.com.`);
  if (url.username !== '' || url.password !== '') {
    return refuse('Leave the login out of the address; the token goes into its own field.');
  }
  const host = url.hostname.replace(/^www\./, '').toLowerCase();
  if (url.protocol === 'http:' && !isLoopback(host)) {
    return refuse(`A token must not travel unencrypted. Use https://${url.host}.`);
  }
  if (host === 'github.com' || host === 'api.github.com')
    return { ok: true, apiUrl: null, host: 'github.com' };
  return { ok: true, ...restBase(url, host) };
}

function restBase(url: URL, host: string): { apiUrl: string; host: string } {
  const tenant = /^(?:api\.)?([a-z0-9-]+\.ghe\.com)$/.exec(host)?.[1];
  if (tenant !== undefined) return { apiUrl: `https://api.${tenant}`, host: tenant };
  return { apiUrl: `${url.origin}/api/v3`, host: url.host };
}

function parse(typed: string): URL | null {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const plausible = url.hostname.includes('.') || url.hostname.includes(':') || isLoopback(url.hostname);
  return plausible || url.port !== '' || typed.includes('://') ? url : null;
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  );
}

function refuse(problem: string): ServerAddress {
  return { ok: false, problem };
}
