/** Where a GitHub is: the pages people see, the REST root, and how repositories are named there. */
import { TracksideError } from '../../../shared/errors.ts';

export interface ForgeAddress {
  /** Pages for people, without a slash at the end: https://github.com. */
  webUrl: string;
  /** REST root, without a slash at the end: https://api.github.com. */
  apiUrl: string;
  /** As people call it: github.com. */
  host: string;
  /** `dotcom` and `ghe.com` are run by GitHub; `server` is an Enterprise Server (or the demo). */
  product: 'dotcom' | 'ghe.com' | 'server';
}

const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

function invalidAddress(message: string, remedy: string): TracksideError {
  return new TracksideError('INVALID_REQUEST', message, { remedy, field: 'apiUrl' });
}

function parseUrl(text: string): URL {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw invalidAddress(
      `"${text}" is not an address.`,
      'Type it as in your browser, e.g. https://github.example.com.',
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.test(url.hostname))) {
    throw invalidAddress(
      `${url.host} would get the token unencrypted over ${url.protocol.slice(0, -1)}.`,
      `Use https://${url.host}.`,
    );
  }
  return url;
}

/**
 * Works out both addresses from either of them, as actions/runner does: `github.com` and `*.ghe.com` have their API at
 * `api.HOST`, anything else is an Enterprise Server with its API at `HOST/api/v3`.
 * @param address a host or URL of the web pages or of the API; null = github.com
 * @throws TracksideError INVALID_REQUEST (field `apiUrl`) for what is no address, or plain http beyond this machine
 */
export function forgeAddress(address: string | null): ForgeAddress {
  const text = address?.trim() ?? '';
  if (text === '') return forgeAddress('https://github.com');
  const url = parseUrl(text);
  const host = url.host.toLowerCase().replace(/^www\.(?=github\.com$)/, '');
  const bare = host.replace(/^api\./, '');
  if (bare === 'github.com') {
    return { webUrl: 'https://github.com', apiUrl: 'https://api.github.com', host: bare, product: 'dotcom' };
  }
  if (bare.endsWith('.ghe.com')) {
    return { webUrl: `https://${bare}`, apiUrl: `https://api.${bare}`, host: bare, product: 'ghe.com' };
  }
  const webUrl = `${url.protocol}//${host}`;
  return { webUrl, apiUrl: `${webUrl}/api/v3`, host, product: 'server' };
}

/**
 * Reads `owner/name`, also out of a pasted web or clone address.
 * @throws TracksideError INVALID_REQUEST (field `repository`)
 */
export function parseRepository(text: string): { owner: string; name: string; fullName: string } {
  const pastedPath = /^(?:https?:\/\/[^/]+\/|ssh:\/\/git@[^/]+\/|git@[^:]+:)([^?#]*)/.exec(text.trim())?.[1];
  const path = pastedPath ?? text.trim();
  const [owner = '', rawName = '', ...rest] = path.split('/').filter((part) => part !== '');
  const name = rawName.replace(/\.git$/, '');
  const valid =
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(owner) && /^[A-Za-z0-9._-]+$/.test(name) && !/^\.{1,2}$/.test(name);
  if (!valid || (rest.length > 0 && pastedPath === undefined)) {
    throw new TracksideError('INVALID_REQUEST', `"${text.trim()}" is not the name of a repository.`, {
      remedy: 'Write it as owner/name, for example octo/forge.',
      field: 'repository',
    });
  }
  return { owner, name, fullName: `${owner}/${name}` };
}
