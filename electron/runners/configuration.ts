/** Runs `config.sh` as a child that a later engine can find, with its secret in its environment only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TracksideError } from '../../shared/errors.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { createProcessTable, type ProcessTable } from '../platform/processes.ts';
import { forgetConfigurationPid } from './control-folder.ts';
import { runnerEnvironment } from './environment.ts';
import { createLineCutter } from './log-reader.ts';
import { createSession } from './session.ts';
import { configScript } from './shim.ts';

export interface ConfigurationHost {
  processes: ProcessTable;
  clock: Clock;
  /** What the child's environment is made from. */
  environment: NodeJS.ProcessEnv;
}

let here: ConfigurationHost | null = null;

/** This host, opened once. */
export function hostHere(): ConfigurationHost {
  here ??= { processes: createProcessTable(), clock: systemClock, environment: process.env };
  return here;
}

/**
 * How long one that is cancelled may go on: the forge may be about to make a registration, which can be taken back with
 * certainty only once it is there.
 */
const farewellMs = 10_000;

/** Lines kept for finding out what went wrong. */
const keptLines = 500;

/**
 * Runs it to its end.
 * @param options `controlFolder`: gets `config.pid` while it runs and `config.log`; null for neither
 * @returns the exit code (null when it was killed) and its last lines, the token masked
 * @throws the signal's reason when it aborts and it has ended or its farewell is over, TracksideError FORGE_UNREACHABLE when
 * it takes longer than `timeoutMs`,
 * HOST_FAILED when it cannot be started; nothing of it lives then
 */
export async function runConfiguration(
  options: {
    runnerRoot: string;
    controlFolder: string | null;
    flags: readonly string[];
    token: string | null;
    signal: AbortSignal | undefined;
    timeoutMs: number;
  },
  host: ConfigurationHost,
): Promise<{ code: number | null; lines: string[] }> {
  const { runnerRoot, controlFolder, flags, token, signal, timeoutMs } = options;
  signal?.throwIfAborted();
  if (controlFolder !== null) await mkdir(controlFolder, { recursive: true, mode: 0o700 });
  const [command, args] = commandLine(controlFolder, flags);
  const child = spawn(command, args, {
    cwd: runnerRoot,
    env: runnerEnvironment(host.environment, {
      root: process.getuid?.() === 0,
      own: token === null ? {} : { ACTIONS_RUNNER_INPUT_TOKEN: token },
    }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = keepOutput(child, token, controlFolder && join(controlFolder, 'config.log'));
  const closed = once(child, 'close');
  closed.catch(() => {});
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw notStarted(runnerRoot, error);
  }
  const pid = child.pid ?? 0;
  const session = createSession(
    { pid, startToken: (await host.processes.find(pid))?.startToken ?? '' },
    host,
  );
  try {
    const code = await withinBounds(closed, { signal, timeoutMs, clock: host.clock });
    return { code, lines: await output.end() };
  } catch (error) {
    if (signal?.aborted) await endsWithin(farewellMs, closed, host.clock);
    await session.kill();
    await output.end();
    throw error;
  } finally {
    if (controlFolder !== null) await forgetConfigurationPid(controlFolder);
  }
}

function commandLine(controlFolder: string | null, flags: readonly string[]): [string, string[]] {
  if (controlFolder === null) return ['./config.sh', [...flags]];
  return ['/bin/sh', ['-c', configScript, 'trackside-config', controlFolder, ...flags]];
}

function notStarted(runnerRoot: string, cause: unknown): TracksideError {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new TracksideError('HOST_FAILED', `The runner's config.sh in ${runnerRoot} could not be started.`, {
    remedy: missing
      ? 'Its files are incomplete: remove this runner and deploy another.'
      : 'Check that this user may start more processes and that the disk allows programs (no “noexec”).',
    cause,
  });
}

/** The exit code; throws when it is told to stop or takes too long. */
async function withinBounds(
  closed: Promise<unknown[]>,
  bounds: { signal: AbortSignal | undefined; timeoutMs: number; clock: Clock },
): Promise<number | null> {
  const { signal, timeoutMs, clock } = bounds;
  const settled = new AbortController();
  const stop = signal ? AbortSignal.any([signal, settled.signal]) : settled.signal;
  const overdue = clock.sleep(timeoutMs, stop).then(() => {
    const minutes = Math.round(timeoutMs / 60_000);
    throw new TracksideError(
      'FORGE_UNREACHABLE',
      `The runner's config.sh had no answer in ${minutes} minutes.`,
      {
        remedy: 'Check the network and the proxy settings, then retry.',
      },
    );
  });
  try {
    const [code] = await Promise.race([closed, overdue]);
    return typeof code === 'number' ? code : null;
  } finally {
    overdue.catch(() => {});
    settled.abort();
  }
}

/** Resolves when it has ended or the time is over. */
async function endsWithin(timeMs: number, closed: Promise<unknown>, clock: Clock): Promise<void> {
  const ended = new AbortController();
  const over = clock.sleep(timeMs, ended.signal).catch(() => {});
  await Promise.race([closed, over]);
  ended.abort();
}

/** Keeps what a child prints, line by line, without the secret. */
function keepOutput(
  child: ChildProcess,
  secret: string | null,
  logPath: string | null,
): { end(): Promise<string[]> } {
  const log = logPath === null ? null : createWriteStream(logPath, { mode: 0o600 });
  // A log that cannot be written must not fail the registration.
  log?.on('error', () => {});
  const lines: string[] = [];
  const keep = (line: string): void => {
    const masked = secret ? line.replaceAll(secret, '***') : line;
    lines.push(masked);
    if (lines.length > keptLines) lines.shift();
    log?.write(`${masked}\n`);
  };
  const cutters = [child.stdout, child.stderr].map((stream) => {
    const cutter = createLineCutter();
    stream?.on('data', (bytes: Buffer) => {
      for (const line of cutter.push(bytes)) keep(line);
    });
    return cutter;
  });
  return {
    async end() {
      for (const cutter of cutters) if (cutter.rest()) keep(cutter.rest());
      if (log && !log.destroyed) await new Promise((resolve) => log.end(resolve));
      return lines;
    },
  };
}
