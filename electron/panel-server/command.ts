/** The options of the programs that open the panel, as typed on the command line. */
import { Command, InvalidArgumentError } from 'commander';
import { type Folders, findFolders } from '../platform/folders.ts';

/** Port that is taken when none is asked for and it is free. */
export const usualPort = 7317;

export interface PanelCommand {
  /** The port asked for; null = the usual one, or any that is free. */
  port: number | null;
  demo: boolean;
  /** Whether the panel shall be opened in a browser; null when nothing was said. */
  open: boolean | null;
  folders: Folders;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError('A port is a whole number from 1 to 65535.');
  }
  return port;
}

interface Options {
  port?: number;
  dataFolder?: string;
  demo?: boolean;
  open?: boolean;
}

/**
 * Reads the options of `serve` and `start`. Prints and exits on `--help`, `--version` and on an option it does not know.
 * @param args what follows the program's name
 */
export function parsePanelCommand(options: {
  name: string;
  description: string;
  version: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Passes over what it does not know; Chromium's own switches reach the desktop's main process this way. */
  lenient?: boolean;
}): PanelCommand {
  const { name, description, version, args, env, lenient = false } = options;
  const command = new Command(name)
    .description(description)
    .version(version)
    .option('--port <number>', `port on this machine (default: ${usualPort}, or a free one)`, parsePort)
    .option('--data-folder <path>', 'where Trackside keeps what it knows')
    .option('--demo', 'connect to the built-in demo GitHub and let it work')
    .option('--open', 'open the panel in a browser')
    .option('--no-open', 'only print the link')
    .allowExcessArguments(lenient)
    .allowUnknownOption(lenient)
    .parse(args, { from: 'user' });
  const { port = null, dataFolder, demo = false, open = null } = command.opts<Options>();
  return { port, demo, open, folders: findFolders({ demo, dataFolder, env }) };
}
