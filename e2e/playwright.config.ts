import { defineConfig } from '@playwright/test';
import { findElectron } from '../electron/electron-binary.ts';
import { browserArguments, ensureBrowser } from '../scripts/browser.ts';

const electron = findElectron();
if (!electron) console.log("Electron's binary is not on this machine: the specs run on the served panel only.");

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  use: {
    launchOptions: { executablePath: ensureBrowser(), args: browserArguments() },
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'served', use: {}, metadata: { launcher: 'served' } },
    ...(electron ? [{ name: 'electron', use: {}, metadata: { launcher: 'electron', electron } }] : []),
  ],
});
