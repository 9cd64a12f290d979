/** Serves the built page under our own scheme, so that it has an origin of its own and no power over files. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Protocol } from 'electron';
import { contentSecurityPolicy } from '../doors/content-security-policy.ts';
import { fileOfAddress, pageScheme } from './page-address.ts';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Gives the scheme the rights of a web address. Must run before the application is ready. */
export function registerPageScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }]);
}

/** Answers a request for a file of the page; 404 for whatever is not one. */
export async function answerPageRequest(address: string, folder: string): Promise<Response> {
  const headers = {
    'content-security-policy': contentSecurityPolicy(),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  const file = fileOfAddress(address, folder);
  const type = file && contentTypes[extname(file)];
  const content = file && type ? await readFile(file).catch(() => null) : null;
  if (!type || !content) return new Response('There is nothing here.', { status: 404, headers });
  return new Response(new Uint8Array(content), { headers: { ...headers, 'content-type': type } });
}

/** Serves `folder` under the scheme. Must run after the application is ready. */
export function setupPageScheme(protocol: Pick<Protocol, 'handle'>, folder: string): void {
  protocol.handle(pageScheme, (request) => answerPageRequest(request.url, folder));
}
