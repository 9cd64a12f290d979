/** Runs a step's script, or a hook's (ScriptHandler.cs). */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '../../../platform/clock.ts';
import { reasonOf } from '../common/text.ts';
import type { Trace } from '../common/trace.ts';
import type { Stop } from './channel.ts';
import { createCommandReader } from './commands.ts';
import { createFileCommands, type FileCommands } from './file-commands.ts';
import { invoke } from './invoke.ts';
import type { StepLog } from './log.ts';
import type { Masks } from './masks.ts';
import { resolveShell, shellArguments } from './shell.ts';
import type { UploadArtifact } from './upload.ts';
import type { Workspace } from './workspace.ts';

/** What steps hand on to the ones after them. */
export interface JobState {
  workspace: Workspace;
  masks: Masks;
  stop: Stop;
  clock: Clock;
  trace: Trace;
  upload: UploadArtifact;
  /** Set by the workflow and by `GITHUB_ENV`. */
  variables: Map<string, string>;
  /** From `GITHUB_PATH`, the last in front. */
  path: string[];
}

export interface Script {
  /** Its text; or the path of a file that is run as it is. */
  content: { text: string } | { path: string };
  shell: string | null;
  workingDirectory: string | null;
  environment: Record<string, string>;
}

export type ScriptResult = 'success' | 'failure' | 'cancelled';

const blockedVariables = ['NODE_OPTIONS'];

function environmentOf({ workspace, variables, path }: JobState, script: Script): NodeJS.ProcessEnv {
  const own = Object.fromEntries(variables);
  const merged: NodeJS.ProcessEnv = { ...workspace.environment, ...own, ...script.environment };
  merged.PATH = [...[...path].reverse(), merged.PATH ?? ''].filter(Boolean).join(':');
  return merged;
}

/** What the log shows before a script's own output. */
function printHeader(log: StepLog, state: JobState, script: Script, shellLine: string): void {
  if ('path' in script.content) {
    log.write(`##[group]Run '${script.content.path}'`);
  } else {
    const text = script.content.text.replaceAll('\r\n', '\n');
    log.write(`##[group]Run ${text.trimStart().split('\n')[0] ?? ''}`);
    for (const line of text.replace(/\n+$/, '').split('\n')) log.write(`\u001b[36;1m${line}\u001b[0m`);
  }
  log.write(`shell: ${shellLine}`);
  const shown = new Map([...state.variables, ...Object.entries(script.environment)]);
  if (shown.size > 0) log.write('env:');
  for (const [name, value] of shown) log.write(`  ${name}: ${value}`);
  log.write('##[endgroup]');
}

/** Takes over what a step wrote into its files. @returns whether it could be read */
function takeFileCommands(files: FileCommands, state: JobState, log: StepLog): boolean {
  try {
    for (const [name, value] of files.readEnvironment()) {
      if (blockedVariables.includes(name.toUpperCase())) {
        log.error(`Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
      } else state.variables.set(name, value);
    }
    state.path = [...new Set([...state.path, ...files.readPath()])];
    return true;
  } catch (error) {
    log.error("Unable to process file command 'env' successfully.");
    log.error(reasonOf(error));
    return false;
  } finally {
    files.remove();
  }
}

/**
 * Runs it; output and errors go to the log.
 * @param signal ends it
 */
export async function runScript(
  script: Script,
  state: JobState,
  log: StepLog,
  signal: AbortSignal,
): Promise<ScriptResult> {
  const { workspace, masks, stop, clock } = state;
  const files = createFileCommands(workspace.temp);
  const environment = { ...environmentOf(state, script), ...files.variables };
  let result: ScriptResult = 'failure';
  try {
    const shell = resolveShell(script.shell, environment.PATH ?? '');
    printHeader(log, state, script, `${shell.program} ${shell.format}`);
    let path: string;
    if ('path' in script.content) path = script.content.path;
    else {
      path = join(workspace.temp, `${randomUUID()}${shell.extension}`);
      writeFileSync(path, shell.wrap(script.content.text));
    }
    const folder = resolve(workspace.folder, workspace.expand(script.workingDirectory ?? ''));
    const onLine = createCommandReader(log, masks, environment.RUNNER_DEBUG === '1');
    const args = shellArguments(shell.format, path);
    const exitCode = await invoke({
      program: shell.program,
      args,
      folder,
      environment,
      onLine,
      signal,
      clock,
      trace: state.trace,
    });
    await stop.settled();
    if (signal.aborted) {
      log.error('The operation was canceled.');
      result = 'cancelled';
    } else if (exitCode !== 0) {
      log.error(`Process completed with exit code ${exitCode}.`);
    } else result = 'success';
  } catch (error) {
    log.error(reasonOf(error));
  }
  return takeFileCommands(files, state, log) || result === 'cancelled' ? result : 'failure';
}
