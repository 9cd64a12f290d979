/** The diagnostic logs `_diag/Runner_…-utc.log` and `_diag/Worker_…-utc.log`, one per process. */
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeOutput } from './output.ts';
import { fileTime, listenerTime, reasonOf } from './text.ts';

export interface Trace {
  info(source: string, message: string): void;
  error(source: string, error: unknown): void;
}

/**
 * Opens the log of this process. `ACTIONS_RUNNER_PRINT_LOG_TO_STDOUT=1` prints its lines too, as `[RUNNER … INFO …]`.
 * A disk that is full loses lines, never the runner.
 */
export function openTrace(root: string, kind: 'Runner' | 'Worker', environment: NodeJS.ProcessEnv): Trace {
  const folder = join(root, '_diag');
  const prints = /^(1|true)$/i.test(environment.ACTIONS_RUNNER_PRINT_LOG_TO_STDOUT ?? '');
  let file: number | null = null;
  const write = (level: string, source: string, message: string): void => {
    const line = `${listenerTime(Date.now())} ${level} ${source}] ${message}\n`;
    if (prints) writeOutput(`[${kind.toUpperCase()} ${line}`);
    try {
      if (file === null) mkdirSync(folder, { recursive: true });
      file ??= openSync(join(folder, `${kind}_${fileTime(Date.now())}.log`), 'a');
      writeSync(file, `[${line}`);
    } catch {}
  };
  return {
    info: (source, message) => write('INFO', source, message),
    error: (source, error) => write('ERR ', source, reasonOf(error)),
  };
}
