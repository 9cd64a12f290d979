/** One window per data folder: a second start shows the first one's window and ends. */
import type { App, BrowserWindow } from 'electron';

/**
 * @param window the window to show; null while there is none
 * @returns false when another instance runs and this one has to end
 */
export function setupSingleInstance(app: App, window: () => BrowserWindow | null): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', () => {
    const shown = window();
    if (!shown) return;
    if (shown.isMinimized()) shown.restore();
    shown.show();
    shown.focus();
  });
  return true;
}
