/** The files through which a step speaks to the runner: GITHUB_ENV, GITHUB_PATH, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CommandFiles {
  /** Variables that point a step at its files. */
  variables: Record<string, string>;
  /** What the step wrote: variables and path entries for the steps after it. */
  read(): { environment: Record<string, string>; path: string[] };
}

/** Makes a step's files below `_temp/_runner_file_commands`. */
export function createCommandFiles(temp: string, id: string): CommandFiles {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => {
    const path = join(folder, `${name}_${id}`);
    writeFileSync(path, '');
    return path;
  };
  const variables = {
    GITHUB_ENV: file('set_env'),
    GITHUB_PATH: file('add_path'),
    GITHUB_OUTPUT: file('set_output'),
    GITHUB_STATE: file('save_state'),
    GITHUB_STEP_SUMMARY: file('step_summary'),
  };
  return {
    variables,
    read: () => ({
      environment: parseVariables(readFileSync(variables.GITHUB_ENV, 'utf8')),
      path: readFileSync(variables.GITHUB_PATH, 'utf8').split('\n').filter(Boolean),
    }),
  };
}

/** Reads `NAME=value` lines and `NAME<<END` blocks. */
export function parseVariables(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    if (block) {
      const [, name = '', end = ''] = block;
      const until = lines.indexOf(end, index + 1);
      const last = until < 0 ? lines.length : until;
      found[name] = lines.slice(index + 1, last).join('\n');
      index = last;
    } else if (line.includes('=')) {
      found[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    }
  }
  return found;
}
