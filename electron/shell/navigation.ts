/** The window stays on its page. Links to allowed places open in the person's own browser instead. */
import type { WebContents } from 'electron';
import { isOwnPage } from './page-address.ts';

/**
 * @param isAllowed whether an address may be opened outside
 * @param openOutside opens it there
 */
export function setupNavigation(
  contents: WebContents,
  isAllowed: (address: string) => boolean,
  openOutside: (address: string) => Promise<void>,
): void {
  const leadOutside = (address: string): void => {
    if (isAllowed(address)) void openOutside(address).catch(() => {});
  };
  contents.on('will-navigate', (event) => {
    if (isOwnPage(event.url)) return;
    event.preventDefault();
    leadOutside(event.url);
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    leadOutside(url);
    return { action: 'deny' };
  });
}
