import type { Folders } from './folders.ts';
import { expect, startEngine, test } from './panel.ts';
import { askDemo, tellDemo } from './world.ts';

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
    }>(ofDemo(folders), '/repos/octo/forge/actions/runs?per_page=100');
    return runs.find(({ name }) => name === workflow)?.conclusion;
  }
});

test('a label with a typo: the queue says which one is meant, one press, and the job runs', async ({
  panel,
}) => {
  test.setTimeout(180_000);
  const { page, folders } = panel;
  await page.getByRole('button', { name: 'Start the demo' }).click();

  await test.step('one runner with the label gpu listens', async () => {
    await page.getByLabel('Runners', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Name').fill('arm');
    await page.getByRole('textbox', { name: /^Labels/ }).fill('gpu');
    await page.getByRole('textbox', { name: /^Labels/ }).press('Enter');
    await page.getByRole('radio', { name: /^Until you stop them/ }).check();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: /^Deploy/ }).click();
    await expect(page.getByRole('heading', { name: '1 runner is listening' })).toBeVisible();
  });

  await test.step('a job that asks for gppu waits, and the queue says what is meant', async () => {
    await tellDemo(folders, '/repos/octo/forge/actions/workflows/typo.yml/dispatches', { ref: 'main' });
    await page
      .getByRole('link', { name: /^Queue/ })
      .first()
      .click();
    const queue = page.getByRole('table', { name: 'Queue' });
    await expect(queue).toContainText(/did you mean\s*gpu/);
    await expect(queue).toContainText('Render');
  });

  await test.step('one press, and it runs', async () => {
    await page.getByRole('button', { name: /^Add .*gppu.* to arm/ }).click();
    await expect.poll(async () => (await latestRun(folders)).conclusion, { timeout: 60_000 }).toBe('success');
    await expect(page.getByRole('table', { name: 'Queue' })).toBeHidden();
  });
});

async function latestRun(folders: Folders): Promise<{ conclusion: string | null }> {
  const { workflow_runs: runs } = await askDemo<{ workflow_runs: { conclusion: string | null }[] }>(
    folders,
    '/repos/octo/forge/actions/runs?per_page=1',
  );
  return runs[0] ?? { conclusion: null };
}

/** Where `--demo` keeps its data. */
const ofDemo = (folders: Folders): Folders => ({ ...folders, dataFolder: `${folders.dataFolder}-demo` });
