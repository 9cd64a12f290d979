/** Runs the served panel until somebody ends it, and ends this process with a plain sentence when it cannot run. */
import { join } from 'node:path';
import { TracksideError } from '../../shared/errors.ts';
import { withLocalSocket } from '../doors/local-socket.ts';
import { createEngine } from '../engine.ts';
import { routeThroughProxy } from '../platform/proxy.ts';
import { createKeyringStore } from '../platform/secrets.ts';
import { hasScreen } from './browser.ts';
import type { PanelCommand } from './command.ts';
import { type RunningPanel, runPanel } from './run-panel.ts';

export interface ProgramOptions {
  command: PanelCommand;
  /** Whether a browser is opened when the command does not say. */
  opensByItself: boolean;
  /** Folder with the whole build. */
  outFolder: string;
  version: string;
}

/** Serves the panel in this process; SIGINT, SIGTERM and SIGHUP end it in order, a second signal at once. */
export async function servePanel(options: ProgramOptions): Promise<void> {
  const { command, opensByItself, outFolder, version } = options;
  const { env } = process;
  let panel: RunningPanel;
  try {
    routeThroughProxy(env);
    panel = await runPanel({
      command,
      staticFolder: join(outFolder, 'renderer'),
      open: (command.open ?? opensByItself) && hasScreen(process.platform, env),
      terminal: { input: process.stdin, output: process.stdout },
      env,
      openEngine: async () => {
        const engine = await createEngine({
          ...command.folders,
          secrets: await createKeyringStore(),
          version,
          demo: command.demo,
          nodePath: process.execPath,
          practiceRunnerFolder: join(outFolder, 'practice-runner'),
        });
        return withLocalSocket(engine, command.folders.dataFolder);
      },
    });
  } catch (error) {
    exitWith(error);
  }
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    process.stdout.write('\nClosing Trackside…\n');
    panel.close().then(() => process.exit(0), exitWith);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
}

function exitWith(error: unknown): never {
  if (error instanceof TracksideError) {
    process.stderr.write(`${error.message}${error.data.remedy ? ` ${error.data.remedy}` : ''}\n`);
  } else {
    process.stderr.write(`Trackside could not start: ${error instanceof Error ? error.stack : error}\n`);
  }
  process.exit(1);
}
