/** The access tokens with which a configured runner speaks to the service (docs/practice-runner.md, call 4). */
import { randomUUID, sign } from 'node:crypto';
import type { Credentials } from './configuration.ts';
import { member, send, statusError } from './http.ts';

/** The token service refused: the registration is gone, or this machine's clock is off. */
export class TokenRefused extends Error {
  /** OAuth's error code. */
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }

  get isClockSkew(): boolean {
    return this.message.includes('Current server time is');
  }
}

export interface AccessTokens {
  /** A token that is good for some more minutes. @throws TokenRefused, ConnectionFailed */
  get(signal?: AbortSignal): Promise<string>;
  /** Asks for a new one next time. */
  forget(): void;
}

const assertionSeconds = 270;
/** A token is replaced this long before it expires. */
const marginSeconds = 300;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Proves that this runner holds its private key (RFC 7523). */
function clientAssertion({ clientId, authorizationUrl, privateKey }: Credentials): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: clientId,
    iss: clientId,
    aud: authorizationUrl,
    jti: randomUUID(),
    nbf: now,
    exp: now + assertionSeconds,
  };
  const text = `${encode({ typ: 'JWT', alg: 'RS256' })}.${encode(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
}

export function createAccessTokens(credentials: Credentials): AccessTokens {
  let current = { token: '', goodUntilMs: 0 };
  return {
    forget() {
      current = { token: '', goodUntilMs: 0 };
    },
    async get(signal) {
      if (current.goodUntilMs > Date.now()) return current.token;
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: clientAssertion(credentials),
      });
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
      const { status, body } = await send(credentials.authorizationUrl, {
        method: 'POST',
        headers,
        body: form.toString(),
        signal,
      });
      const refusal = member(body, 'error');
      if (refusal) throw new TokenRefused(refusal, member(body, 'error_description'));
      if (status !== 200) throw new Error(statusError(status));
      const lifeSeconds = Number(member(body, 'expires_in')) - marginSeconds;
      current = { token: member(body, 'access_token'), goodUntilMs: Date.now() + lifeSeconds * 1000 };
      return current.token;
    },
  };
}
