import { dirname, join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { findElectron } from '../electron/find-electron.ts';
import { browserArguments, ensureBrowser } from '../scripts/browser.ts';

const electron = findElectron({
  packageFolder: join(import.meta.dirname, '..', 'node_modules', 'electron'),
  env: process.env,
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
});
// Workers read this file too; the line is for whoever started the run.
if (!electron.found && process.env.TEST_WORKER_INDEX === undefined) {
  console.log(`The specs run on the served panel only: ${electron.reason}.`);
}

export default defineConfig({
  testDir: '.',
  outputDir: join(dirname(import.meta.dirname), 'test-results'),
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: 'list',
  use: {
    launchOptions: { executablePath: ensureBrowser(), args: browserArguments() },
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'served', metadata: { launcher: 'served' } },
    ...(electron.found
      ? [{ name: 'electron', metadata: { launcher: 'electron', binary: electron.binary } }]
      : []),
  ],
});
