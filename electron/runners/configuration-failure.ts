/** What went wrong in `config.sh`, from what it printed. Strings: ConfigurationManager.cs, config.sh, Runner.cs. */
import { type ErrorCode, TracksideError } from '../../shared/errors.ts';

interface Failure {
  action: 'register' | 'remove';
  /** Null when it was killed. */
  code: number | null;
  /** What it printed, secrets masked. */
  lines: readonly string[];
  runnerRoot: string;
  controlFolder: string | null;
  url: string;
  name: string;
}

interface Explanation {
  code: ErrorCode;
  message: string;
  remedy: string;
  field?: string;
}

type Rule = [pattern: RegExp, explain: (failure: Failure, found: RegExpExecArray) => Explanation];

const rules: Rule[] = [
  [
    /(Dependencies is missing for Dotnet Core|Libicu's dependencies is missing)/,
    ({ runnerRoot }) => ({
      code: 'HOST_FAILED',
      message: 'This machine lacks libraries that the runner needs (.NET’s: libicu, OpenSSL, zlib).',
      remedy: `Install them once with: cd '${runnerRoot}' && sudo ./bin/installdependencies.sh. Then retry.`,
    }),
  ],
  [
    /Must not run (?:interactively )?with sudo/,
    () => ({
      code: 'HOST_FAILED',
      message: 'The runner refuses to be configured as root.',
      remedy: 'Run Trackside as an ordinary user.',
    }),
  ],
  [
    /already configured/,
    ({ runnerRoot }) => ({
      code: 'CONFLICT',
      message: `The runner in ${runnerRoot} is registered already.`,
      remedy: 'Remove it and deploy it again.',
    }),
  ],
  [
    /A runner exists with the same name/,
    ({ name, url }) => ({
      code: 'CONFLICT',
      message: `${url} has a runner named “${name}” already.`,
      remedy: 'Choose another name, or remove that runner on the forge.',
      field: 'name',
    }),
  ],
  [
    /Could not find any self-hosted runner groups?(?: named "(.*)")?/,
    (_failure, found) => ({
      code: 'INVALID_REQUEST',
      message: found[1] ? `There is no runner group “${found[1]}”.` : 'There is no runner group to join.',
      remedy: 'Choose a group that exists, or ask the organisation’s owner for access to one.',
    }),
  ],
  [
    /Uninstall service first/,
    ({ runnerRoot }) => ({
      code: 'CONFLICT',
      message: `The runner in ${runnerRoot} is installed as a service of the system.`,
      remedy: `Uninstall that first: cd '${runnerRoot}' && sudo ./svc.sh uninstall.`,
    }),
  ],
  [
    /Invalid configuration provided for (\S+)\. Terminating unattended/,
    ({ url }, found) => ({
      code: 'INVALID_REQUEST',
      message: `The runner does not accept the ${found[1]} it was given for ${url}.`,
      remedy: `Correct the ${found[1]} and retry.`,
      field: found[1] ?? '',
    }),
  ],
  [
    /Runner version v?(\S+) is deprecated|Forbidden Runner version/i,
    (_failure, found) => ({
      code: 'UNSUPPORTED',
      message: `The forge no longer accepts ${found[1] ? `version ${found[1]}` : 'this version'} of the runner.`,
      remedy: 'Deploy again: the newest version is downloaded then.',
    }),
  ],
  [
    /local machine's clock may be out of sync/,
    () => ({
      code: 'HOST_FAILED',
      message: 'This machine’s clock is more than five minutes off the forge’s.',
      remedy: 'Set the clock (switch on network time), then retry.',
    }),
  ],
  [
    /Http response code: (?:NotFound|Unauthorized|404|401)\b/,
    ({ url, action }) => ({
      code: 'TOKEN_REFUSED',
      message: `The forge refused the ${action === 'register' ? 'registration' : 'remove'} token for ${url}, or knows no such repository.`,
      remedy:
        'Retry: a new token is asked for. If it is refused again, check the repository’s name and your admin right.',
    }),
  ],
  [
    /Http response code: (?:Forbidden|403)\b/,
    ({ url }) => ({
      code: 'PERMISSION_MISSING',
      message: `The forge does not let runners be managed on ${url}.`,
      remedy: 'Check that self-hosted runners are allowed there and that you are an administrator of it.',
    }),
  ],
  [
    /Http response code: (?:TooManyRequests|429)\b/,
    () => ({
      code: 'RATE_LIMITED',
      message: 'The forge asks to wait before more runners are registered.',
      remedy: 'Wait some minutes, then retry.',
    }),
  ],
  [
    /Http response code: (InternalServerError|BadGateway|ServiceUnavailable|GatewayTimeout|5\d\d)\b/,
    ({ url }, found) => ({
      code: 'FORGE_UNREACHABLE',
      message: `The forge of ${url} has a disturbance (${found[1]}).`,
      remedy: 'Wait some minutes, then retry.',
    }),
  ],
  [
    /No space left on device|not enough space on the disk/i,
    ({ runnerRoot }) => ({
      code: 'HOST_FAILED',
      message: `The disk of ${runnerRoot} is full.`,
      remedy: 'Free some space, then retry.',
    }),
  ],
  [
    /(Connection refused|Connection reset|Name or service not known|No such host|nodename nor servname|Temporary failure in name resolution|Resource temporarily unavailable|Network is unreachable|No route to host|timed out|Timeout of \d+ seconds|SSL connection could not be established|certificate|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|fetch failed)/i,
    ({ url }, found) => ({
      code: 'FORGE_UNREACHABLE',
      message: `The runner cannot reach ${url}: ${found[1]}.`,
      remedy: 'Check the network, the proxy settings and the address, then retry.',
    }),
  ],
];

/** Makes the error a person is shown. The first rule that fits counts: they go from the particular to the general. */
export function explainConfigurationFailure(failure: Failure): TracksideError {
  const text = failure.lines.join('\n');
  for (const [pattern, explain] of rules) {
    const found = pattern.exec(text);
    if (!found) continue;
    const { code, message, remedy, field } = explain(failure, found);
    return new TracksideError(code, message, { remedy, field: field ?? null });
  }
  const { action, name, code, controlFolder, lines } = failure;
  const last = lines.findLast((line) => line.trim() !== '')?.trim();
  const how = code === null ? 'it was killed' : `exit code ${code}`;
  return new TracksideError(
    'HOST_FAILED',
    `“${name}” could not be ${action === 'register' ? 'registered' : 'deregistered'} (${how})${last ? `: ${last}` : '.'}`,
    { remedy: controlFolder ? `${controlFolder}/config.log has all it printed. Then retry.` : 'Retry.' },
  );
}
