/** For tests of single calls: a server on loopback that answers as told and remembers what it was asked. */
import { createServer } from 'node:http';

export interface Asked {
  method: string;
  path: string;
  body: string;
}

export interface SmallServer {
  url: string;
  asked: Asked[];
  close(): Promise<void>;
}

/** @param answer status and body for each request; `null` drops the connection */
export function openSmallServer(
  answer: (request: Asked) => { status: number; body?: unknown } | null,
): Promise<SmallServer> {
  const asked: Asked[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const request = { method: incoming.method ?? '', path: incoming.url ?? '', body };
    asked.push(request);
    const reply = answer(request);
    if (!reply) {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' });
    outgoing.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const close = () => new Promise<void>((done) => void server.close(() => done()));
      resolve({ url: `http://127.0.0.1:${port}`, asked, close });
    });
  });
}
