/** The desktop application: an ordered list of what is set up, one file per part of Electron in `shell/`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  session,
  shell,
} from 'electron';
import packageFile from '../package.json' with { type: 'json' };
import { TracksideError } from '../shared/errors.ts';
import { attachMessagePort } from './doors/message-port.ts';
import type { Engine } from './engine.ts';
import { parsePanelCommand } from './panel-server/command.ts';
import { systemClock } from './platform/clock.ts';
import { createSignals } from './quitting/signals.ts';
import { setupCrashReload } from './shell/crash-reload.ts';
import { openDesktopEngine } from './shell/desktop-engine.ts';
import { isAllowedOutside } from './shell/external-links.ts';
import { setupMenu } from './shell/menu.ts';
import { setupNavigation } from './shell/navigation.ts';
import { setupNotifications } from './shell/notifications.ts';
import { pageAddress } from './shell/page-address.ts';
import { registerPageScheme, setupPageScheme } from './shell/page-scheme.ts';
import { setupPermissions } from './shell/permissions.ts';
import { setupPort } from './shell/port.ts';
import { setupPower } from './shell/power.ts';
import { type Quit, setupQuit } from './shell/quit.ts';
import { setupSingleInstance } from './shell/single-instance.ts';
import { createPanelWindow } from './shell/window.ts';

const command = parsePanelCommand({
  name: 'trackside',
  description: 'Opens the Trackside panel.',
  version: packageFile.version,
  args: process.argv.slice(1),
  env: process.env,
  lenient: true,
});
const outFolder = join(import.meta.dirname, '..');
let window: BrowserWindow | null = null;
let quit: Quit | null = null;

/** Chromium keeps its own files beside ours, so that a second data folder is a second application. */
mkdirSync(command.folders.dataFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', join(command.folders.dataFolder, 'desktop'));
app.enableSandbox();
Menu.setApplicationMenu(null);
registerPageScheme(protocol);
if (setupSingleInstance(app, () => window)) void app.whenReady().then(openPanel);
else app.quit();

function openPanel(): void {
  const isDevelopment = !app.isPackaged;
  setupPermissions(session.defaultSession);
  setupPageScheme(protocol, join(outFolder, 'renderer'));
  setupMenu(Menu, process.platform, isDevelopment);
  window = createPanelWindow({
    preloadFile: join(outFolder, 'preload', 'preload.cjs'),
    isDark: nativeTheme.shouldUseDarkColors,
    isDevelopment,
  });
  const engine = openDesktopEngine({ app, command, outFolder, safeStorage, onQuit: () => quit?.end() });
  engine.catch(fail);
  quit = setupQuit({ app, dialog, window, engine });
  engine.then(
    (opened) => {
      setupSignals(opened);
      setupPower({ powerMonitor, powerSaveBlocker, engine: opened });
      setupNotifications({
        isSupported: () => Notification.isSupported(),
        create: (options) => new Notification(options),
        incidents: opened.incidents,
        open: openAt,
        onFault: (error) => process.stderr.write(`trackside: ${error}\n`),
      });
    },
    () => {},
  );
  setupWindow(window, engine);
  void window.loadURL(pageAddress);
}

/** Shows the window at a place of the panel. */
function openAt(path: string): void {
  if (!window || window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  // Only what follows the # changes, so that the page stays and goes there.
  void window.loadURL(`${pageAddress}#${path}`);
}

/** The same signals as to the served panel; without them Electron quits by itself, and would ask nobody. */
function setupSignals(engine: Engine): void {
  const end = (): void => quit?.end();
  const signals = createSignals({
    engine: () => engine,
    clock: systemClock,
    say: (line) => process.stdout.write(`${line}\n`),
    close: end,
    closeAtOnce: () => app.exit(1),
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, signals.receive);
}

/** The window does not wait for the engine: its page is loaded meanwhile and its calls wait in the port. */
function setupWindow({ webContents }: BrowserWindow, engine: Promise<Engine>): void {
  let opened: Engine | null = null;
  setupCrashReload(webContents, systemClock, (reason) =>
    fail(new Error(`The panel’s page ended again and again (${reason}).`)),
  );
  setupNavigation(
    webContents,
    (address) => isAllowedOutside(address, Object.values(opened?.board.current().connections ?? {})),
    (address) => shell.openExternal(address),
  );
  setupPort({
    ipcMain,
    window: webContents,
    createChannel: () => new MessageChannelMain(),
    attach(port) {
      engine.then(
        ({ router }) => attachMessagePort(router, port),
        () => port.close(),
      );
    },
  });
  engine.then(
    (ready) => {
      opened = ready;
    },
    () => {},
  );
}

/** Says what is wrong in a window of its own and ends; the runners go on. */
function fail(error: unknown): void {
  const known = error instanceof TracksideError;
  const message = error instanceof Error ? error.message : String(error);
  dialog.showErrorBox(
    'Trackside',
    known && error.data.remedy ? `${message}\n\n${error.data.remedy}` : message,
  );
  if (quit) quit.end();
  else app.quit();
}
