import { expect, startEngine, test } from './panel.ts';
import { askDemo, processesIn, registeredRunners, runnerFolders, tellDemo } from './world.ts';

const minute = 60_000;

test('jobs bring runners, idleness takes them away, and one more job brings one back', async ({
  folders,
  page,
}) => {
  test.setTimeout(240_000);
  const engine = await startEngine(folders, { stepped: true });
  try {
    await page.goto(engine.link);

    await test.step('a pool that waits for its first job', async () => {
      await page.getByRole('button', { name: 'Start the demo' }).click();
      await page.getByLabel('Runners', { exact: true }).fill('2');
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByLabel('Name').fill('arm');
      await page.getByRole('radio', { name: /^When the first job waits/ }).check();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('button', { name: /^(Create|Deploy)/ }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('arm');
      expect(await registeredRunners(folders)).toEqual([]);
    });

    await test.step('six jobs are queued: runners appear and the jobs run', async () => {
      for (let job = 0; job < 6; job += 1) await queueJob();
      await page
        .getByRole('link', { name: /^Runners/ })
        .first()
        .click();
      await expect(page.getByRole('row', { name: /^Select arm-1|arm-1/ })).toBeVisible();
      await expect.poll(() => succeeded(), { timeout: 90_000 }).toBe(6);
    });

    await test.step('idle runners count down', async () => {
      const row = page.getByRole('row', { name: /arm-1/ });
      await expect(row).toContainText(/leaves in \d+:\d\d/);
      await engine.advance(2 * minute);
      await expect(row).toContainText(/leaves in [0-7]:\d\d/);
    });

    await test.step('their time over, they are gone on every side', async () => {
      await engine.advance(9 * minute);
      await expect(page.getByRole('row', { name: /arm-/ })).toHaveCount(0, { timeout: 60_000 });
      await expect.poll(() => registeredRunners(folders)).toEqual([]);
      await expect.poll(() => runnerFolders(folders)).toEqual([]);
      expect(await processesIn(`${folders.dataFolder}/runners`)).toEqual([]);
    });

    await test.step('one more job brings one back', async () => {
      await queueJob();
      await expect(page.getByRole('row', { name: /arm-1/ })).toBeVisible();
      await expect.poll(() => succeeded(), { timeout: 60_000 }).toBe(7);
    });
  } finally {
    await engine.end();
  }

  async function queueJob(): Promise<void> {
    await tellDemo(folders, '/repos/octo/forge/actions/workflows/quick.yml/dispatches', { ref: 'main' });
  }
  async function succeeded(): Promise<number> {
    const { workflow_runs: runs } = await askDemo<{ workflow_runs: { conclusion: string | null }[] }>(
      folders,
      '/repos/octo/forge/actions/runs?per_page=100',
    );
    return runs.filter(({ conclusion }) => conclusion === 'success').length;
  }
});
