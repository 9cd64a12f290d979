/** The way to the engine in the desktop application: a MessagePort handed over by the preload. */
import { RPCLink } from '@orpc/client/message-port';
import { portChannel } from '../../shared/bridge.ts';
import { callOn } from './calls.ts';
import { ConnectionLostError, createStateHolder, type Transport } from './connection.ts';

/** Makes calls on `port`, which the transport owns from now on. */
export function createMessagePortTransport(port: MessagePort): Transport {
  const state = createStateHolder('live');
  const link = new RPCLink({ port });
  const isBroken = (): boolean => state.get() === 'lost';
  port.addEventListener('close', () => state.set('lost'));
  port.start();
  return {
    link: {
      async call(path, input, options) {
        if (isBroken()) throw new ConnectionLostError(false);
        return callOn(link, isBroken, path, input, options);
      },
    },
    state: state.get,
    subscribe: state.subscribe,
    retry: () => {},
    close: () => port.close(),
  };
}

/**
 * Asks the preload for a port and resolves with it.
 * @param page the window in which the preload answers
 * @param requestPort the preload's function that asks for it
 */
export function receivePort(
  page: Pick<Window, 'addEventListener' | 'removeEventListener'>,
  requestPort: () => void,
): Promise<MessagePort> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports;
      if (event.source !== page || event.data !== portChannel || !port) return;
      page.removeEventListener('message', onMessage);
      resolve(port);
    };
    page.addEventListener('message', onMessage);
    requestPort();
  });
}
