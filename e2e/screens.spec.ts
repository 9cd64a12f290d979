import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, startEngine, test } from './panel.ts';

const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 420, height: 900 } } as const;

async function expectNoViolations(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target).join(', ')})`,
  );
  expect(told, screen).toEqual([]);
}

/** Nothing sticks out of the window to the side. */
async function expectNoSidewaysScroll(page: Page, screen: string): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(excess, `${screen} is wider than its window`).toBeLessThanOrEqual(0);
}

const routes: [screen: string, hash: string, heading: RegExp][] = [
  ['overview', '#/', /runner/],
  ['queue', '#/queue', /waits?/],
  ['queue, all jobs', '#/queue?view=jobs', /waits?/],
  ['runners', '#/runners', /4 runners/],
  ['pools', '#/pools', /pool/],
  ['runs', '#/runs', /[Rr]un/],
  ['check of workflows', '#/workflows/check', /job/],
  ['draft of a workflow', '#/workflows/new', /Write a workflow/],
  ['deploy', '#/deploy', /Deploy runners to octo\/forge/],
  ['connect', '#/connect', /Connect/],
  ['history', '#/history', /History/],
  ['settings', '#/settings', /Settings/],
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(`every screen, ${colorScheme}, ${size}: axe finds nothing, nothing sticks out`, async ({
      folders,
      browser,
    }) => {
      // A dozen screens, each looked through by axe.
      test.setTimeout(300_000);
      const engine = await startEngine(folders, { args: ['--demo'] });
      const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
      const page = await context.newPage();
      try {
        await page.goto(engine.link);
        await expect(page.getByRole('heading', { level: 1 })).toContainText(/runs? on|listen/);
        const base = page.url().replace(/#.*$/, '');
        for (const [screen, hash, heading] of routes) {
          await page.goto(`${base}${hash}`);
          await expect(page.getByRole('heading', { level: 1 })).toContainText(heading);
          await expectNoViolations(page, screen);
          await expectNoSidewaysScroll(page, screen);
        }
        await page.goto(`${base}#/runs`);
        await page
          .getByRole('list', { name: 'Runs' })
          .getByRole('link', { name: /^Build/ })
          .first()
          .click();
        await expect(page.getByRole('heading', { level: 1 })).toContainText('Build');
        await page.getByText('As a table').click();
        await page.getByRole('table').getByRole('button', { name: 'Prepare' }).click();
        await expect(page.getByRole('region', { name: 'Steps of Prepare' })).toContainText('Set up job');
        await expectNoViolations(page, 'run');
        await expectNoSidewaysScroll(page, 'run');
        await page.goto(`${base}#/runners`);
        await page.getByRole('link', { name: 'practice-1' }).first().click();
        await expect(page.getByRole('heading', { level: 1 })).toContainText('practice-1');
        await page.getByRole('tab', { name: 'Listener' }).click();
        await expect(page.getByRole('region', { name: /listener/ })).toContainText('Listening for Jobs');
        await expectNoViolations(page, 'runner');
        await expectNoSidewaysScroll(page, 'runner');
      } finally {
        await context.close();
        await engine.end();
      }
    });
  }
}
