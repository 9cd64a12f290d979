import { describe, expect, test } from 'vitest';
import { formatDateTime } from '../../../shared/format.ts';
import { type HealthCheck, healthCheckSchema, type Runner } from '../../../shared/model.ts';
import { gigabyte } from '../../../shared/sizes.ts';
import { checkRunner, forgeDiffers, type HostFacts, type RunnerFacts, restartWorthy } from './checks.ts';
import { factsOf, testNow } from './testing.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const ago = (ms: number): number => testNow - ms;
const off = (lasted: number): RunnerFacts['forge'] => ({
  checkedAt: testNow,
  problem: null,
  differsSince: ago(lasted),
});
const problem = { code: 'FORGE_UNREACHABLE', message: 'GitHub does not answer.', remedy: null };
const host = (freeDisk: number, freeMemory: number): HostFacts => ({
  disk: { totalBytes: 100 * gigabyte, freeBytes: freeDisk },
  memory: { totalBytes: 100 * gigabyte, freeBytes: freeMemory },
});

type Row = [
  check: HealthCheck['id'],
  status: HealthCheck['status'],
  says: string | RegExp,
  runner: Partial<Runner>,
  facts?: Partial<RunnerFacts>,
];

const failure = { code: 'KILLED', message: 'It was killed.', remedy: 'Start it again.' };
const table: Row[] = [
  ['process', 'ok', 'Process 4711 lives.', {}],
  [
    'process',
    'warning',
    /4711.* was killed; the listener goes on/,
    {},
    { process: { pid: 4711, goneSince: null, isShimGone: true } },
  ],
  [
    'process',
    'warning',
    /just ended/,
    {},
    { process: { pid: 4711, goneSince: ago(10_000), isShimGone: true } },
  ],
  [
    'process',
    'failed',
    /4711 ended unnoticed; restart/,
    {},
    { process: { pid: 4711, goneSince: ago(minute), isShimGone: true } },
  ],
  [
    'process',
    'unknown',
    /started again in 40 s/,
    { state: 'starting', retryAt: testNow + 40_000 },
    { process: null },
  ],
  ['process', 'unknown', /being started/, { state: 'starting' }, { process: null }],
  ['process', 'unknown', /stopped/, { state: 'stopped' }, { process: null }],
  ['process', 'unknown', /has failed/, { state: 'failed', failure }, { process: null }],
  ['process', 'unknown', /being deployed/, { state: 'deploying' }, { process: null }],

  ['listener', 'ok', 'It has waited for jobs for 1 h.', {}],
  [
    'listener',
    'ok',
    'It runs “build”.',
    { state: 'busy', job: { name: 'build', startedAt: testNow, url: null } },
  ],
  ['listener', 'ok', /replaces itself/, { state: 'starting', updating: true }],
  ['listener', 'warning', /lost GitHub 40 s ago/, { state: 'reconnecting', stateSince: ago(40_000) }],
  [
    'listener',
    'failed',
    /without GitHub for 12 min .* check this/,
    { state: 'reconnecting', stateSince: ago(12 * minute) },
  ],
  ['listener', 'unknown', /being started/, { state: 'starting', stateSince: ago(20_000) }],
  [
    'listener',
    'warning',
    /started 3 min ago .* look at its log/,
    { state: 'starting', stateSince: ago(3 * minute) },
  ],
  [
    'listener',
    'unknown',
    /being started/,
    { state: 'starting', stateSince: ago(3 * minute), retryAt: testNow + 1000 },
  ],
  ['listener', 'failed', 'It was killed. Start it again.', { state: 'failed', failure }],
  ['listener', 'unknown', /stopped/, { state: 'stopped' }],

  ['forge', 'ok', 'GitHub shows it online.', {}],
  ['forge', 'unknown', /not registered/, { forgeRunnerId: null }],
  ['forge', 'unknown', /not been asked/, {}, { forge: { ...off(0), checkedAt: null } }],
  ['forge', 'unknown', /last asked 20 min ago/, {}, { forge: { ...off(0), checkedAt: ago(20 * minute) } }],
  [
    'forge',
    'unknown',
    /cannot be asked: GitHub does not/,
    { forgeStatus: 'offline' },
    { forge: { ...off(9 * minute), problem } },
  ],
  ['forge', 'unknown', /not show it online yet/, { forgeStatus: 'offline' }, { forge: off(2 * minute) }],
  [
    'forge',
    'warning',
    /has shown it offline for 3 min .* restart/,
    { forgeStatus: 'offline' },
    { forge: off(3 * minute) },
  ],
  [
    'forge',
    'failed',
    /offline for 6 min .* stuck; restart/,
    { forgeStatus: 'offline' },
    { forge: off(6 * minute) },
  ],
  ['forge', 'failed', /not listed it for 6 min/, { forgeStatus: 'unknown' }, { forge: off(6 * minute) }],
  [
    'forge',
    'warning',
    /offline for 6 min though it is busy/,
    { state: 'busy', forgeStatus: 'offline' },
    { forge: off(6 * minute) },
  ],
  ['forge', 'unknown', /still shows it online/, { state: 'stopped' }, { forge: off(minute) }],
  [
    'forge',
    'warning',
    /online for 6 min though it is stopped .* another machine/,
    { state: 'stopped' },
    { forge: off(6 * minute) },
  ],
  ['forge', 'unknown', /which fits: it is reconnecting/, { state: 'reconnecting', forgeStatus: 'offline' }],
  // Offline since long, as GitHub last said before it fell silent: nothing follows from the time since.
  [
    'forge',
    'unknown',
    /not show it online yet/,
    { forgeStatus: 'offline' },
    { forge: { ...off(9 * minute), checkedAt: ago(8 * minute) } },
  ],

  ['disk', 'ok', '40 GB of 100 GB are free on its disk.', {}],
  ['disk', 'warning', /Only 1 GB .*; free some/, {}, { host: host(gigabyte, 50 * gigabyte) }],
  ['disk', 'failed', /Only 256 MB .* jobs will fail; free/, {}, { host: host(gigabyte / 4, 50 * gigabyte) }],
  ['disk', 'unknown', /could not be read/, {}, { host: { ...host(0, gigabyte), disk: null } }],

  ['memory', 'ok', '8 of 16 GB of this machine’s memory are free.', {}],
  ['memory', 'warning', /Only 4 of 100 GB .*; run fewer/, {}, { host: host(50 * gigabyte, 4 * gigabyte) }],
  ['memory', 'failed', /Only 1 of 100 GB .* killed; run fewer/, {}, { host: host(50 * gigabyte, gigabyte) }],

  ['clock', 'ok', /agrees/, {}],
  ['clock', 'warning', /1 min 30 s behind GitHub’s; set it/, {}, { clockSkewMs: -90_000 }],
  [
    'clock',
    'failed',
    /10 min ahead of GitHub’s, so GitHub refuses .* set it/,
    {},
    { clockSkewMs: 10 * minute },
  ],
  ['clock', 'unknown', /not known/, {}, { clockSkewMs: null }],

  ['version', 'unknown', /2.336.0: GitHub tells no end/, {}],
  ['version', 'unknown', /not known/, { version: null }],
  [
    'version',
    'ok',
    `GitHub gives jobs to version 2.336.0 until ${formatDateTime(testNow + 31 * day)}.`,
    { versionDeadline: testNow + 31 * day },
  ],
  ['version', 'warning', /until .* updates itself/, { versionDeadline: testNow + 30 * day }],
  [
    'version',
    'warning',
    /only for 6 d 12 h more; .* deploy another now/,
    { versionDeadline: testNow + 6.5 * day },
  ],
  ['version', 'failed', /no jobs .* since .*; remove/, { versionDeadline: testNow }],
];

test.each(table)('%s is %s: %s', (id, status, says, runner, facts) => {
  const found = checkRunner(factsOf(runner, facts)).find((check) => check.id === id);
  expect(found).toMatchObject({ status, checkedAt: testNow });
  if (typeof says === 'string') expect(found?.detail).toBe(says);
  else expect(found?.detail).toMatch(says);
});

test('all seven checks come, each once, as the contract has them', () => {
  const found = checkRunner(factsOf());
  expect(found.map(({ id }) => id)).toEqual(healthCheckSchema.shape.id.options);
  expect(found.filter(({ status }) => status === 'failed')).toEqual([]);
});

describe('what a restart mends', () => {
  const stuck: Partial<RunnerFacts> = { forge: off(6 * minute) };
  const cases: [what: string, Partial<Runner>, Partial<RunnerFacts>, HealthCheck['id'] | null][] = [
    ['stuck while idle', { forgeStatus: 'offline' }, stuck, 'forge'],
    ['offline while busy', { forgeStatus: 'offline', state: 'busy' }, stuck, null],
    ['stuck and about to stop', { forgeStatus: 'offline', draining: true }, stuck, null],
    [
      'a process gone unnoticed',
      {},
      { process: { pid: 1, goneSince: ago(minute), isShimGone: true } },
      'process',
    ],
    ['a process gone just now', {}, { process: { pid: 1, goneSince: testNow, isShimGone: true } }, null],
    ['failed, which the restart policy decided about', { state: 'failed', failure }, { process: null }, null],
    ['a full disk', {}, { host: host(0, gigabyte) }, null],
    ['health', {}, {}, null],
  ];
  test.each(cases)('%s', (_what, runner, facts, worthy) => {
    const all = factsOf(runner, facts);
    expect(restartWorthy(all.runner, checkRunner(all))?.id ?? null).toBe(worthy);
  });
});

test.each([
  ['idle', 'online', false],
  ['idle', 'offline', true],
  ['idle', 'unknown', true],
  ['busy', 'offline', true],
  ['reconnecting', 'offline', false],
  ['starting', 'offline', false],
  ['stopped', 'offline', false],
  ['stopped', 'online', true],
  ['failed', 'online', true],
] as const)('%s here and %s there differ: %s', (state, forgeStatus, differs) => {
  expect(forgeDiffers(factsOf({ state, forgeStatus }).runner)).toBe(differs);
});
