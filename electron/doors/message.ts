/**
 * What a door lets in. oRPC's adapters parse what they are given outside of any error handling, so a malformed message
 * must be caught before it reaches them, or it would end the process as an unhandled rejection.
 */

/** Longest message a client may send, in bytes for a WebSocket and in characters for a port. */
export const maxMessageLength = 1024 * 1024;

/** Message types of oRPC's peer protocol that our clients use; without a type a message is a request. */
const requestType = 1;
const abortType = 4;

/**
 * Whether `data` is a request or an abort in oRPC's peer protocol: `{ i: id, t?: type, p: { u: "/path", b?: body } }`
 * as text. Files, streamed input and headers are part of that protocol but not of our contract, and are refused.
 */
export function isRpcMessage(data: unknown): data is string {
  if (typeof data !== 'string' || data.length > maxMessageLength) return false;
  let message: unknown;
  try {
    message = JSON.parse(data);
  } catch {
    return false;
  }
  if (!isRecord(message) || typeof message.i !== 'string') return false;
  if (message.t === abortType) return true;
  if (message.t !== undefined && message.t !== requestType) return false;
  const request = message.p;
  return (
    isRecord(request) &&
    typeof request.u === 'string' &&
    request.u.startsWith('/') &&
    URL.canParse(`http://door${request.u}`) &&
    request.h === undefined &&
    request.m === undefined &&
    (request.b === undefined || isRecord(request.b))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
