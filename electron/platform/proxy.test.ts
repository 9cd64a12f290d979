import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A plain proxy that notes what it is asked for and answers it itself. */
const asked: string[] = [];
const proxy = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.end('through the proxy');
});
proxy.on('connect', (request, socket) => {
  asked.push(`CONNECT ${request.url}`);
  const { port } = proxy.address() as AddressInfo;
  const upstream = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.pipe(socket).pipe(upstream);
  });
});
const origin = createServer((_, response) => response.end('direct'));

beforeAll(async () => {
  for (const server of [proxy, origin]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
});
afterAll(async () => {
  for (const server of [proxy, origin]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Fetches in a process of its own, because the proxy is set for a whole process. */
async function fetchWith(env: Record<string, string>, url: string): Promise<string> {
  const script = `
    const { routeThroughProxy } = await import(${JSON.stringify(join(import.meta.dirname, 'proxy.ts'))});
    routeThroughProxy();
    process.stdout.write(await fetch(${JSON.stringify(url)}).then((r) => r.text(), (error) => 'failed: ' + error.cause));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env.PATH, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return output;
}
const proxyUrl = (): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

test('what is on the internet goes through the proxy', async () => {
  expect(await fetchWith({ http_proxy: proxyUrl() }, 'http://github.invalid/x')).toBe('through the proxy');
  await fetchWith({ HTTPS_PROXY: proxyUrl() }, 'https://api.github.invalid/user');
  expect(asked.some((line) => line.includes('CONNECT api.github.invalid:443'))).toBe(true);
});

test('this machine is reached directly, and so is what NO_PROXY names', async () => {
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
  expect(await fetchWith({ HTTP_PROXY: proxyUrl() }, url)).toBe('direct');
  expect(
    await fetchWith({ HTTP_PROXY: proxyUrl(), NO_PROXY: 'github.invalid' }, 'http://github.invalid/x'),
  ).toMatch(/^failed: .*ENOTFOUND|^failed: .*EAI_AGAIN/);
});

test('without a proxy nothing changes', async () => {
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
  expect(await fetchWith({}, url)).toBe('direct');
});
