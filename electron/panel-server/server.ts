/** Serves the panel to browsers of this machine: its files, one-time links, and the WebSocket door, all on loopback. */
import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import type { AnyRouter } from '@orpc/server';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { TracksideError } from '../../shared/errors.ts';
import { contentSecurityDirectives } from '../doors/content-security-policy.ts';
import { type ReportFault, reportFaultToStderr } from '../doors/errors.ts';
import { maxMessageLength } from '../doors/message.ts';
import { attachWebSocket } from '../doors/web-socket.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { type Admission, createAdmission } from './admission.ts';
import { addDownloads, type FindDownload } from './downloads.ts';
import { isAllowedHost, isOwnOrigin } from './guards.ts';
import {
  enteredPage,
  faultPage,
  noSessionPage,
  notFoundPage,
  type PlainPage,
  pageStyleHash,
  usedLinkPage,
  wrongHostPage,
  wrongOriginPage,
} from './pages.ts';

const loopback = '127.0.0.1';

export interface PanelServerOptions {
  router: AnyRouter;
  /** Folder with the built page; nothing outside it is ever served. */
  staticFolder: string;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Saved files; without it there are none. */
  findDownload?: FindDownload;
  clock?: Clock;
  reportFault?: ReportFault;
}

export interface PanelServer {
  readonly port: number;
  /** Makes a one-time link to the panel; the one before it is no longer good. */
  newLink(): string;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/**
 * Starts the server.
 * @throws TracksideError CONFLICT when the port is in use, HOST_FAILED when it may not be used
 */
export async function startPanelServer(options: PanelServerOptions): Promise<PanelServer> {
  const { clock = systemClock, reportFault = reportFaultToStderr } = options;
  const admission = createAdmission({ clock });
  const server = Fastify({ bodyLimit: 4096, forceCloseConnections: true, exposeHeadRoutes: false });
  const port = (): number => {
    const address = server.server.address();
    return typeof address === 'object' && address ? address.port : options.port;
  };

  await addPlugins(server);
  addGuards(server, admission, port);
  addFailurePages(server, reportFault);
  addEntrance(server, admission, port);
  addDoor(server, options.router, { clock, reportFault });
  addDownloads(server, options.findDownload ?? (() => null));
  addFiles(server, options.staticFolder);
  await listen(server, options.port);
  return {
    port: port(),
    newLink: () => `http://${loopback}:${port()}/enter?token=${admission.newToken()}`,
    async close() {
      for (const socket of server.websocketServer.clients) socket.terminate();
      await server.close();
    },
  };
}

async function addPlugins(server: FastifyInstance): Promise<void> {
  await server.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: contentSecurityDirectives([pageStyleHash]),
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false,
  });
  await server.register(fastifyCookie);
  await server.register(fastifyWebsocket, { options: { maxPayload: maxMessageLength } });
}

function send(reply: FastifyReply, { status, html }: PlainPage): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}

/** Cookies are shared by all ports of a host, so the port is part of the name. */
const cookieName = (port: number): string => `trackside-${port}`;

function addGuards(server: FastifyInstance, admission: Admission, port: () => number): void {
  server.addHook('onRequest', async (request, reply) => {
    const { host } = request.headers;
    if (!host || !isAllowedHost(host, port())) return send(reply, wrongHostPage(port()));
    const onlyReads = (request.method === 'GET' || request.method === 'HEAD') && !request.ws;
    if (!onlyReads && !isOwnOrigin(request.headers.origin, host)) return send(reply, wrongOriginPage);
    const [path] = request.url.split('?', 1);
    if (onlyReads && (path === '/enter' || path === '/entered')) return;
    if (!isSignedIn(request, admission, port())) return send(reply, noSessionPage);
  });
}

function addFailurePages(server: FastifyInstance, reportFault: ReportFault): void {
  server.setNotFoundHandler((_request, reply) => send(reply, notFoundPage));
  server.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status < 500) return send(reply, notFoundPage);
    reportFault(error, `${request.method} ${request.routeOptions.url ?? ''}`);
    return send(reply, faultPage);
  });
}

function isSignedIn(request: FastifyRequest, admission: Admission, port: number): boolean {
  const session = request.cookies[cookieName(port)];
  return session !== undefined && admission.isSignedIn(session);
}

function addEntrance(server: FastifyInstance, admission: Admission, port: () => number): void {
  server.get('/enter', (request, reply) => {
    const { token } = request.query as { token?: unknown };
    const session = typeof token === 'string' ? admission.redeem(token) : null;
    if (!session && !isSignedIn(request, admission, port())) return send(reply, usedLinkPage);
    if (session)
      reply.setCookie(cookieName(port()), session, { path: '/', httpOnly: true, sameSite: 'strict' });
    return reply.header('cache-control', 'no-store').redirect('/entered', 303);
  });
  server.get('/entered', (request, reply) => {
    if (!isSignedIn(request, admission, port())) return send(reply, enteredPage);
    return reply.header('cache-control', 'no-store').redirect('/', 303);
  });
  server.get('/session', (_request, reply) => reply.code(204).header('cache-control', 'no-store').send());
}

function addDoor(
  server: FastifyInstance,
  router: AnyRouter,
  options: { clock: Clock; reportFault: ReportFault },
): void {
  server.register(async (scope) => {
    scope.get('/rpc', { websocket: true }, (socket) => attachWebSocket(router, socket, options));
  });
}

function addFiles(server: FastifyInstance, staticFolder: string): void {
  const hashedFiles = join(staticFolder, 'assets', '/');
  server.register(fastifyStatic, {
    root: staticFolder,
    dotfiles: 'ignore',
    decorateReply: false,
    cacheControl: false,
    setHeaders(reply, path) {
      const forever = path.startsWith(hashedFiles);
      reply.header('cache-control', forever ? 'private, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

async function listen(server: FastifyInstance, port: number): Promise<void> {
  try {
    await server.listen({ host: loopback, port });
  } catch (error) {
    await server.close();
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE') {
      throw new TracksideError('CONFLICT', `Port ${port} of this machine is in use by another program.`, {
        remedy: `Choose another with --port, for example --port ${port + 1}, or stop the other program.`,
        cause: error,
      });
    }
    throw new TracksideError('HOST_FAILED', `The panel cannot listen on port ${port} of this machine.`, {
      remedy:
        code === 'EACCES' ? 'Choose a port above 1023 with --port.' : 'Choose another port with --port.',
      cause: error,
    });
  }
}
