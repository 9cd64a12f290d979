/** What `--help` prints. */
import { hostname } from 'node:os';
import type { Release } from '../common/release.ts';

const options: [string, string][] = [
  ['--unattended', 'Never ask; take defaults for what is missing'],
  ['--url string', 'Repository to add the runner to. Required if unattended'],
  ['--token string', 'Registration token. Required if unattended'],
  ['--name string', `Name of the runner (default ${hostname()})`],
  ['--runnergroup string', 'Name of the runner group (default Default)'],
  ['--labels string', 'Custom labels, separated by commas; needed with --no-default-labels'],
  ['--no-default-labels', 'Leave the default labels out'],
  ['--local', 'With remove: delete the local configuration only'],
  ['--work string', 'Work directory, relative to the runner (default _work)'],
  ['--replace', 'Replace an existing runner of the same name'],
  ['--pat string', 'Personal access token with which the runner gets its own tokens'],
  ['--disableupdate', 'Do not update the runner by itself'],
  ['--ephemeral', 'Take one job only, then be unconfigured by the service'],
];

export function usage(release: Release): string {
  const row = ([name, text]: [string, string]): string => ` ${name.padEnd(24)}${text}`;
  const commands: [string, string][] = [
    ['./config.sh', 'Configures the runner'],
    ['./config.sh remove', 'Unconfigures the runner'],
    ['./run.sh', 'Runs the runner interactively. Does not require any options.'],
  ];
  const general: [string, string][] = [
    ['--help', 'Prints this help'],
    ['--version', 'Prints the runner version'],
    ['--commit', 'Prints the runner commit'],
  ];
  return [
    '',
    `Practice runner ${release.version} for ${release.os} (${release.architecture})`,
    '',
    'Commands:',
    ...commands.map(row),
    '',
    'Options:',
    ...general.map(row),
    '',
    'Config Options:',
    ...options.map(row),
  ].join('\n');
}
