/** The practice runner's HTTP client. `node:http` alone, a connection per call: two hundred listeners have to stay small. */

import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { pipeline } from 'node:stream';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed where it is JSON, else the text. */
  body: unknown;
}

export interface Call {
  method?: string;
  headers?: Record<string, string>;
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown;
  /** Path of a file that is sent in place of a body. */
  file?: string;
  signal?: AbortSignal;
}

/** No answer came. The message is in .NET's words, because people search for these. */
export class ConnectionFailed extends Error {}

const userAgent = 'GitHubActionsRunner';
/** Longer than the service holds a poll, in milliseconds. */
const silenceMs = 100_000;

/**
 * Sends a request. Every status is an answer.
 * @throws ConnectionFailed when none came; the signal's reason when it aborted
 */
export function send(address: string, call: Call = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, file, signal } = call;
  const url = new URL(address);
  if (url.protocol !== 'http:') {
    return Promise.reject(
      new ConnectionFailed('A practice runner only works with the demo GitHub, over http'),
    );
  }
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' || file ? {} : { 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(signal?.aborted ? signal.reason : new ConnectionFailed(wordingOf(error, url)));
    };
    const options = {
      method,
      headers: { 'User-Agent': userAgent, ...type, ...headers },
      signal,
      agent: false,
      timeout: silenceMs,
    };
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () => {
        const { statusCode: status = 0, headers: received } = incoming;
        resolve({ status, headers: received, body: parse(Buffer.concat(chunks).toString('utf8')) });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
    outgoing.on('error', fail);
    if (file) pipeline(createReadStream(file), outgoing, (error) => error && fail(error));
    else outgoing.end(payload);
  });
}

const wordings: Record<string, string> = {
  ECONNREFUSED: 'Connection refused',
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Resource temporarily unavailable',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  ETIMEDOUT: 'Connection timed out',
};

function wordingOf(error: NodeJS.ErrnoException, url: URL): string {
  const wording = wordings[error.code ?? ''];
  if (wording) return `${wording} (${url.hostname}:${url.port || 80})`;
  if (error.code === 'ECONNRESET') return 'The response ended prematurely. (ResponseEnded)';
  return error.message || 'The request failed';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A member of an answer's body, as text; '' when it has none. */
export function member(body: unknown, name: string): string {
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return value === undefined || value === null ? '' : String(value);
}

/** The words .NET has for the statuses that occur: enumeration name and reason phrase. */
const statusNames: Record<number, [name: string, phrase: string]> = {
  400: ['BadRequest', 'Bad Request'],
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'Forbidden'],
  404: ['NotFound', 'Not Found'],
  409: ['Conflict', 'Conflict'],
  422: ['UnprocessableEntity', 'Unprocessable Entity'],
  429: ['TooManyRequests', 'Too Many Requests'],
  500: ['InternalServerError', 'Internal Server Error'],
  502: ['BadGateway', 'Bad Gateway'],
  503: ['ServiceUnavailable', 'Service Unavailable'],
  504: ['GatewayTimeout', 'Gateway Timeout'],
};

/** `NotFound` */
export function statusName(status: number): string {
  return statusNames[status]?.[0] ?? String(status);
}

/** `Response status code does not indicate success: 404 (Not Found).` */
export function statusError(status: number): string {
  const phrase = statusNames[status]?.[1];
  return `Response status code does not indicate success: ${status}${phrase ? ` (${phrase})` : ''}.`;
}
