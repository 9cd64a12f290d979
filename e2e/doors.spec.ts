import { expect, startEngine, test } from './panel.ts';

test('a link works once; without it there is nothing to see', async ({ folders, browser }) => {
  const engine = await startEngine(folders);
  try {
    const first = await (await browser.newContext()).newPage();
    await first.goto(engine.link);
    await expect(first.getByRole('heading', { name: 'Connect Trackside to GitHub' })).toBeVisible();
    expect(first.url()).not.toContain('token');

    const second = await (await browser.newContext()).newPage();
    const used = await second.goto(engine.link);
    expect(used?.status()).toBe(403);
    await expect(second.getByRole('heading')).toContainText(/link/i);
    const bare = await second.goto(new URL('/', engine.link).href);
    expect(bare?.status()).toBe(401);

    await first.reload();
    await expect(first.getByRole('heading', { name: 'Connect Trackside to GitHub' })).toBeVisible();
  } finally {
    await engine.end();
  }
});

test('a second panel on the same data is refused with a sentence', async ({ folders }) => {
  const engine = await startEngine(folders);
  try {
    await expect(startEngine(folders)).rejects.toThrow(/already runs with the data folder/);
  } finally {
    await engine.end();
  }
});

test('the panel says when its engine is gone, and finds the next one', async ({ folders, page }) => {
  const engine = await startEngine(folders);
  await page.goto(engine.link);
  await expect(page.getByRole('heading', { name: 'Connect Trackside to GitHub' })).toBeVisible();
  await engine.end('SIGKILL');
  await expect(page.getByText('Trackside does not answer.')).toBeVisible();

  const next = await startEngine(folders, { args: ['--port', new URL(engine.link).port] });
  try {
    await expect(page.getByText('This browser is no longer signed in.')).toBeVisible();
    await page.goto(next.link);
    await expect(page.getByRole('heading', { name: 'Connect Trackside to GitHub' })).toBeVisible();
    await expect(page.getByText('no longer signed in')).toBeHidden();
  } finally {
    await next.end();
  }
});
