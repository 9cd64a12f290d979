/**
 * Finds a browser for the end-to-end tests, and sets one up where there is none: an installed Chromium or Chrome first;
 * else Playwright's own; else, as root on Debian, the package `chromium`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function installedBrowser(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...macPaths];
  return candidates.find((path) => existsSync(path)) ?? null;
}

function playwrightBrowser(): string | null {
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : null;
}

/** The browser to use, or null when none is installed yet. `TRACKSIDE_BROWSER` names one explicitly. */
export function findBrowser(): string | null {
  return process.env.TRACKSIDE_BROWSER ?? installedBrowser() ?? playwrightBrowser();
}

function run(command: string, args: string[]): boolean {
  console.log(`> ${[command, ...args].join(' ')}`);
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** Finds a browser, installing one when there is none. Throws with what to do when that is not possible. */
export function ensureBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  console.log("No browser found: setting one up with Playwright's own download …");
  run('npx', ['--no-install', 'playwright', 'install', 'chromium']);
  const downloaded = playwrightBrowser();
  if (downloaded) return downloaded;
  if (isRoot() && existsSync('/etc/debian_version')) {
    console.log("That cannot be had here: setting up Debian's package chromium …");
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update'], { stdio: 'inherit', env: environment });
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      stdio: 'inherit',
      env: environment,
    });
  }
  const installed = findBrowser();
  if (installed) return installed;
  throw new Error(
    'No browser could be set up. Install Chromium or Chrome, or name one in TRACKSIDE_BROWSER.',
  );
}

/** Chromium refuses to run as root with its sandbox; everywhere else the sandbox stays on. */
export function browserArguments(): string[] {
  const quiet = [
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return isRoot() ? ['--no-sandbox', ...quiet] : quiet;
}
