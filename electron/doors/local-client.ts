/** The other end of the local socket: a client for a terminal. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { contract } from '../../shared/contract.ts';
import { TracksideError } from '../../shared/errors.ts';
import { localSocketPath } from './local-socket.ts';

export type LocalClient = ContractRouterClient<typeof contract>;

/**
 * Connects to the engine that has this data folder.
 * @throws TracksideError CONFLICT when none runs
 */
export async function connectLocally(dataFolder: string): Promise<{ client: LocalClient; close(): void }> {
  const socket = new WebSocket(`ws+unix://${localSocketPath(dataFolder)}:/`);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', (cause) =>
      reject(
        new TracksideError('CONFLICT', `No Trackside runs with the data folder ${dataFolder}.`, {
          remedy: 'Start it with “npm start” or “npm run serve”, or name its folder with --data-folder.',
          cause,
        }),
      ),
    );
  });
  // ws speaks the same events as the browser's WebSocket, which the link is typed for.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient(link), close: () => socket.terminate() };
}
