/** Runs the served panel until somebody ends it, and ends this process with a plain sentence when it cannot run. */
import { join } from 'node:path';
import { TracksideError } from '../../shared/errors.ts';
import { withLocalSocket } from '../doors/local-socket.ts';
import { createEngine, type Engine } from '../engine.ts';
import { systemClock } from '../platform/clock.ts';
import { routeThroughProxy } from '../platform/proxy.ts';
import { createKeyringStore } from '../platform/secrets.ts';
import { createSignals } from '../quitting/signals.ts';
import { hasScreen } from './browser.ts';
import type { PanelCommand } from './command.ts';
import { runPanel } from './run-panel.ts';

export interface ProgramOptions {
  command: PanelCommand;
  /** Whether a browser is opened when the command does not say. */
  opensByItself: boolean;
  /** Folder with the whole build. */
  outFolder: string;
  version: string;
}

/**
 * Serves the panel in this process. SIGTERM waits for running jobs; SIGINT and SIGHUP end it in order and leave the
 * runners at work; what a person asks for in the panel ends it as well.
 */
export async function servePanel(options: ProgramOptions): Promise<void> {
  const { command, opensByItself, outFolder, version } = options;
  const { env } = process;
  let engine: Engine | null = null;
  const opening = runPanel({
    command,
    staticFolder: join(outFolder, 'renderer'),
    open: (command.open ?? opensByItself) && hasScreen(process.platform, env),
    terminal: { input: process.stdin, output: process.stdout },
    env,
    async openEngine() {
      routeThroughProxy(env);
      engine = await createEngine({
        ...command.folders,
        secrets: await createKeyringStore(),
        version,
        demo: command.demo,
        servesDownloads: true,
        nodePath: process.execPath,
        practiceRunnerFolder: join(outFolder, 'practice-runner'),
        onQuit: close,
      });
      return withLocalSocket(engine, command.folders.dataFolder);
    },
  });
  let closing = false;
  function close(): void {
    if (closing) return;
    closing = true;
    opening.then((panel) => panel.close()).then(() => process.exit(0), exitWith);
  }
  await opening.catch(exitWith);
  const signals = createSignals({
    engine: () => engine,
    clock: systemClock,
    say: (line) => process.stdout.write(`\n${line}\n`),
    close,
    closeAtOnce: () => process.exit(1),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, signals.receive);
}

function exitWith(error: unknown): never {
  if (error instanceof TracksideError) {
    process.stderr.write(`${error.message}${error.data.remedy ? ` ${error.data.remedy}` : ''}\n`);
  } else {
    process.stderr.write(`Trackside could not start: ${error instanceof Error ? error.stack : error}\n`);
  }
  process.exit(1);
}
