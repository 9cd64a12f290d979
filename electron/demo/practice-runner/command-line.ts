/** The command line and the `ACTIONS_RUNNER_INPUT_*` environment, as CommandSettings.cs reads them. */

const flags = ['unattended', 'replace', 'ephemeral', 'disableupdate', 'no-default-labels', 'once', 'local', 'help', 'version', 'commit', 'check', 'generateserviceconfig'];
const values = ['url', 'token', 'pat', 'name', 'runnergroup', 'labels', 'work', 'jitconfig', 'startuptype', 'monitorsocketaddress'];
const environmentPrefix = 'ACTIONS_RUNNER_INPUT_';

export interface CommandLine {
  command: 'configure' | 'remove' | 'run' | null;
  flag(name: string): boolean;
  value(name: string): string | null;
  /** Arguments that nobody knows: they are told and passed over. */
  unknown: string[];
}

/**
 * Reads the arguments; what they leave out is taken from the environment, from which every input is removed so that no
 * child process sees it.
 */
export function readCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv): CommandLine {
  const given = takeInputs(environment);
  const unknown: string[] = [];
  let command: CommandLine['command'] = null;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    const name = argument.slice(2).toLowerCase();
    if (argument === 'configure' || argument === 'remove' || argument === 'run') command = argument;
    else if (argument.startsWith('--') && flags.includes(name)) given.set(name, 'true');
    else if (argument.startsWith('--') && values.includes(name)) given.set(name, args[++index] ?? '');
    else unknown.push(argument);
  }
  return {
    command,
    unknown,
    flag: (name) => ['true', '1'].includes((given.get(name) ?? '').toLowerCase()),
    value: (name) => given.get(name) || null,
  };
}

function takeInputs(environment: NodeJS.ProcessEnv): Map<string, string> {
  const inputs = new Map<string, string>();
  for (const [key, value] of Object.entries(environment)) {
    if (!key.toUpperCase().startsWith(environmentPrefix)) continue;
    inputs.set(key.slice(environmentPrefix.length).toLowerCase().replaceAll('_', '-'), value ?? '');
    delete environment[key];
  }
  return inputs;
}
