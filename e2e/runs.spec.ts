import { expect, startEngine, test } from './panel.ts';

test('a workflow with five inputs is started from its form, approved, watched to its end, log and artifact included', async ({
  folders,
  page,
}) => {
  test.setTimeout(180_000);
  const engine = await startEngine(folders, { args: ['--demo'] });
  try {
    await page.goto(engine.link);
    await page.getByRole('link', { name: 'Workflows' }).click();
    await page.getByRole('button', { name: 'Run Release…' }).click();

    const form = page.getByRole('dialog');
    const run = form.getByRole('button', { name: 'Run', exact: true });
    await run.click();
    await expect(form.getByText('“version” is required.')).toBeVisible();
    await expect(form.getByLabel(/^Version/)).toBeFocused();
    await form.getByLabel(/^Version/).fill('1.4.0');
    await form.getByLabel(/^Who gets it/).selectOption('stable');
    await form.getByLabel(/^Sign the parts/).uncheck();
    await form.getByLabel(/^How many copies/).fill('3');
    await form.getByLabel(/^Where it goes/).selectOption('production');
    await run.click();

    const heading = page.getByRole('heading', { level: 1 });
    await expect(heading).toContainText('Release 1.4.0 to production');
    await expect(page).toHaveURL(/#\/runs\/[^/]+\/\d+/);
    await expect(page.getByText('It waits for the environment “production”')).toBeVisible({
      timeout: 90_000,
    });
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(heading).toContainText('Succeeded', { timeout: 90_000 });

    await page.getByRole('button', { name: /^Build frame/ }).click();
    await expect(page.getByRole('region', { name: 'Steps of Build frame' })).toContainText('Make the copies');
    await expect(page.getByText('frame 1.4.0, copy 3').first()).toBeVisible();

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download frame-1.4.0' }).click();
    expect((await download).suggestedFilename()).toMatch(/^frame-1\.4\.0.*\.zip$/);
    await expect(page.getByText('it agrees with its digest')).toBeVisible();
  } finally {
    await engine.end();
  }
});
