/** How a step's script is run, as ScriptHandlerHelpers.cs does it. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ShellCommand {
  program: string;
  args: string[];
  extension: string;
}

const known: Record<string, { args: string[]; extension: string }> = {
  bash: { args: ['--noprofile', '--norc', '-e', '-o', 'pipefail', '{0}'], extension: '.sh' },
  sh: { args: ['-e', '{0}'], extension: '.sh' },
  python: { args: ['{0}'], extension: '.py' },
  node: { args: ['{0}'], extension: '.js' },
};

/** Whether a program is on the path. */
export function onPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** The command for a step. Null = the default: `bash -e`, else `sh -e`. */
export function shellCommand(shell: string | null, path: string): ShellCommand {
  if (shell === null) {
    const program = onPath('bash', path) ? 'bash' : 'sh';
    return { program, args: ['-e', '{0}'], extension: '.sh' };
  }
  const preset = known[shell];
  if (preset) return { program: shell, ...preset };
  const [program = 'sh', ...args] = shell.split(/\s+/);
  return { program, args, extension: '' };
}
