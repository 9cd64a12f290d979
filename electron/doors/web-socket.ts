/** The door over a WebSocket: serves the panel in a browser. */
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import { type Clock, systemClock } from '../platform/clock.ts';
import { createErrorInterceptor, type ReportFault, reportFaultToStderr } from './errors.ts';
import { isRpcMessage } from './message.ts';

/** How often the peer is asked whether it still lives; one that has not answered by the next time is cut off. */
export const pingPeriodMs = 20_000;

/** WebSocket close code for a message that breaks the rules (RFC 6455, 7.4.1). */
const policyViolation = 1008;

/**
 * Serves `router` on `socket` until it closes; open subscriptions are aborted then. Sending waits until the socket has
 * taken the message, so that an event stream to a slow reader is held back at its source instead of piling up here.
 */
export function attachWebSocket(
  router: AnyRouter,
  socket: WebSocket,
  options: { reportFault?: ReportFault; clock?: Clock } = {},
): void {
  const { reportFault = reportFaultToStderr, clock = systemClock } = options;
  const handler = new RPCHandler(router, { clientInterceptors: [createErrorInterceptor(reportFault)] });

  const send = (data: string | Uint8Array): Promise<void> =>
    new Promise((resolve) => socket.send(data, () => resolve()));
  const addEventListener: WebSocket['addEventListener'] = (type, listener, listenerOptions) => {
    if (type !== 'message') return socket.addEventListener(type, listener, listenerOptions);
    socket.addEventListener('message', (event) => {
      if (isRpcMessage(event.data)) (listener as (event: unknown) => void)(event);
      else socket.close(policyViolation, 'not a call');
    });
  };
  void handler.upgrade({ addEventListener, send: send as WebSocket['send'] }, { context: {} });
  keepAlive(socket, clock);
}

function keepAlive(socket: WebSocket, clock: Clock): void {
  let answered = true;
  const stop = clock.every(pingPeriodMs, () => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  });
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', stop);
  socket.on('error', () => socket.terminate());
}
