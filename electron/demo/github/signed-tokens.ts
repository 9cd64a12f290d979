/** Short-lived tokens that the demo GitHub signs for itself and the client assertions that runners sign. */
import { createHmac, createPublicKey, createVerify, timingSafeEqual } from 'node:crypto';

export type Claims = Record<string, unknown>;

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string | undefined): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function mac(text: string, key: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Makes a JSON Web Token (HS256). @param expiresAtMs epoch milliseconds */
export function signToken(claims: Claims, key: string, expiresAtMs: number): string {
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, exp: Math.floor(expiresAtMs / 1000) })}`;
  return `${text}.${mac(text, key).toString('base64url')}`;
}

/** The claims of a token that this server signed and that has not expired, else `undefined`. */
export function verifyToken(token: string, key: string, nowMs: number): Claims | undefined {
  const [header, payload, signature, ...more] = token.split('.');
  if (!header || !payload || !signature || more.length > 0) return undefined;
  const expected = mac(`${header}.${payload}`, key);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = decode(payload);
  return typeof claims?.exp === 'number' && claims.exp * 1000 > nowMs ? claims : undefined;
}

/** Claims of a token, unchecked. */
export function readClaims(token: string): Claims | undefined {
  return decode(token.split('.')[1]);
}

/** Whether an RS256 token was signed with the private half of this key (SPKI PEM). */
export function isSignedBy(token: string, publicKeyPem: string): boolean {
  const [header, payload, signature, ...more] = token.split('.');
  if (!header || !payload || !signature || more.length > 0 || decode(header)?.alg !== 'RS256') return false;
  const verifier = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  try {
    return verifier.verify(createPublicKey(publicKeyPem), Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
