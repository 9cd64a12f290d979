/** The practice runner's HTTP client. `node:http` alone: two hundred listeners have to stay small. */
import { request } from 'node:http';

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
  signal?: AbortSignal;
  /** Milliseconds without an answer after which it is given up; default 100 s. */
  timeoutMs?: number;
}

/** Sends a request. Rejects only when no answer came; every status is an answer. */
export function send(url: string, call: Call = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, signal, timeoutMs = 100_000 } = call;
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: { ...type, ...headers }, signal, timeout: timeoutMs }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const { statusCode: status = 0, headers: received } = incoming;
        resolve({ status, headers: received, body: parse(Buffer.concat(chunks).toString('utf8')) });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('The server did not answer.')));
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
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
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return value === undefined || value === null ? '' : String(value);
}

/** The words .NET has for the statuses that occur. */
const statusNames: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
};

/** `Http response code: NotFound from 'POST https://…' (Request Id: …)`, as ConfigurationManager.cs prints it. */
export function describeRefusal(method: string, url: string, answer: Answer): string {
  const name = statusNames[answer.status] ?? String(answer.status);
  const id = String(answer.headers['x-github-request-id'] ?? '');
  return `Http response code: ${name} from '${method} ${url}' (Request Id: ${id})\n${JSON.stringify(answer.body)}`;
}
