/** The application menu: what the platform expects, and nothing that the panel has itself. */
import type { Menu, MenuItemConstructorOptions } from 'electron';

/**
 * The menu's parts.
 * @param isDevelopment adds reloading and the developer tools
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  isDevelopment: boolean,
): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
  ];
  if (isDevelopment) view.push({ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' });
  const ofPlatform: MenuItemConstructorOptions[] =
    platform === 'darwin' ? [{ role: 'appMenu' }] : [{ label: 'File', submenu: [{ role: 'quit' }] }];
  return [...ofPlatform, { role: 'editMenu' }, { label: 'View', submenu: view }, { role: 'windowMenu' }];
}

export function setupMenu(menu: typeof Menu, platform: NodeJS.Platform, isDevelopment: boolean): void {
  menu.setApplicationMenu(menu.buildFromTemplate(menuTemplate(platform, isDevelopment)));
}
