/** Loads the page again when its process dies, but not for ever. Runners and engine are not touched by that. */
import type { RenderProcessGoneDetails, WebContents } from 'electron';
import type { Clock } from '../platform/clock.ts';

const mostReloads = 3;
const withinMs = 60_000;

/** Creates a counter that answers whether one more reload may be made now: at most 3 within a minute. */
export function createReloadBudget(clock: Pick<Clock, 'now'>): () => boolean {
  let reloads: number[] = [];
  return () => {
    const now = clock.now();
    reloads = reloads.filter((at) => now - at < withinMs);
    if (reloads.length >= mostReloads) return false;
    reloads.push(now);
    return true;
  };
}

/** @param giveUp called when the page keeps dying, with the last reason */
export function setupCrashReload(
  contents: WebContents,
  clock: Pick<Clock, 'now'>,
  giveUp: (reason: RenderProcessGoneDetails['reason']) => void,
): void {
  const mayReload = createReloadBudget(clock);
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    if (mayReload()) contents.reload();
    else giveUp(reason);
  });
}
