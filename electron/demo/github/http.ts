/** Requests and answers as the demo GitHub's routes see them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';

export const jsonType = 'application/json; charset=utf-8';
const bodyLimitBytes = 16 * 1024 * 1024;

/** Where the server is reached by this client, as the links in its answers say. */
export interface Addresses {
  /** Web pages, clones and downloads: `http://HOST`. */
  html: string;
  /** The REST root that the client used: `http://HOST`, `http://HOST/api/v3` or `http://api.HOST`. */
  api: string;
  /** The part of the API that a request reached, `/api/v3` or empty. */
  prefix: string;
}

/** A request on its way through the routes. */
export interface Exchange {
  method: string;
  /** Path without `/api/v3`, undecoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  params: Record<string, string>;
  addresses: Addresses;
  /** Reads the body once; empty string when there is none. */
  text(): Promise<string>;
  /** The body parsed as a JSON object. Throws 400 as GitHub does. An empty body is an empty object. */
  json(): Promise<Record<string, unknown>>;
  /** The body's bytes, for whoever does not ask for its text. */
  stream: Readable;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** JSON, unless it is a string, buffer or stream. Absent: no body. */
  body?: unknown;
  stream?: Readable;
  raw?: string | Buffer;
}

/** An answer other than success, thrown from anywhere below a route. */
export class ApiError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly extra: Record<string, unknown>;

  constructor(
    status: number,
    message: string,
    { headers = {}, extra = {} }: { headers?: Record<string, string>; extra?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.extra = extra;
  }
}

/** 404 as GitHub answers for what is absent and for what the caller may not know of. */
export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

/** 422 with GitHub's list of what is wrong with which field. */
export function validationFailed(resource: string, field: string, code: string, message?: string): ApiError {
  const error = { resource, field, code, ...(message ? { message } : {}) };
  return new ApiError(422, 'Validation Failed', { extra: { errors: [error] } });
}

/** 422 with sentences, as the newer parts of GitHub's API answer. */
export function invalidRequest(...errors: string[]): ApiError {
  return new ApiError(422, 'Validation Failed', { extra: { errors } });
}

/** Works out from the Host header how the client reaches this server. */
function addressesOf(host: string, pathname: string): Addresses {
  const prefix = /^\/api\/v3(\/|$)/.test(pathname) ? '/api/v3' : '';
  const html = `http://${host.replace(/^api\./, '')}`;
  return { html, api: `http://${host}${prefix}`, prefix };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > bodyLimitBytes) throw new ApiError(413, 'Payload Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError(400, 'Body should be a JSON object');
  }
  return { ...value };
}

/** Makes an exchange of a request; `params` are filled in by the router. */
export function createExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const host = request.headers.host ?? '';
  const url = new URL(request.url ?? '/', 'http://demo.invalid');
  const addresses = addressesOf(host, url.pathname);
  const abort = new AbortController();
  response.on('close', () => abort.abort(new Error('The client went away.')));
  let body: Promise<string> | undefined;
  const text = () => {
    body ??= readBody(request);
    return body;
  };
  return {
    method: request.method ?? 'GET',
    path: url.pathname.slice(addresses.prefix.length) || '/',
    query: url.searchParams,
    headers: request.headers,
    params: {},
    addresses,
    text,
    json: async () => parseObject(await text()),
    stream: request,
    signal: abort.signal,
  };
}

/** Sends a reply; a stream that breaks breaks the connection. */
export function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const json = reply.body === undefined ? undefined : Buffer.from(JSON.stringify(reply.body));
  const payload = reply.raw === undefined ? json : Buffer.from(reply.raw);
  const type = json && reply.raw === undefined ? { 'Content-Type': jsonType } : {};
  const length =
    reply.stream || reply.status === 304 ? {} : { 'Content-Length': String(payload?.length ?? 0) };
  const unread = !request.complete && request.method !== 'GET';
  if (unread) request.resume();
  response.writeHead(reply.status, { Server: 'github.com', ...type, ...length, ...reply.headers });
  if (request.method === 'HEAD') response.end();
  else if (reply.stream) pipeline(reply.stream, response, () => {});
  else response.end(payload);
}

/** The error body that GitHub's REST API answers with. */
export function errorBody(
  error: ApiError,
  documentationUrl = 'https://docs.github.com/rest',
): Record<string, unknown> {
  return {
    message: error.message,
    ...error.extra,
    documentation_url: documentationUrl,
    status: String(error.status),
  };
}
