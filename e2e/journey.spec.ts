import { expect, type Panel, test } from './panel.ts';
import { askDemo, processesIn, registeredRunners, runnerFolders } from './world.ts';

async function connectDemo({ page }: Panel): Promise<void> {
  await page.getByRole('button', { name: 'Start the demo' }).click();
  await expect(page.getByRole('heading', { name: 'How many, and how large?' })).toBeVisible();
}

async function deployFour({ page }: Panel): Promise<void> {
  await page.getByLabel('Runners', { exact: true }).fill('4');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Name').fill('arm');
  await page.getByRole('radio', { name: /^Until you stop them/ }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Deploy 4 runners' }).click();
  await expect(page.getByRole('heading', { name: '4 runners are listening' })).toBeVisible();
}

test('first run → demo → four runners → a job and its log → stop → remove → nothing left', async ({
  panel,
}) => {
  const { page, folders } = panel;
  await expect(page.getByRole('heading', { name: 'Connect Trackside to GitHub' })).toBeVisible();
  await connectDemo(panel);
  await deployFour(panel);
  expect(await registeredRunners(folders)).toEqual(['arm-1', 'arm-2', 'arm-3', 'arm-4']);

  await test.step('a workflow is started and its job runs on one of them', async () => {
    await page.getByRole('button', { name: 'Run a workflow' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run a workflow' });
    await dialog.getByLabel('Workflow').selectOption('Quick check');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(dialog).toBeHidden();
    const { workflow_runs: runs } = await askDemo<{ workflow_runs: { name: string }[] }>(
      folders,
      '/repos/octo/forge/actions/runs',
    );
    expect(runs.map(({ name }) => name)).toEqual(['Quick check']);
  });

  await test.step('the job is told where it ran, with its log', async () => {
    await page
      .getByRole('link', { name: /^Runners/ })
      .first()
      .click();
    const row = page.getByRole('row', { name: /Finished “Check”: Succeeded/ });
    await row.getByRole('link', { name: /^Log of/ }).click();
    await page.getByRole('tab', { name: 'Job' }).click();
    const log = page.getByRole('region', { name: /^Log of the job/ });
    await expect(log).toContainText('Runner name:');
    await expect(log).toContainText('Run ');
  });

  await test.step('one is stopped, and stays registered', async () => {
    await page.getByRole('button', { name: 'Stop…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Stopped');
    expect((await registeredRunners(folders)).length).toBe(4);
  });

  await test.step('all are removed and nothing is left', async () => {
    await page
      .getByRole('link', { name: /^Runners/ })
      .first()
      .click();
    await page.getByRole('checkbox', { name: 'Select all shown' }).check();
    await page.getByRole('button', { name: /^Remove/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect(page.getByRole('row', { name: /arm-/ })).toHaveCount(0);
    await expect.poll(() => runnerFolders(folders)).toEqual([]);
    expect(await processesIn(folders.dataFolder)).toEqual([]);
    expect(await registeredRunners(folders)).toEqual([]);
  });
});
