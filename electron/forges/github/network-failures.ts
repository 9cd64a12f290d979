/** Why a request got no answer from the forge, in words. */
import { TracksideError } from '../../../shared/errors.ts';

/** An answer came, but from something in between: a sign-in page of the network, a proxy. */
export class NotTheForgeError extends Error {
  override readonly name = 'NotTheForgeError';
}

type Trouble = 'dns' | 'refused' | 'unreachable' | 'timeout' | 'tls' | 'dropped' | 'intercepted' | 'unknown';

const troubleByCode: Record<string, Trouble> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'dropped',
  EPIPE: 'dropped',
  UND_ERR_SOCKET: 'dropped',
  EPROTO: 'tls',
  CERT_HAS_EXPIRED: 'tls',
  CERT_NOT_YET_VALID: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
};

/** The error and all its causes, outermost first; members of an aggregate count as causes. */
function* chainOf(error: unknown): Generator<Error> {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; depth++) {
    yield current;
    const members: unknown[] = current instanceof AggregateError ? current.errors : [];
    current = current.cause ?? members[0];
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function troubleOf(error: unknown): { trouble: Trouble; code: string } {
  for (const link of chainOf(error)) {
    const code = codeOf(link);
    if (link instanceof NotTheForgeError) return { trouble: 'intercepted', code };
    if (link.name === 'TimeoutError') return { trouble: 'timeout', code };
    if (/^ERR_(TLS|SSL)_/.test(code)) return { trouble: 'tls', code };
    const known = troubleByCode[code];
    if (known) return { trouble: known, code };
  }
  return { trouble: 'unknown', code: [...chainOf(error)].map(codeOf).find(Boolean) ?? '' };
}

/** Whether a failed request may succeed when it is sent again at once: a dropped connection, a stumbling resolver. */
export function isPassing(error: unknown): boolean {
  const { trouble, code } = troubleOf(error);
  return trouble === 'dropped' || code === 'EAI_AGAIN';
}

const proxyHint =
  'Behind a company proxy, start Trackside with HTTPS_PROXY set to it (and NO_PROXY for what needs none).';

const sentences: Record<
  Trouble,
  { what: (host: string, code: string) => string; remedy: string | ((webUrl: string) => string) }
> = {
  dns: {
    what: (host) => `The name ${host} cannot be resolved.`,
    remedy: `Check that this machine is online and that the address is spelt right. ${proxyHint}`,
  },
  refused: {
    what: (host) => `${host} refuses connections.`,
    remedy: `Check the address and its port. ${proxyHint}`,
  },
  unreachable: {
    what: (host) => `There is no network route to ${host}.`,
    remedy: `Check that this machine is online (VPN, cable, Wi-Fi). ${proxyHint}`,
  },
  timeout: {
    what: (host) => `${host} did not answer in time.`,
    remedy: `Check the network connection and any firewall. ${proxyHint}`,
  },
  tls: {
    what: (host, code) => `The certificate of ${host} is not trusted by this machine (${code}).`,
    remedy:
      "If a company proxy or an own certificate authority signs it, start Trackside with NODE_EXTRA_CA_CERTS set to the authority's file; otherwise check this machine's clock.",
  },
  dropped: {
    what: (host) => `The connection to ${host} was dropped.`,
    remedy: 'Try again; if it goes on, check the network connection.',
  },
  intercepted: {
    what: (host) => `Something else answers in place of ${host}: a sign-in page of the network, or a proxy.`,
    remedy: (webUrl) => `Open ${webUrl} in a browser, sign in to the network, and try again. ${proxyHint}`,
  },
  unknown: {
    what: (host, code) => `${host} could not be reached${code ? ` (${code})` : ''}.`,
    remedy: `Check the network connection. ${proxyHint}`,
  },
};

/** FORGE_UNREACHABLE that says what is between this machine and the forge. `host` as people call it. */
export function unreachable(error: unknown, host: string, webUrl: string): TracksideError {
  const { trouble, code } = troubleOf(error);
  const { what, remedy } = sentences[trouble];
  return new TracksideError('FORGE_UNREACHABLE', what(host, code), {
    remedy: typeof remedy === 'string' ? remedy : remedy(webUrl),
  });
}
