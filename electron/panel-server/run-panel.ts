/** The served panel as a program: engine, server, and a terminal that hands out links. */
import { createInterface } from 'node:readline';
import type { AnyRouter } from '@orpc/server';
import { TracksideError } from '../../shared/errors.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { openInBrowser } from './browser.ts';
import { type PanelCommand, usualPort } from './command.ts';
import type { FindDownload } from './downloads.ts';
import { type PanelServer, startPanelServer } from './server.ts';

export interface ServedEngine {
  router: AnyRouter;
  /** Files that it saved for browsers. */
  downloads?: { find: FindDownload };
  dispose(): Promise<void>;
}

export interface RunPanelOptions {
  command: Pick<PanelCommand, 'port'>;
  /** Folder with the built page. */
  staticFolder: string;
  openEngine: () => Promise<ServedEngine>;
  /** Whether to open the first link in a browser. */
  open: boolean;
  terminal: { input: NodeJS.ReadableStream & { isTTY?: boolean }; output: NodeJS.WritableStream };
  env: NodeJS.ProcessEnv;
  clock?: Clock;
}

export interface RunningPanel {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts engine and server and prints one line with a link. In a terminal, Enter prints a new one.
 * @throws TracksideError when the data folder or the port is in use
 */
export async function runPanel(options: RunPanelOptions): Promise<RunningPanel> {
  const { command, staticFolder, openEngine, open, terminal, env, clock = systemClock } = options;
  const engine = await openEngine();
  let server: PanelServer;
  try {
    server = await listen(command.port, (port) =>
      startPanelServer({
        ...{ router: engine.router, staticFolder, port, clock },
        findDownload: engine.downloads?.find,
      }),
    );
  } catch (error) {
    await engine.dispose();
    throw error;
  }
  const inTerminal = terminal.input.isTTY === true;
  const printLink = (): string => {
    const link = server.newLink();
    const hint = inTerminal ? '; Enter gives a new link' : '';
    terminal.output.write(`Trackside is open at ${link} (once, within ten minutes${hint})\n`);
    return link;
  };
  const lines = inTerminal ? createInterface({ input: terminal.input }) : null;
  lines?.on('line', printLink);
  const link = printLink();
  const forgetLink = open ? await openForPerson(link, terminal.output, env, clock) : () => {};
  return {
    port: server.port,
    async close() {
      lines?.close();
      forgetLink();
      await server.close();
      await engine.dispose();
    },
  };
}

async function openForPerson(
  link: string,
  output: NodeJS.WritableStream,
  env: NodeJS.ProcessEnv,
  clock: Clock,
): Promise<() => void> {
  try {
    return await openInBrowser(link, env, clock);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    output.write(`No browser could be opened (${reason}); open the link above yourself.\n`);
    return () => {};
  }
}

/** Listens on the port asked for, else on the usual one, else on one that is free. */
async function listen(
  port: number | null,
  start: (port: number) => Promise<PanelServer>,
): Promise<PanelServer> {
  if (port !== null) return start(port);
  try {
    return await start(usualPort);
  } catch (error) {
    if (error instanceof TracksideError && error.code === 'CONFLICT') return start(0);
    throw error;
  }
}
