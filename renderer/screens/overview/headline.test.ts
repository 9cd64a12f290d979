import { expect, test } from 'vitest';
import type { Board } from '../../../shared/board.ts';
import type { Job, Pool, Wait } from '../../../shared/model.ts';
import {
  boardWith,
  connectionRow,
  jobRow,
  poolRow,
  repositoryRow,
  runnerRow,
  waitRow,
} from '../../testing/rows.ts';
import { headlineOf, headlineText } from './headline.ts';

const idle = (name: string) => runnerRow({ name });
const busy = (name: string) =>
  runnerRow({ name, state: 'busy', job: { name: 'build', startedAt: 0, url: null } });
const inState = (
  name: string,
  state: 'deploying' | 'starting' | 'stopped' | 'stopping' | 'failed' | 'reconnecting',
) => runnerRow({ name, state });
/** A cause, and as many jobs that wait for it. */
const waiting = (over: Partial<Wait>): { jobs: Job[]; waits: Wait[] } => {
  const wait = waitRow(over);
  const jobs = Array.from({ length: wait.jobs }, (_, index) =>
    jobRow({ id: `${wait.id}-${index}`, waitId: wait.id }),
  );
  return { jobs, waits: [wait] };
};
const forGpu = waiting({});
const busyWait = waiting({
  id: 'w2',
  kind: 'all-busy',
  title: '2 jobs wait for a free runner.',
  jobs: 2,
  passes: true,
});
const held = waiting({ id: 'w3', kind: 'held', title: '1 job waits: `arm` is paused' });
const together = (...parts: (typeof forGpu)[]) => ({
  jobs: parts.flatMap(({ jobs }) => jobs),
  waits: parts.flatMap(({ waits }) => waits),
});
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
    boardWith(forGpu),
    'No runners yet. 1 job waits for a runner with label “gpu”.',
  ],
  ['one idle', boardWith({ runners: [idle('a')] }), 'All quiet: 1 runner listens for jobs.'],
  ['all idle', boardWith({ runners: [idle('a'), idle('b')] }), 'All quiet: 2 runners listen for jobs.'],
  ['jobs run', boardWith({ runners: [busy('a'), busy('b'), idle('c')] }), '2 jobs run on 3 runners.'],
  [
    'jobs run, and others wait for a label and for a free runner: what needs somebody is told',
    boardWith({ runners: [busy('a')], ...together(busyWait, forGpu) }),
    '1 job runs on 1 runner. 1 job waits for a runner with label “gpu”.',
  ],
  [
    'jobs wait for several things that need somebody',
    boardWith({ runners: [idle('a')], ...together(forGpu, busyWait, held) }),
    '1 runner listens for jobs. 2 jobs wait for 2 reasons that need you.',
  ],
  [
    'jobs wait for a free runner',
    boardWith({ runners: [busy('a')], ...busyWait }),
    '1 job runs on 1 runner. 2 jobs wait for a free runner.',
  ],
  [
    'jobs wait for several reasons that pass',
    boardWith({
      runners: [busy('a')],
      ...together(busyWait, waiting({ id: 'w4', kind: 'starting', passes: true })),
    }),
    '1 job runs on 1 runner. 3 jobs wait; nothing needs you.',
  ],
  [
    'a job that was seen a moment ago',
    boardWith({ runners: [idle('a')], jobs: [jobRow()] }),
    '1 runner listens for jobs. 1 job was seen a moment ago.',
  ],
  [
    'jobs that wait for earlier ones of their run are no news',
    boardWith({ runners: [busy('a')], ...waiting({ kind: 'needs', passes: true, jobs: 9 }) }),
    '1 job runs on 1 runner.',
  ],
  [
    'all stopped while a job waits',
    boardWith({ runners: [inState('a', 'stopped'), inState('b', 'stopped')], ...held }),
    'All 2 runners are stopped. 1 job waits: “arm” is paused.',
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
    boardWith({ runners: [busy('a'), inState('b', 'failed'), inState('c', 'failed')], ...held }),
    '1 job runs on 1 runner. 2 runners failed. 1 job waits: “arm” is paused.',
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
  const board = boardWith({ runners: [busy('a'), inState('b', 'failed')], ...held });
  expect(headlineOf(board).map(({ tone }) => tone)).toEqual(['plain', 'fail', 'wait']);
  const passing = boardWith({ runners: [busy('a')], ...busyWait });
  expect(headlineOf(passing).map(({ tone }) => tone)).toEqual(['plain', 'plain']);
  const failing = boardWith({ runners: [busy('a')], ...waiting({ failsAt: 1 }) });
  expect(headlineOf(failing).map(({ tone }) => tone)).toEqual(['plain', 'fail']);
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
