/** The panel's typed client. It takes the contract's types only, so that no schema library reaches the page. */
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { bridgeKey, type DesktopBridge } from '../../shared/bridge.ts';
import type { contract } from '../../shared/contract.ts';
import type { Transport } from './connection.ts';
import { createMessagePortTransport, receivePort } from './message-port.ts';
import { createWebSocketTransport } from './web-socket.ts';

/** Every procedure of the contract as a typed function, for example `client.runners.stop({ runnerId, how: 'drain' })`. */
export type TracksideClient = ContractRouterClient<typeof contract>;

/** Makes a client that calls over `transport`. Refusals reject with an `ORPCError`; see `problemOf`. */
export function createClient(transport: Transport): TracksideClient {
  return createORPCClient(transport.link);
}

/**
 * Opens the way to the engine that this page has: the desktop's port where the preload offers one, else a WebSocket to
 * the server that the page came from.
 */
export async function openTransport(page: Window): Promise<Transport> {
  const bridge = (page as { [bridgeKey]?: DesktopBridge })[bridgeKey];
  if (bridge) {
    return createMessagePortTransport(await receivePort(page, () => bridge.requestPort()));
  }
  const transport = createWebSocketTransport({
    url: new URL('/rpc', page.location.href.replace(/^http/, 'ws')).href,
    isSignedIn: async () => (await page.fetch('/session', { cache: 'no-store' })).ok,
  });
  page.addEventListener('online', () => transport.retry());
  page.document.addEventListener('visibilitychange', () => {
    if (page.document.visibilityState === 'visible') transport.retry();
  });
  return transport;
}
