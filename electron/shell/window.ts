/** The one window. It is sandboxed and shown once it has something to show. */
import { BrowserWindow } from 'electron';

/** Backgrounds of the page's own themes, so that nothing flashes before it is painted. */
const paper = '#f6f5f2';
const night = '#111315';

export function createPanelWindow(options: {
  preloadFile: string;
  isDark: boolean;
  isDevelopment: boolean;
}): BrowserWindow {
  const window = new BrowserWindow({
    name: 'panel',
    windowStatePersistence: true,
    title: 'Trackside',
    width: 1280,
    height: 800,
    minWidth: 420,
    minHeight: 480,
    show: false,
    backgroundColor: options.isDark ? night : paper,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: options.isDevelopment,
    },
  });
  window.once('ready-to-show', () => window.show());
  return window;
}
