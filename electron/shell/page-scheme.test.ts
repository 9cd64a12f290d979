import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageAddress } from './page-address.ts';
import { answerPageRequest } from './page-scheme.ts';

let parent: string;
let folder: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'page-scheme-'));
  folder = join(parent, 'page');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<title>Panel</title>');
  await writeFile(join(folder, 'assets', 'a.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'a.pem'), 'key');
  await writeFile(join(parent, 'secret.html'), 'outside');
});
afterAll(() => rm(parent, { recursive: true }));

test('a file comes with its type and the policy of the page', async () => {
  const page = await answerPageRequest(pageAddress, folder);
  expect(page.status).toBe(200);
  expect(await page.text()).toBe('<title>Panel</title>');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
  const script = await answerPageRequest('trackside://panel/assets/a.js', folder);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
});

test.each(['..%2fsecret.html', 'assets', 'assets/a.pem', 'assets/none.js', '%zz'])(
  '%s is answered with 404 and the policy',
  async (path) => {
    const answer = await answerPageRequest(`trackside://panel/${path}`, folder);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('outside');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  },
);
