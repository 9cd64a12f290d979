/** What the desktop's preload and the page agree on. Free of imports, so that both bundles stay small. */

/** Channel on which the page's preload asks the main process for a port, and on which the port comes back. */
export const portChannel = 'trackside:port';

/** The key under which the preload shows itself to the page. */
export const bridgeKey = 'trackside';

/** What the preload offers to the page. */
export interface DesktopBridge {
  /** Asks for a port; it arrives as a window message whose data is `portChannel`. */
  requestPort(): void;
}
