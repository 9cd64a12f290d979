/** `bin/Runner.Listener`: configures, removes or runs a runner (Program.cs, Runner.cs). */
import { dirname, resolve } from 'node:path';
import { isConfigured, readSettings, writeJitConfiguration } from './common/configuration.ts';
import { type Release, readRelease } from './common/release.ts';
import { reasonOf } from './common/text.ts';
import { openTrace, type Trace } from './common/trace.ts';
import { createRunnerClock } from './common/waits.ts';
import { type CommandLine, readCommandLine } from './listener/command-line.ts';
import { configure } from './listener/configure.ts';
import { loadEnvironmentFile } from './listener/environment-file.ts';
import { exitCodes, Terminated, VersionDeprecated } from './listener/exit-codes.ts';
import { deleteLocalConfiguration, remove } from './listener/remove.ts';
import { run } from './listener/run.ts';
import { createTerminal, type Terminal } from './listener/terminal.ts';
import { usage } from './listener/usage.ts';

/** How long a job may take to end after SIGTERM. */
const exitOnUnloadMs = 30_000;

interface Program {
  root: string;
  release: Release;
  line: CommandLine;
  terminal: Terminal;
  trace: Trace;
}

/** Handles `configure` and `remove`. @returns the exit code */
async function change(program: Program, work: () => Promise<void>): Promise<number> {
  process.on('SIGINT', () => {
    program.terminal.writeLine('Exiting...');
    process.exit(exitCodes.terminatedError);
  });
  try {
    await work();
    return exitCodes.success;
  } catch (error) {
    program.terminal.writeError(reasonOf(error));
    return exitCodes.terminatedError;
  }
}

/** Aborts when the process is told to stop. SIGINT waits for the job's end; SIGTERM does so for 30 s. */
function createShutdown(terminal: Terminal): AbortSignal {
  const shutdown = new AbortController();
  process.on('SIGINT', () => {
    terminal.writeLine('Exiting...');
    shutdown.abort();
  });
  const unload = (code: number) => (): void => {
    shutdown.abort();
    process.exitCode = code;
    setTimeout(() => process.exit(code), exitOnUnloadMs).unref();
  };
  process.on('SIGTERM', unload(exitCodes.terminated));
  process.on('SIGHUP', unload(exitCodes.hangup));
  return shutdown.signal;
}

async function listen(program: Program): Promise<number> {
  const { root, line, terminal } = program;
  const jitConfiguration = line.value('jitconfig');
  if (jitConfiguration) {
    try {
      writeJitConfiguration(root, jitConfiguration);
    } catch (error) {
      terminal.writeError(reasonOf(error));
      return exitCodes.terminatedError;
    }
  }
  if (!isConfigured(root))
    throw new Terminated('Not configured. Run config.(sh/cmd) to configure the runner.');
  const settings = readSettings(root);
  if (line.command !== 'run') {
    terminal.writeLine(usage(program.release));
    return exitCodes.success;
  }
  if (line.flag('once')) {
    terminal.writeLine(
      "Warning: '--once' is going to be deprecated in the future, please consider using '--ephemeral' during runner registration.",
    );
    terminal.writeLine(
      'https://docs.github.com/en/actions/hosting-your-own-runners/autoscaling-with-self-hosted-runners#using-ephemeral-runners-for-autoscaling',
    );
  }
  const { env: environment } = process;
  const once = line.flag('once') || settings.Ephemeral === true;
  const clock = createRunnerClock(environment);
  const shutdown = createShutdown(terminal);
  return run({ ...program, settings, environment, clock, random: Math.random, shutdown, once });
}

async function execute(program: Program): Promise<number> {
  const { root, release, line, terminal } = program;
  if (line.flag('help')) {
    terminal.writeLine(usage(release));
    return exitCodes.success;
  }
  if (line.flag('version') || line.flag('commit')) {
    terminal.writeLine(line.flag('version') ? release.version : 'practice');
    return exitCodes.success;
  }
  const context = { ...program, clock: createRunnerClock(process.env) };
  if (line.command === 'configure') return change(program, () => configure(context));
  if (line.command === 'remove' && line.flag('local')) {
    deleteLocalConfiguration(root, terminal);
    return exitCodes.success;
  }
  if (line.command === 'remove') return change(program, () => remove(context));
  return listen(program);
}

async function main(): Promise<number> {
  const root = dirname(dirname(resolve(process.argv[1] ?? '')));
  loadEnvironmentFile(root, process.env);
  const line = readCommandLine(process.argv.slice(2), process.env);
  const trace = openTrace(root, 'Runner', process.env);
  const terminal = createTerminal(trace);
  const release = readRelease(root);
  trace.info('Listener', `Version: ${release.version}`);
  if (line.unknown.length > 0) {
    const given = `'${line.unknown.join(', ')}'. For usage refer to: .\\config.cmd --help or ./config.sh --help`;
    terminal.writeError(
      line.command
        ? `Unrecognized command-line input arguments for command ${line.command}: ${given}`
        : `This command does not recognize the command-line input arguments: ${given}`,
    );
  }
  try {
    const code = await execute({ root, release, line, terminal, trace });
    trace.info('Listener', `Runner execution has finished with return code ${code}`);
    return code;
  } catch (error) {
    trace.error('Listener', error);
    if (error instanceof Error && error.name === 'AbortError') return exitCodes.success;
    terminal.writeError(`An error occurred: ${reasonOf(error)}`);
    if (error instanceof VersionDeprecated) {
      const isTold = /^(1|true)$/i.test(process.env.ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE ?? '');
      return isTold ? exitCodes.versionDeprecated : exitCodes.terminatedError;
    }
    return error instanceof Terminated ? exitCodes.terminatedError : exitCodes.retryableError;
  }
}

const code = await main();
process.exit(process.exitCode ?? code);
