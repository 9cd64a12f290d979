/** The command line and the `ACTIONS_RUNNER_INPUT_*` environment, read as CommandLineParser.cs and CommandSettings.cs do. */

const environmentPrefix = 'ACTIONS_RUNNER_INPUT_';
const generic = ['help', 'version', 'commit', 'check'];

const known: Record<string, string[]> = {
  configure: [
    ...['disableupdate', 'ephemeral', 'generateserviceconfig', 'replace', 'runasservice', 'unattended'],
    ...['no-default-labels', 'auth', 'labels', 'monitorsocketaddress', 'name', 'pat', 'runnergroup', 'token'],
    ...['url', 'username', 'windowslogonaccount', 'windowslogonpassword', 'work'],
  ],
  remove: ['token', 'pat', 'local'],
  run: ['once', 'jitconfig', 'startuptype'],
  warmup: [],
};

export interface CommandLine {
  /** In lower case; '' when none was given. */
  readonly command: string;
  /** What the command does not know; it is told and passed over. */
  readonly unknown: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  /** Gives a value once: after a bad one a person is asked. */
  take(name: string): string | undefined;
}

interface Parsed {
  commands: string[];
  flags: Set<string>;
  values: Map<string, string>;
}

/** A `--name` with a value after it is an argument, without one a flag; the first of two wins. */
function parse(args: readonly string[]): Parsed {
  const parsed: Parsed = { commands: [], flags: new Set(), values: new Map() };
  let open: string | null = null;
  let hasOptions = false;
  for (const text of args) {
    hasOptions ||= text.startsWith('--');
    if (!hasOptions) {
      parsed.commands.push(text.trim());
    } else if (text.startsWith('--') && text.length > 2) {
      if (open !== null) parsed.flags.add(open);
      open = text.slice(2).trim().toLowerCase();
    } else if (!text.startsWith('-') && open !== null && !parsed.values.has(open)) {
      parsed.values.set(open, text);
      open = null;
    }
  }
  if (open !== null) parsed.flags.add(open);
  return parsed;
}

/** Inputs from the environment, by lower-case name. They are removed from it, so that no child process sees them. */
function takeInputs(environment: NodeJS.ProcessEnv): Map<string, string> {
  const inputs = new Map<string, string>();
  for (const [key, value = ''] of Object.entries(environment)) {
    if (!key.toUpperCase().startsWith(environmentPrefix)) continue;
    if (value.trim() !== '') inputs.set(key.slice(environmentPrefix.length).toLowerCase(), value.trim());
    delete environment[key];
  }
  return inputs;
}

function findUnknown({ commands, flags, values }: Parsed): string[] {
  const strange = commands.filter((command) => !(command.toLowerCase() in known));
  if (strange.length > 0) return strange;
  return commands.flatMap((command) => {
    const names = known[command.toLowerCase()] ?? [];
    return [
      ...[...flags].filter((flag) => !names.includes(flag) && !generic.includes(flag)),
      ...[...values.keys()].filter((name) => !names.includes(name)),
    ];
  });
}

export function readCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv): CommandLine {
  const parsed = parse(args);
  const inputs = takeInputs(environment);
  const value = (name: string): string | undefined => parsed.values.get(name) ?? inputs.get(name);
  return {
    command: parsed.commands[0]?.toLowerCase() ?? '',
    unknown: findUnknown(parsed),
    flag: (name) => parsed.flags.has(name) || inputs.get(name)?.toLowerCase() === 'true',
    value,
    take(name) {
      const found = value(name);
      parsed.values.delete(name);
      inputs.delete(name);
      return found;
    },
  };
}
