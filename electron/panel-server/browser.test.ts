import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { hasScreen, openInBrowser } from './browser.ts';

test.each<[NodeJS.Platform, NodeJS.ProcessEnv, boolean]>([
  ['linux', {}, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['linux', { WSL_DISTRO_NAME: 'Debian' }, true],
  ['linux', { DISPLAY: ':0', CI: 'true' }, false],
  ['linux', { DISPLAY: ':0', BROWSER: 'none' }, false],
  ['darwin', {}, true],
  ['darwin', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, false],
  ['win32', {}, true],
])('on %s with %o a browser can appear: %s', (platform, env, expected) => {
  expect(hasScreen(platform, env)).toBe(expected);
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'browser-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A real program that stands in for the browser and notes what it was started with. */
async function installBrowser(): Promise<() => Promise<string>> {
  const notes = join(folder, 'started-with');
  const program = join(folder, 'browser');
  await writeFile(program, `#!/bin/sh\nprintf '%s' "$*" > ${notes}.part && mv ${notes}.part ${notes}\n`, {
    mode: 0o755,
  });
  vi.stubEnv('BROWSER', program);
  vi.stubEnv('DISPLAY', ':0');
  vi.stubEnv('HOME', folder);
  // No desktop's own choice of a program for pages, so that BROWSER decides.
  vi.stubEnv('XDG_DATA_DIRS', folder);
  vi.stubEnv('XDG_DATA_HOME', folder);
  for (const name of [
    'XDG_CURRENT_DESKTOP',
    'DESKTOP_SESSION',
    'KDE_FULL_SESSION',
    'GNOME_DESKTOP_SESSION_ID',
  ]) {
    vi.stubEnv(name, '');
  }
  return async () => {
    const changes = watch(folder, { signal: AbortSignal.timeout(10_000) });
    if (!existsSync(notes)) for await (const _change of changes) if (existsSync(notes)) break;
    return readFileSync(notes, 'utf8');
  };
}

const link = 'http://127.0.0.1:7317/enter?token=planted-token';

test.runIf(process.platform === 'linux')(
  'the browser gets a page that only this user can read, and never the link itself',
  async () => {
    const startedWith = await installBrowser();
    const clock = createManualClock();
    const deletePage = await openInBrowser(link, {}, clock);
    const argument = await startedWith();
    expect(argument).toMatch(/^file:\/\/.*\/trackside-open-[\w-]+\.html$/);
    expect(argument).not.toContain('planted-token');
    const page = fileURLToPath(argument);
    expect(statSync(page).mode & 0o777).toBe(0o600);
    expect(readFileSync(page, 'utf8')).toContain(`url=${link}`);
    deletePage();
    expect(existsSync(page)).toBe(false);
  },
);

test.runIf(process.platform === 'linux')('the page is gone after a minute', async () => {
  const startedWith = await installBrowser();
  const clock = createManualClock();
  await openInBrowser(link, {}, clock);
  const page = fileURLToPath(await startedWith());
  await clock.advance(59_999);
  expect(existsSync(page)).toBe(true);
  await clock.advance(1);
  expect(existsSync(page)).toBe(false);
});
