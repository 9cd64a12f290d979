/** Connects the engine to its own demo GitHub, now and again after a restart. */
import type { Connection, Repository } from '../shared/model.ts';
import type { BoardPublisher } from './board.ts';
import type { DemoServer } from './demo/embedded.ts';
import type { Connections } from './forges/connections.ts';
import type { Repositories } from './forges/repositories.ts';

export interface DemoConnection {
  /** Starts the demo GitHub and connects to it and its sample repository; the same connection again when there is one. */
  connect(): Promise<{ connection: Connection; repository: Repository }>;
  /** Starts the demo GitHub of an earlier engine again, on the port its runners know. */
  resume(): Promise<void>;
}

export function createDemoConnection(options: {
  board: BoardPublisher;
  server: DemoServer;
  connections: Connections;
  repositories: Repositories;
}): DemoConnection {
  const { board, server, connections, repositories } = options;
  const earlier = (): Connection | undefined =>
    Object.values(board.current().connections).find(({ demo }) => demo);

  const connectTo = async (port: number) => {
    const github = await server.start(port);
    const connection = await connections.addWithToken({
      apiUrl: `${github.url}/api/v3`,
      webUrl: github.url,
      token: github.token,
      demo: true,
    });
    return { github, connection };
  };

  return {
    async connect() {
      const known = earlier();
      const { github, connection } = await connectTo(known ? portOf(known.apiUrl) : 0);
      const repository = await repositories.connect({
        connectionId: connection.id,
        fullName: github.repository,
      });
      return { connection, repository };
    },
    async resume() {
      const known = earlier();
      if (known) await connectTo(portOf(known.apiUrl));
    },
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
