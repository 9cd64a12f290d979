import { expect, startEngine, test } from './panel.ts';
import { askDemo } from './world.ts';

test('a job waits for a label that nobody has → the queue says so → one press → it runs', async ({
  folders,
  page,
}) => {
  test.setTimeout(180_000);
  const engine = await startEngine(folders, { args: ['--demo'] });
  try {
    await page.goto(engine.link);
    await page.getByRole('link', { name: /^Queue/ }).click();
    const heading = page.getByRole('heading', { name: /1 job waits for a runner with label gpu/ });
    await expect(heading).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('you.');

    await test.step('what is known about it can be read', async () => {
      await page.getByText('Why we think so').first().click();
      await expect(page.getByText(/It asks for/).first()).toBeVisible();
    });

    await test.step('the address marks the cause', async () => {
      await page.getByRole('link', { name: /^Label gpu/ }).click();
      await expect(page).toHaveURL(/#\/queue\?wait=/);
      await expect(page.locator('[aria-current="true"]')).toContainText('gpu');
    });

    await test.step('the label is added to the pool, and the job runs to its end', async () => {
      await page.getByRole('button', { name: /^Add “gpu” to/ }).click();
      await expect(page.getByText(/have the label “gpu” now/)).toBeVisible();
      await expect(heading).toBeHidden({ timeout: 60_000 });
      await expect.poll(() => conclusionOf('Nightly'), { timeout: 60_000 }).toBe('success');
    });
  } finally {
    await engine.end();
  }

  async function conclusionOf(workflow: string): Promise<string | null | undefined> {
    const { workflow_runs: runs } = await askDemo<{
      workflow_runs: { name: string; conclusion: string | null }[];
    }>(folders, '/repos/octo/forge/actions/runs?per_page=100');
    return runs.find(({ name }) => name === workflow)?.conclusion;
  }
});
