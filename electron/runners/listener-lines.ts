/**
 * What a listener's output means, and why it ended. The strings are actions/runner's own (Runner.cs, MessageListener.cs,
 * BrokerMessageListener.cs, JobDispatcher.cs, SelfUpdater.cs), older spellings included.
 */
import type { Problem, Shift } from '../../shared/model.ts';
import { controlFolderUnwritable } from './shim.ts';

type JobResult = Exclude<NonNullable<Shift['result']>, 'Lost'>;

/** `at`: epoch milliseconds where the line carries a time stamp, else null. */
export type ListenerEvent =
  | { kind: 'connected' }
  | { kind: 'version'; version: string }
  | { kind: 'listening'; at: number | null }
  | { kind: 'job-started'; at: number | null; name: string }
  | { kind: 'job-completed'; at: number | null; name: string; result: JobResult }
  /** It goes on trying by itself. */
  | { kind: 'connection-lost'; at: number | null; message: string }
  | { kind: 'connection-restored'; at: number | null }
  /** Another process listens as this runner; `final` when it has given up waiting for that one. */
  | { kind: 'session-conflict'; final: boolean }
  /** The forge has forgotten it; `wiped` when the runner then deleted its local configuration. */
  | { kind: 'registration-deleted'; wiped: boolean }
  | { kind: 'version-deprecated'; version: string | null; message: string }
  | { kind: 'clock-skew' }
  | { kind: 'update-started' }
  | { kind: 'update-downloading'; version: string }
  | { kind: 'update-waiting-for-job' }
  | { kind: 'update-applying' }
  | { kind: 'update-restarting' }
  | { kind: 'update-finished' }
  | { kind: 'update-failed'; message: string }
  | { kind: 'root-refused' }
  | { kind: 'not-configured' }
  | { kind: 'exiting' }
  | { kind: 'error'; message: string };

type Match = { at: number | null; parts: string[] };
type Rule = [pattern: RegExp, event: (match: Match) => ListenerEvent];

const part = (match: Match, index = 0): string => match.parts[index] ?? '';

/** In this order: the particular before the general. */
const rules: Rule[] = [
  [/^(?:\S )?Connected to GitHub$/, () => ({ kind: 'connected' })],
  [/^Current runner version: '(.+)'$/, (match) => ({ kind: 'version', version: part(match) })],
  [/^Listening for Jobs$/, ({ at }) => ({ kind: 'listening', at })],
  [
    /^Job (.*) completed with result: (Succeeded|SucceededWithIssues|Failed|Canceled|Skipped|Abandoned)$/,
    (match) => ({
      kind: 'job-completed',
      at: match.at,
      name: part(match),
      result: part(match, 1) as JobResult,
    }),
  ],
  [/^Running job: (.*)$/, (match) => ({ kind: 'job-started', at: match.at, name: part(match) })],
  [
    /^Runner connect error: (.*?)\.? Retrying until reconnected\.$/,
    (match) => ({ kind: 'connection-lost', at: match.at, message: part(match) }),
  ],
  [/^Runner reconnected\.$/, ({ at }) => ({ kind: 'connection-restored', at })],
  [/^A session for this runner already exists\.$/, () => ({ kind: 'session-conflict', final: false })],
  [/^Stop retry on SessionConflictException/, () => ({ kind: 'session-conflict', final: true })],
  [
    /^Failed to create a session\. The runner registration has been deleted from the server/,
    () => ({ kind: 'registration-deleted', wiped: false }),
  ],
  [
    /^The runner no longer exists on the server\. (Cleaning up local configuration)?/,
    (match) => ({ kind: 'registration-deleted', wiped: part(match) !== '' }),
  ],
  [
    /(?:^|: |Forbidden )(Runner version v?(\S+) is deprecated.*)$/i,
    (match) => ({ kind: 'version-deprecated', version: part(match, 1), message: part(match) }),
  ],
  [
    /^(?:Error: |An error occurr?ed: )?(Forbidden Runner version.*)$/i,
    (match) => ({ kind: 'version-deprecated', version: null, message: part(match) }),
  ],
  [/The local machine's clock may be out of sync with the server time/, () => ({ kind: 'clock-skew' })],
  [/^Runner update in progress, do not shutdown runner\.$/, () => ({ kind: 'update-started' })],
  [/^Downloading (\S+) runner$/, (match) => ({ kind: 'update-downloading', version: part(match) })],
  [/^Waiting for current job finish running\.$/, () => ({ kind: 'update-waiting-for-job' })],
  [/^Generate and execute update script\.$/, () => ({ kind: 'update-applying' })],
  [/^Runner will exit shortly for update/, () => ({ kind: 'update-restarting' })],
  [/^Runner update process finished\.$/, () => ({ kind: 'update-finished' })],
  [/^Runner update failed: (.*)$/, (match) => ({ kind: 'update-failed', message: part(match) })],
  [/^Must not run (?:interactively )?with sudo/, () => ({ kind: 'root-refused' })],
  [
    /^(?:An error occurr?ed: )?(?:Runner is not configured\.|Not configured\. Run config)/,
    () => ({ kind: 'not-configured' }),
  ],
  [/^Exiting\.\.\.$/, () => ({ kind: 'exiting' })],
  [/^(?:An error occurr?ed|Error|Unhandled exception)[:.] (.*)$/, toError],
  [/^(Failed to create session\. .*)$/, toError],
  [/^(Http response code: .*)$/, toError],
  [/^(Fail to create and validate runner's work directory .*)$/, toError],
  [/^(This runner version is built for .*)$/, toError],
  [/^(Stopped retrying OAuth token request exception .*)$/, toError],
];

function toError(match: Match): ListenerEvent {
  return { kind: 'error', message: part(match) };
}

/** `2026-08-17 13:00:00Z: `, .NET's universal sortable time. */
const timeStamp = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})Z: /;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with the escape character
const colourCodes = /\u001b\[[0-9;]*m/g;

/** The event a line tells; null for lines that tell none (ornament, help, a job's own words). */
export function parseListenerLine(line: string): ListenerEvent | null {
  const plain = line.replace(colourCodes, '').trim();
  const stamp = timeStamp.exec(plain);
  const at = stamp ? Date.parse(`${stamp[1]}T${stamp[2]}Z`) : null;
  const words = stamp ? plain.slice(stamp[0].length) : plain;
  for (const [pattern, event] of rules) {
    const found = pattern.exec(words);
    if (found) return event({ at, parts: found.slice(1) });
  }
  return null;
}

const retry = 'Press Retry to register it again.';

/** Exit codes: Constants.cs of actions/runner, and a shell's own. */
const byExitCode: Record<number, Problem> = {
  0: { code: 'ENDED', message: 'The runner ended by itself.', remedy: 'Start it again.' },
  1: {
    code: 'TERMINATED',
    message: 'The runner gave up.',
    remedy: 'Its log says why. Mend that, then start it again.',
  },
  2: {
    code: 'RETRYABLE',
    message: 'The runner met an error that may pass.',
    remedy: 'Start it again; if it keeps failing, its log says why.',
  },
  3: { code: 'UPDATING', message: 'The runner updates itself.', remedy: null },
  4: { code: 'UPDATING', message: 'The runner updates itself.', remedy: null },
  5: {
    code: 'SESSION_CONFLICT',
    message: 'Another process, here or on another machine, listens as this runner.',
    remedy: 'Stop that one, or remove this runner and deploy another.',
  },
  7: {
    code: 'VERSION_DEPRECATED',
    message: 'GitHub no longer gives jobs to this version of the runner.',
    remedy: 'Remove it and deploy it again: the newest version is downloaded then.',
  },
  [controlFolderUnwritable]: {
    code: 'DISK',
    message: 'The runner was not started: its control folder cannot be written.',
    remedy: 'Free some disk space and check the permissions, then start it again.',
  },
  126: {
    code: 'FILES_DAMAGED',
    message: 'The runner’s program cannot be executed on this machine.',
    remedy: 'Check that its disk allows programs (no “noexec”); otherwise remove it and deploy it again.',
  },
  127: {
    code: 'FILES_DAMAGED',
    message: 'The runner’s program is missing.',
    remedy: 'Remove it and deploy it again.',
  },
};

/** What the listener said last says more than its code. The later in this list, the less it explains. */
const byEvent: { [K in ListenerEvent['kind']]?: (event: Extract<ListenerEvent, { kind: K }>) => Problem } = {
  'registration-deleted': () => ({
    code: 'REGISTRATION_DELETED',
    message: 'GitHub no longer knows this runner: its registration was deleted there.',
    remedy: retry,
  }),
  'version-deprecated': ({ version }) => ({
    code: 'VERSION_DEPRECATED',
    message: `GitHub no longer gives jobs to ${version ? `version ${version}` : 'this version'} of the runner.`,
    // Seen as a false alarm during an outage (actions/runner #4613), so a plain start comes first.
    remedy: 'Start it again in case GitHub has a disturbance; otherwise remove it and deploy it again.',
  }),
  'clock-skew': () => ({
    code: 'CLOCK_SKEW',
    message: 'This machine’s clock is more than five minutes off GitHub’s.',
    remedy: 'Set the clock (switch on network time), then start the runner again.',
  }),
  'root-refused': () => ({
    code: 'ROOT_REFUSED',
    message: 'The runner refuses to run as root.',
    remedy: 'Run Trackside as an ordinary user.',
  }),
  'not-configured': () => ({
    code: 'NOT_CONFIGURED',
    message: 'The runner has lost its configuration.',
    remedy: retry,
  }),
  'update-failed': ({ message }) => ({
    code: 'UPDATE_FAILED',
    message: `The runner could not update itself: ${message}`,
    remedy: 'Start it again; if it fails again, remove it and deploy the newest version.',
  }),
};

/** Codes above this are 128 + the number of the signal that ended the process. */
const signalBase = 128;
const signals: Record<number, string> = {
  2: 'SIGINT',
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/**
 * @param code the listener's exit code; null when nobody recorded it
 * @param events what its output told, oldest first; those after its last connection count
 */
export function explainExit(code: number | null, events: readonly ListenerEvent[]): Problem {
  const since = events.slice(events.findLastIndex((event) => event.kind === 'listening') + 1);
  const told = code === 3 || code === 4 ? null : explainEvents(since);
  if (told) return told;
  const lastError = since.findLast((event) => event.kind === 'error');
  const problem = explainCode(code);
  return lastError && code !== 0
    ? { ...problem, message: `${problem.message} It said: ${lastError.message}` }
    : problem;
}

function explainEvents(events: readonly ListenerEvent[]): Problem | null {
  for (const kind of Object.keys(byEvent) as ListenerEvent['kind'][]) {
    const event = events.findLast((one) => one.kind === kind);
    const explain = byEvent[kind] as ((event: ListenerEvent) => Problem) | undefined;
    if (event && explain) return explain(event);
  }
  return null;
}

function explainCode(code: number | null): Problem {
  if (code === null) {
    return {
      code: 'LOST',
      message: 'The runner’s process is gone and left no exit code: the machine restarted, or it was killed.',
      remedy: 'Start it again.',
    };
  }
  const known = byExitCode[code];
  if (known) return known;
  if (code > signalBase && code < signalBase + 64) {
    const signal = signals[code - signalBase] ?? `signal ${code - signalBase}`;
    const memory = code - signalBase === 9 ? 'If the machine ran out of memory, run fewer runners. ' : '';
    return {
      code: 'KILLED',
      message: `The runner was ended from outside (${signal}).`,
      remedy: `${memory}Start it again.`,
    };
  }
  return {
    code: 'UNKNOWN_EXIT',
    message: `The runner ended with code ${code}.`,
    remedy: 'Its log says why.',
  };
}
