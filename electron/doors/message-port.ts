/** The door over a MessagePort: serves the desktop's window. */
import {
  type MessagePortMainLike,
  onMessagePortClose,
  onMessagePortMessage,
  type SupportedMessagePort,
} from '@orpc/client/message-port';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { createErrorInterceptor, type ReportFault, reportFaultToStderr } from './errors.ts';
import { isRpcMessage } from './message.ts';

/** A port of Node (`MessageChannel`) or of Electron's main process (`MessagePortMain`). */
export type DoorPort = SupportedMessagePort & { start(): void };

/**
 * Serves `router` on `port` until the port closes; open subscriptions are aborted then. Messages that are not of the
 * protocol are dropped and reported.
 */
export function attachMessagePort(
  router: AnyRouter,
  port: DoorPort,
  options: { reportFault?: ReportFault } = {},
): void {
  const reportFault = options.reportFault ?? reportFaultToStderr;
  const handler = new RPCHandler(router, { clientInterceptors: [createErrorInterceptor(reportFault)] });
  const guarded: MessagePortMainLike = {
    postMessage: (data: unknown) => port.postMessage(data),
    on(event, callback) {
      if (event === 'close') onMessagePortClose(port, () => callback());
      if (event !== 'message') return;
      onMessagePortMessage(port, (data: unknown) => {
        if (isRpcMessage(data)) callback({ data });
        else reportFault(new Error('A message that is not a call was dropped.'), 'MessagePort');
      });
    },
  };
  handler.upgrade(guarded, { context: {} });
  port.start();
}
