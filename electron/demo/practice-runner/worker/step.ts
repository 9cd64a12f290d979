/** Runs one step's script as a real process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JobMessageStep } from '../../github/workflow/job-message.ts';
import { createCommandFiles } from './command-files.ts';
import type { JobLog } from './job-log.ts';
import { endTree } from './processes.ts';
import { shellCommand } from './shells.ts';

export interface StepPlace {
  temp: string;
  workspace: string;
  defaults: { shell: string | null; workingDirectory: string | null };
}

export interface StepOutcome {
  conclusion: 'success' | 'failure' | 'cancelled';
  environment: Record<string, string>;
  path: string[];
}

/** Runs a step. `signal` cancels it: its processes are interrupted, then terminated, then killed. */
export async function runStep(
  step: JobMessageStep,
  environment: Record<string, string>,
  place: StepPlace,
  log: JobLog,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const id = randomUUID();
  const files = createCommandFiles(place.temp, id);
  const shell = shellCommand(step.shell ?? place.defaults.shell, environment.PATH ?? '');
  const script = join(place.temp, `${id}${shell.extension}`);
  writeFileSync(script, `${step.script}\n`, { mode: 0o700 });
  const args = shell.args.map((argument) => argument.replace('{0}', script));
  const folder = resolve(place.workspace, step.workingDirectory ?? place.defaults.workingDirectory ?? '.');
  mkdirSync(place.workspace, { recursive: true });
  announce(step, [shell.program, ...shell.args].join(' '), log);
  const limit = step.timeoutMinutes === null ? null : AbortSignal.timeout(step.timeoutMinutes * 60_000);
  const stop = limit ? AbortSignal.any([signal, limit]) : signal;
  const code = await runProcess(shell.program, args, { ...environment, ...step.env, ...files.variables }, folder, log, stop);
  if (limit?.aborted) log.write(`##[error]The action '${step.name}' has timed out after ${step.timeoutMinutes} minutes.`);
  if (code !== 0 && !stop.aborted) log.write(`##[error]Process completed with exit code ${code}.`);
  const conclusion = signal.aborted ? 'cancelled' : code === 0 && !stop.aborted ? 'success' : 'failure';
  return { conclusion, ...files.read() };
}

function announce(step: JobMessageStep, shell: string, log: JobLog): void {
  const [first = '', ...rest] = step.script.split('\n');
  log.write(`##[group]Run ${first}`);
  for (const line of [first, ...rest]) log.write(`\u001b[36;1m${line}\u001b[0m`);
  log.write(`shell: ${shell}`);
  const names = Object.entries(step.env);
  if (names.length > 0) log.write('env:');
  for (const [name, value] of names) log.write(`  ${name}: ${value}`);
  log.write('##[endgroup]');
}

function runProcess(
  program: string,
  args: string[],
  environment: Record<string, string>,
  folder: string,
  log: JobLog,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolved) => {
    const child = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const cancel = (): void => void endTree(child.pid ?? 0);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel);
    forwardLines(child, log);
    child.on('error', (error) => {
      log.write(`##[error]${error.message}`);
      resolved(127);
    });
    child.on('close', (code) => {
      signal.removeEventListener('abort', cancel);
      resolved(code ?? 143);
    });
  });
}

/** Hands whole lines to the log; `::add-mask::` commands are honoured and not shown. */
function forwardLines(child: ChildProcess, log: JobLog): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) writeLine(line, log);
    });
    stream?.on('end', () => {
      if (rest) writeLine(rest, log);
    });
  }
}

function writeLine(line: string, log: JobLog): void {
  const mask = /^::add-mask::(.*)$/.exec(line);
  if (mask) return log.mask(mask[1] ?? '');
  const command = /^::(error|warning|notice|debug|group|endgroup)(?: [^:]*)?::(.*)$/.exec(line);
  log.write(command ? `##[${command[1]}]${command[2]}` : line);
}
