/** The door for programs of the same user on this machine: a socket file that only this user can open. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AnyRouter } from '@orpc/server';
import { WebSocketServer } from 'ws';
import type { Clock } from '../platform/clock.ts';
import { type ReportFault, reportFaultToStderr } from './errors.ts';
import { attachWebSocket } from './web-socket.ts';

/** Longest path of a socket on macOS, its end included (sys/un.h: 104; Linux has 108). */
const longestPath = 103;

/**
 * Where the engine with this data folder listens. A folder whose path is too long for a socket gets one in a folder of
 * its own under the temporary one, readable by this user only.
 */
export function localSocketPath(dataFolder: string): string {
  const beside = join(dataFolder, 'engine.sock');
  if (Buffer.byteLength(beside) <= longestPath) return beside;
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  return join(tmpdir(), `trackside-${process.getuid?.() ?? 'user'}-${name}`, 'engine.sock');
}

export interface LocalSocket {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Serves the router on the socket of this data folder. The caller holds the folder's lock, so a file left there by an
 * engine that died is nobody's.
 * @throws the system's error when the socket cannot be made
 */
export async function openLocalSocket(options: {
  router: AnyRouter;
  dataFolder: string;
  clock?: Clock;
  reportFault?: ReportFault;
}): Promise<LocalSocket> {
  const { router, dataFolder, ...door } = options;
  const path = localSocketPath(dataFolder);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(path, { force: true });
  const http = createServer((_request, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => attachWebSocket(router, socket, door));
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    // The file is made for this user alone from its first moment on.
    const before = process.umask(0o177);
    http.listen(path, () => {
      http.off('error', reject);
      resolve();
    });
    process.umask(before);
  });
  await chmod(path, 0o600);
  return {
    path,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise((resolve) => http.close(resolve));
      await rm(path, { force: true });
    },
  };
}

/**
 * The same engine with its local socket open as long as it lives. Where the socket cannot be made, the engine goes on
 * without it.
 */
export async function withLocalSocket<E extends { router: AnyRouter; dispose(): Promise<void> }>(
  engine: E,
  dataFolder: string,
  reportFault: ReportFault = reportFaultToStderr,
): Promise<E> {
  const socket = await openLocalSocket({ router: engine.router, dataFolder }).catch((error: unknown) => {
    reportFault(error, 'the local socket');
    return null;
  });
  if (!socket) return engine;
  return {
    ...engine,
    async dispose() {
      await socket.close();
      await engine.dispose();
    },
  };
}
