import { expect, test } from 'vitest';
import type { Board } from '../../../shared/board.ts';
import type { Job, Pool, WaitReason } from '../../../shared/model.ts';
import {
  boardWith,
  connectionRow,
  jobRow,
  poolRow,
  poolStateRow,
  repositoryRow,
  runnerRow,
} from '../../testing/rows.ts';
import { headlineOf, headlineText } from './headline.ts';

const idle = (name: string) => runnerRow({ name });
const busy = (name: string) =>
  runnerRow({ name, state: 'busy', job: { name: 'build', startedAt: 0, url: null } });
const inState = (
  name: string,
  state: 'deploying' | 'starting' | 'stopped' | 'stopping' | 'failed' | 'reconnecting',
) => runnerRow({ name, state });
const waits = (id: string, kind: WaitReason['kind'], missing: string[] = []): Job =>
  jobRow({ id, wait: { kind, missing, nearest: null, sentence: '' } });
const managed = (id: string): Pool => poolRow({ id, lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 } });
const problem = (code: string, message = 'Something is wrong.') => ({ code, message, remedy: null });
const onHost = (board: Board, unsupported: string): Board => ({
  ...board,
  panel: {
    ...board.panel,
    host: {
      hostname: 'h',
      os: 'other',
      architecture: 'X64',
      cores: 1,
      memoryBytes: 1,
      cpuModel: null,
      unsupported,
    },
  },
});

const cases: [string, Board, string][] = [
  [
    'nothing connected',
    boardWith({ connections: [], repositories: [] }),
    'Connect a repository, and its jobs run here.',
  ],
  ['no repository chosen', boardWith({ repositories: [] }), 'Choose a repository, and its jobs run here.'],
  [
    'a token that was only in memory',
    boardWith({ repositories: [], connections: [connectionRow({ usable: false })] }),
    'The token of octo is needed again.',
  ],
  [
    'a host that cannot',
    onHost(boardWith(), 'No runner exists for it.'),
    'This machine cannot run jobs for you.',
  ],
  ['no runners', boardWith(), 'No runners yet.'],
  [
    'no runners while a job waits',
    boardWith({ jobs: [waits('a', 'no-runner')] }),
    'No runners yet. 1 job waits for a runner.',
  ],
  ['one idle', boardWith({ runners: [idle('a')] }), 'All quiet: 1 runner listens for jobs.'],
  ['all idle', boardWith({ runners: [idle('a'), idle('b')] }), 'All quiet: 2 runners listen for jobs.'],
  ['jobs run', boardWith({ runners: [busy('a'), busy('b'), idle('c')] }), '2 jobs run on 3 runners.'],
  [
    'jobs run and wait for one label',
    boardWith({
      runners: [busy('a')],
      jobs: [
        waits('a', 'label-missing', ['gpu']),
        waits('b', 'label-missing', ['gpu']),
        waits('c', 'all-busy'),
      ],
    }),
    '1 job runs on 1 runner. 2 wait for the label “gpu”, which no runner has.',
  ],
  [
    'jobs wait for several labels',
    boardWith({
      runners: [idle('a')],
      jobs: [waits('a', 'label-missing', ['gpu']), waits('b', 'label-missing', ['ARM_64'])],
    }),
    '1 runner listens for jobs. 2 jobs wait for labels that no runner has.',
  ],
  [
    'jobs wait for a free runner',
    boardWith({ runners: [busy('a')], jobs: [waits('a', 'all-busy')] }),
    '1 job runs on 1 runner. 1 waits for a free runner.',
  ],
  [
    'jobs wait for several reasons',
    boardWith({ runners: [busy('a')], jobs: [waits('a', 'all-busy'), waits('b', 'unknown')] }),
    '1 job runs on 1 runner. 2 wait.',
  ],
  [
    'all stopped while a job waits',
    boardWith({ runners: [inState('a', 'stopped'), inState('b', 'stopped')], jobs: [waits('a', 'offline')] }),
    'All 2 runners are stopped. 1 job waits, but no runner is online.',
  ],
  [
    'deploying the first ones',
    boardWith({ runners: [inState('a', 'deploying'), inState('b', 'starting')] }),
    'Deploying 2 runners to octo/forge.',
  ],
  [
    'deploying more',
    boardWith({ runners: [busy('a'), inState('b', 'deploying')] }),
    '1 job runs on 1 runner. 1 more is being deployed.',
  ],
  [
    'one failed beside idle ones',
    boardWith({ runners: [idle('a'), inState('arm-2', 'failed')] }),
    '1 runner listens for jobs. arm-2 failed.',
  ],
  [
    'two failed, and a job waits: the worse comes first',
    boardWith({
      runners: [busy('a'), inState('b', 'failed'), inState('c', 'failed')],
      jobs: [waits('a', 'all-busy')],
    }),
    '1 job runs on 1 runner. 2 runners failed. 1 waits for a free runner.',
  ],
  [
    'the forge does not answer',
    boardWith({
      runners: [idle('a')],
      repositories: [repositoryRow({ problem: problem('FORGE_UNREACHABLE') })],
    }),
    '1 runner listens for jobs. GitHub does not answer.',
  ],
  [
    'the forge asks to wait',
    boardWith({ runners: [idle('a')], repositories: [repositoryRow({ problem: problem('RATE_LIMITED') })] }),
    '1 runner listens for jobs. GitHub asks to wait.',
  ],
  [
    'the token is refused while jobs run',
    boardWith({
      runners: [busy('a')],
      connections: [
        connectionRow({ usable: false, problem: problem('TOKEN_REFUSED', 'GitHub refused the token.') }),
      ],
    }),
    '1 job runs on 1 runner. GitHub refused the token.',
  ],
  [
    'a runner lost the forge',
    boardWith({ runners: [idle('a'), inState('b', 'reconnecting')] }),
    '1 runner listens for jobs. b has lost GitHub and tries again.',
  ],
  [
    'pools that manage themselves, with nothing to do',
    boardWith({ pools: [managed('p1'), managed('p2')] }),
    'Nothing runs. 2 pools start runners when a job waits.',
  ],
  [
    'a pool that is paused',
    boardWith({ pools: [{ ...managed('p1'), paused: true }] }),
    'Nothing runs. The pool is paused.',
  ],
  [
    'a job that a pool will take',
    boardWith({
      pools: [managed('p1')],
      jobs: [waits('a', 'no-runner')],
      poolStates: [poolStateRow({ demand: 1, wanted: 1 })],
    }),
    'Nothing runs. 1 pool starts runners when a job waits. 1 job waits; a runner comes.',
  ],
  [
    'a job whose pool is held back',
    boardWith({
      pools: [managed('p1')],
      runners: [busy('a')],
      jobs: [waits('a', 'label-missing', ['gpu'])].map((job) => ({ ...job, labels: ['self-hosted'] })),
      poolStates: [poolStateRow({ demand: 1, hold: { kind: 'pool-maximum', sentence: '' } })],
    }),
    '1 job runs on 1 runner. 1 waits: arm has as many runners as it may.',
  ],
  [
    'one that starts again by itself has not failed',
    boardWith({ runners: [idle('a'), runnerRow({ name: 'b', state: 'failed', retryAt: 1 })] }),
    '1 runner listens for jobs. b starts again by itself.',
  ],
  [
    'one that updates itself is not being deployed',
    boardWith({ runners: [busy('a'), runnerRow({ name: 'b', state: 'starting', updating: true })] }),
    '1 job runs on 1 runner.',
  ],
  ['a runner leaves', boardWith({ runners: [inState('a', 'stopping')] }), '1 runner leaves.'],
];

test.each(cases)('%s', (_name, board, text) => {
  expect(headlineText(headlineOf(board))).toBe(text);
});

test('what needs somebody is tinted, what is fine is not', () => {
  const board = boardWith({ runners: [busy('a'), inState('b', 'failed')], jobs: [waits('a', 'all-busy')] });
  expect(headlineOf(board).map(({ tone }) => tone)).toEqual(['plain', 'fail', 'wait']);
});

test('a rate limit says until when', () => {
  const resetsAt = new Date(2026, 10, 21, 14, 20, 5).getTime();
  const board = boardWith({
    runners: [idle('a')],
    connections: [
      connectionRow({ problem: problem('RATE_LIMITED'), budget: { limit: 5000, remaining: 0, resetsAt } }),
    ],
  });
  expect(headlineText(headlineOf(board))).toContain('GitHub asks to wait until 14:20:05.');
});
