/** Opening a link in the person's browser without showing it to everybody on the machine. */
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../platform/clock.ts';

/** Whether there is a screen on which a browser could appear. */
export function hasScreen(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  if (env.BROWSER === 'none' || env.CI) return false;
  if (platform !== 'linux') return !env.SSH_CONNECTION;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
}

/** Longest time for which the page that leads to the panel lies on disk. */
const pageLifetimeMs = 60_000;

/**
 * Opens `link` by way of a small page that only this user can read: a program's arguments can be read by every user of
 * the machine, and the link is a key. On Linux the page lies in the home folder, because browsers from a snap see
 * neither hidden nor temporary folders. Under WSL the browser is another system's and gets the link itself.
 * @param env this process's environment
 * @param clock measures the page's lifetime
 * @returns a function that deletes the page early
 */
export async function openInBrowser(
  link: string,
  env: NodeJS.ProcessEnv,
  clock: Pick<Clock, 'after'>,
): Promise<() => void> {
  const { default: open } = await import('open');
  if (env.WSL_DISTRO_NAME) {
    await open(link);
    return () => {};
  }
  const folder = process.platform === 'linux' ? homedir() : tmpdir();
  const page = join(folder, `trackside-open-${randomUUID()}.html`);
  writeFileSync(page, pageLeadingTo(link), { mode: 0o600, flag: 'wx' });
  const deletePage = (): void => {
    cancel();
    rmSync(page, { force: true });
  };
  const cancel = clock.after(pageLifetimeMs, deletePage);
  try {
    await open(pathToFileURL(page).href);
  } catch (error) {
    deletePage();
    throw error;
  }
  return deletePage;
}

function pageLeadingTo(link: string): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${link}"><title>Trackside</title>\n`;
}
