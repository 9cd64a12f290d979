/** The files through which a step speaks to the runner: GITHUB_ENV, GITHUB_PATH, GITHUB_OUTPUT … (FileCommandManager.cs). */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FileCommands {
  /** The variables that name the files. */
  variables: Record<string, string>;
  /** Reads what the step wrote. @throws with a sentence when it is not in the form that is asked for */
  readEnvironment(): [name: string, value: string][];
  readPath(): string[];
  remove(): void;
}

const prefixes: Record<string, string> = {
  GITHUB_ENV: 'set_env_',
  GITHUB_PATH: 'add_path_',
  GITHUB_OUTPUT: 'set_output_',
  GITHUB_STATE: 'save_state_',
  GITHUB_STEP_SUMMARY: 'step_summary_',
};

/** Makes a step's files. @param temp the job's `_temp` */
export function createFileCommands(temp: string): FileCommands {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const suffix = randomUUID();
  const entries = Object.entries(prefixes).map(
    ([name, prefix]) => [name, join(folder, prefix + suffix)] as const,
  );
  for (const [, path] of entries) writeFileSync(path, '');
  const variables = Object.fromEntries(entries);
  const read = (name: string): string => {
    try {
      return readFileSync(variables[name] ?? '', 'utf8').replace(/^\uFEFF/, '');
    } catch {
      return '';
    }
  };
  return {
    variables,
    readEnvironment: () => parsePairs(read('GITHUB_ENV')),
    readPath: () =>
      read('GITHUB_PATH')
        .split(/\r\n|\n/)
        .filter(Boolean),
    remove() {
      for (const [, path] of entries) rmSync(path, { force: true });
    },
  };
}

/** Reads `NAME=value` lines and `NAME<<END` blocks. @throws when a line is neither, or a block does not end */
export function parsePairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  const lines = text.split(/\r\n|\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const block = line.indexOf('<<');
    if (equals >= 0 && (block < 0 || equals < block)) {
      if (equals === 0) throw new Error(`Invalid format '${line}'`);
      pairs.push([line.slice(0, equals), line.slice(equals + 1)]);
    } else if (block >= 0) {
      const name = line.slice(0, block);
      const delimiter = line.slice(block + 2);
      if (name === '' || delimiter === '') {
        throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
      }
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
      pairs.push([name, lines.slice(index + 1, end).join('\n')]);
      index = end;
    } else throw new Error(`Invalid format '${line}'`);
  }
  return pairs;
}
