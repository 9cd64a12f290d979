import { describe, expect, test } from 'vitest';
import { explainExit, type ListenerEvent, parseListenerLine } from './listener-lines.ts';

const at = Date.UTC(2026, 7, 17, 13, 0, 0);
const stamp = '2026-08-17 13:00:00Z: ';

const lines: [string, ListenerEvent | null][] = [
  ['√ Connected to GitHub', { kind: 'connected' }],
  ['? Connected to GitHub', { kind: 'connected' }],
  ['\u001b[32m√ \u001b[0mConnected to GitHub\r', { kind: 'connected' }],
  ["Current runner version: '2.336.0'", { kind: 'version', version: '2.336.0' }],
  [`${stamp}Listening for Jobs`, { kind: 'listening', at }],
  [`${stamp}Running job: build`, { kind: 'job-started', at, name: 'build' }],
  [`${stamp}Running job: test (linux, 20)`, { kind: 'job-started', at, name: 'test (linux, 20)' }],
  [
    `${stamp}Job build completed with result: Succeeded`,
    { kind: 'job-completed', at, name: 'build', result: 'Succeeded' },
  ],
  [
    `${stamp}Job a completed with result: Failed completed with result: SucceededWithIssues`,
    { kind: 'job-completed', at, name: 'a completed with result: Failed', result: 'SucceededWithIssues' },
  ],
  ...(['Failed', 'Canceled', 'Skipped', 'Abandoned'] as const).map((result): [string, ListenerEvent] => [
    `${stamp}Job x completed with result: ${result}`,
    { kind: 'job-completed', at, name: 'x', result },
  ]),
  [
    `${stamp}Runner connect error: Connection refused (api.github.com:443). Retrying until reconnected.`,
    { kind: 'connection-lost', at, message: 'Connection refused (api.github.com:443)' },
  ],
  [`${stamp}Runner reconnected.`, { kind: 'connection-restored', at }],
  ['A session for this runner already exists.', { kind: 'session-conflict', final: false }],
  [
    'Stop retry on SessionConflictException after retried for 240 seconds.',
    { kind: 'session-conflict', final: true },
  ],
  [
    'Failed to create session. The SSL connection could not be established',
    { kind: 'error', message: 'Failed to create session. The SSL connection could not be established' },
  ],
  [
    'Failed to create a session. The runner registration has been deleted from the server, please re-configure. Runner registrations are automatically deleted for runners that have not connected to the service recently.',
    { kind: 'registration-deleted', wiped: false },
  ],
  [
    'The runner no longer exists on the server. Cleaning up local configuration.',
    { kind: 'registration-deleted', wiped: true },
  ],
  [
    'The runner no longer exists on the server. Please reconfigure the runner.',
    { kind: 'registration-deleted', wiped: false },
  ],
  ...['occurred', 'occured'].map((word): [string, ListenerEvent] => [
    `An error ${word}: Runner version v2.320.0 is deprecated and cannot receive messages.`,
    {
      kind: 'version-deprecated',
      version: '2.320.0',
      message: 'Runner version v2.320.0 is deprecated and cannot receive messages.',
    },
  ]),
  [
    'Error: Forbidden Runner version v2.320.0 is deprecated and cannot receive messages.',
    {
      kind: 'version-deprecated',
      version: '2.320.0',
      message: 'Runner version v2.320.0 is deprecated and cannot receive messages.',
    },
  ],
  [
    'Error: Forbidden Runner version too old',
    { kind: 'version-deprecated', version: null, message: 'Forbidden Runner version too old' },
  ],
  [
    "The local machine's clock may be out of sync with the server time by more than five minutes. Please sync your clock with your domain or internet time and try again.",
    { kind: 'clock-skew' },
  ],
  ['Runner update in progress, do not shutdown runner.', { kind: 'update-started' }],
  ['Downloading 2.337.0 runner', { kind: 'update-downloading', version: '2.337.0' }],
  ['Waiting for current job finish running.', { kind: 'update-waiting-for-job' }],
  ['Generate and execute update script.', { kind: 'update-applying' }],
  [
    'Runner will exit shortly for update, should be back online within 10 seconds.',
    { kind: 'update-restarting' },
  ],
  ['Runner update process finished.', { kind: 'update-finished' }],
  [
    'Runner update failed: No space left on device',
    { kind: 'update-failed', message: 'No space left on device' },
  ],
  ['Must not run with sudo', { kind: 'root-refused' }],
  ['Must not run interactively with sudo', { kind: 'root-refused' }],
  ['Runner is not configured.', { kind: 'not-configured' }],
  [
    'An error occurred: Not configured. Run config.(sh/cmd) to configure the runner.',
    { kind: 'not-configured' },
  ],
  ['Exiting...', { kind: 'exiting' }],
  ['An error occurred: Broken pipe', { kind: 'error', message: 'Broken pipe' }],
  ['', null],
  ['# Authentication', null],
  ['    Listening for Jobs was said elsewhere', null],
  ['2026-13-99 13:00:00Z: hello', null],
];

test.each(lines)('reads %j', (line, event) => {
  expect(parseListenerLine(line)).toEqual(event);
});

const events = (...texts: string[]): ListenerEvent[] =>
  texts.map((text) => parseListenerLine(text)).filter((event) => event !== null);

describe('why it ended', () => {
  test.each([
    [0, 'ENDED'],
    [1, 'TERMINATED'],
    [2, 'RETRYABLE'],
    [3, 'UPDATING'],
    [4, 'UPDATING'],
    [5, 'SESSION_CONFLICT'],
    [7, 'VERSION_DEPRECATED'],
    [125, 'DISK'],
    [126, 'FILES_DAMAGED'],
    [127, 'FILES_DAMAGED'],
    [137, 'KILLED'],
    [101, 'UNKNOWN_EXIT'],
    [null, 'LOST'],
  ])('code %s alone: %s', (code, expected) => {
    const problem = explainExit(code, events(`${stamp}Listening for Jobs`));
    expect(problem.code).toBe(expected);
    expect(problem.message).toMatch(/\.$/);
  });

  test.each([
    [
      0,
      'The runner no longer exists on the server. Cleaning up local configuration.',
      'REGISTRATION_DELETED',
    ],
    [
      1,
      'An error occurred: Runner version v2.3.0 is deprecated and cannot receive messages.',
      'VERSION_DEPRECATED',
    ],
    [1, 'Runner is not configured.', 'NOT_CONFIGURED'],
    [1, 'Must not run with sudo', 'ROOT_REFUSED'],
    [1, "The local machine's clock may be out of sync with the server time by", 'CLOCK_SKEW'],
  ])('code %s after %j: %s', (code, line, expected) => {
    expect(explainExit(code, events(line)).code).toBe(expected);
  });

  test('what was said before it listened again no longer counts', () => {
    const told = events(
      "The local machine's clock may be out of sync with the server time",
      `${stamp}Listening for Jobs`,
    );
    expect(explainExit(2, told).code).toBe('RETRYABLE');
  });

  test('its last error is repeated', () => {
    const told = events('An error occurred: first', 'An error occurred: Broken pipe');
    expect(explainExit(2, told).message).toBe('The runner met an error that may pass. It said: Broken pipe');
  });
});
