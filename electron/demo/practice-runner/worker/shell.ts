/** How a script is run, by the name of its shell (ScriptHandlerHelpers.cs). */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Shell {
  program: string;
  /** With `{0}` where the script's path goes. */
  format: string;
  extension: string;
  /** What the script's file holds. */
  wrap(script: string): string;
}

const formats: Record<string, string> = {
  bash: '--noprofile --norc -e -o pipefail {0}',
  sh: '-e {0}',
  pwsh: `-command ". '{0}'"`,
  powershell: `-command ". '{0}'"`,
  python: '{0}',
};
const extensions: Record<string, string> = {
  bash: '.sh',
  sh: '.sh',
  pwsh: '.ps1',
  powershell: '.ps1',
  python: '.py',
};

function wrapPowerShell(script: string): string {
  const exit = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }';
  return `$ErrorActionPreference = 'stop'\n${script}\n${exit}`;
}

/** A program's path; null when PATH leads to none. */
export function which(name: string, path: string): string | null {
  if (name.includes('/')) return name;
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {}
  }
  return null;
}

function require(name: string, path: string): string {
  const found = which(name, path);
  if (found) return found;
  throw new Error(`${name}: command not found. Make sure '${name}' is installed and located in your PATH.`);
}

/**
 * @param shell as the workflow names it: a known name, or `command args {0}`; null for the default
 * @param path where programs are looked for
 * @throws when there is no such program, or `{0}` is missing
 */
export function resolveShell(shell: string | null, path: string): Shell {
  const plain = (script: string): string => script;
  if (!shell) {
    const program = which('bash', path) ?? require('sh', path);
    return { program, format: formats.sh ?? '', extension: '.sh', wrap: plain };
  }
  const [name = '', ...rest] = shell.trim().split(' ');
  const format = rest.join(' ').trim() || (formats[name.toLowerCase()] ?? '');
  if (!format.includes('{0}')) {
    throw new Error(
      "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
    );
  }
  const isPowerShell = /^(pwsh|powershell)$/i.test(name);
  const extension = extensions[name.toLowerCase()] ?? '';
  return { program: require(name, path), format, extension, wrap: isPowerShell ? wrapPowerShell : plain };
}

/** A shell's arguments: words, quoted ones kept whole, with the script's path in its place. */
export function shellArguments(format: string, script: string): string[] {
  const words = format.match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replace(/^"(.*)"$/, '$1').replaceAll('{0}', script));
}
