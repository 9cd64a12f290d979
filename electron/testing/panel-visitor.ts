/** A visitor of the served panel who writes down everything the server ever said to it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { AnyRouter } from '@orpc/server';
import { WebSocket } from 'ws';
import type { contract } from '../../shared/contract.ts';
import { startPanelServer } from '../panel-server/server.ts';

export interface PanelVisitor {
  client: ContractRouterClient<typeof contract>;
  /** What came over the WebSocket, message by message. */
  heard: string[];
  /** The one-time link's token and the session it was swapped for. */
  keys: string[];
  close(): Promise<void>;
}

/** Serves a router, opens a one-time link as a browser would and connects. @param folder for the page's files */
export async function visitPanel(router: AnyRouter, folder: string): Promise<PanelVisitor> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), '<title>Panel</title>');
  const server = await startPanelServer({ router, staticFolder: folder, port: 0 });
  const link = new URL(server.newLink());
  const entered = await fetch(link, { redirect: 'manual' });
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${link.host}/rpc`, { headers: { cookie, origin: link.origin } });
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  const client: ContractRouterClient<typeof contract> = createORPCClient(
    new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
  );
  return {
    client,
    heard,
    keys: [link.searchParams.get('token') ?? '', cookie.split('=')[1] ?? ''],
    async close() {
      socket.terminate();
      await server.close();
    },
  };
}
