import { expect, startEngine, test } from './panel.ts';
import { processesIn } from './world.ts';

test('npm run demo: jobs run within 15 s of the start, and nothing is left at the end', async ({
  folders,
  page,
}) => {
  const started = Date.now();
  const engine = await startEngine(folders, { args: ['--demo'] });
  try {
    await page.goto(engine.link);
    await expect(page.getByText('Demo.')).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/jobs? runs? on/);
    expect(Date.now() - started).toBeLessThan(15_000);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(
      'waits for a runner with label “gpu”',
    );
  } finally {
    await engine.end();
  }
  expect(await processesIn(folders.dataFolder)).toEqual([]);
});
