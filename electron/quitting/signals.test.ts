import { expect, test } from 'vitest';
import type { Board } from '../../shared/board.ts';
import { emptyBoard } from '../../shared/board-apply.ts';
import type { QuitManner, Runner } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { createManualClock } from '../platform/clock.ts';
import { createSignals } from './signals.ts';

function boardWith(jobs: (string | null)[], panel: Partial<Board['panel']> = {}): Board {
  const board = emptyBoard({
    now: 0,
    version: '0',
    demo: false,
    host: null,
    load: null,
    tokenStore: 'memory',
    dataFolder: '/',
    settings: defaultSettings,
    surroundings: null,
    quitting: null,
    ...panel,
  });
  const rows = jobs.map((name, index) => {
    const job = name === null ? null : { name, startedAt: 0, url: null };
    return [String(index), { id: String(index), pid: 100 + index, job } as Runner];
  });
  return { ...board, runners: Object.fromEntries(rows) };
}

function setup(first: Board | null) {
  let board = first;
  const clock = createManualClock();
  const done: string[] = [];
  const said: string[] = [];
  const signals = createSignals({
    engine: () =>
      board && {
        board: { current: () => board ?? boardWith([]) },
        quitting: {
          quit(how: QuitManner) {
            done.push(how);
            if (board) board = { ...board, panel: { ...board.panel, quitting: { how, since: 0, jobs: 1 } } };
          },
        },
      },
    clock,
    say: (line) => said.push(line),
    close: () => done.push('close'),
    closeAtOnce: () => done.push('exit'),
  });
  return {
    done,
    said,
    cancel() {
      if (board) board = { ...board, panel: { ...board.panel, quitting: null } };
    },
    async receive(...names: NodeJS.Signals[]) {
      for (const name of names) {
        signals.receive(name);
        await clock.advance(1000);
      }
    },
    signals,
  };
}

test('SIGTERM waits for jobs, a second one leaves them, a third ends at once', async () => {
  const { receive, done, said } = setup(boardWith(['Build', null]));
  await receive('SIGTERM');
  expect(done).toEqual(['finish-jobs']);
  expect(said).toEqual([
    '1 job runs: Trackside takes no new ones and ends when they are done, after 10 min at the latest.',
    'A second signal ends it now and leaves the runners at work.',
  ]);
  await receive('SIGTERM');
  expect(done).toEqual(['finish-jobs', 'close']);
  expect(said.at(-1)).toBe('Closing Trackside; 2 runners stay at work until the next start…');
  await receive('SIGTERM');
  expect(done).toEqual(['finish-jobs', 'close', 'exit']);
});

test.each<[what: string, NodeJS.Signals, Board | null, line: string]>([
  [
    'Ctrl-C',
    'SIGINT',
    boardWith(['Build']),
    'Closing Trackside; 1 runner stays at work until the next start…',
  ],
  [
    'a closed terminal',
    'SIGHUP',
    boardWith(['Build']),
    'Closing Trackside; 1 runner stays at work until the next start…',
  ],
  ['no job', 'SIGTERM', boardWith([null]), 'Closing Trackside; 1 runner stays at work until the next start…'],
  ['no runner', 'SIGTERM', boardWith([]), 'Closing Trackside…'],
  ['an engine that is not open', 'SIGTERM', null, 'Closing Trackside…'],
  [
    'the demo',
    'SIGTERM',
    boardWith(['Build'], { demo: true }),
    'Closing Trackside; the demo takes its runners with it…',
  ],
  [
    'no time to wait',
    'SIGTERM',
    boardWith(['Build'], { settings: { ...defaultSettings, drainBoundMs: 0 } }),
    'Closing Trackside; 1 runner stays at work until the next start…',
  ],
])('%s ends it and leaves what runs', async (_what, signal, board, line) => {
  const { receive, done, said } = setup(board);
  await receive(signal);
  expect(done).toEqual(['close']);
  expect(said).toEqual([line]);
});

test('Ctrl-C ends the waiting', async () => {
  const { receive, done } = setup(boardWith(['Build']));
  await receive('SIGTERM', 'SIGINT');
  expect(done).toEqual(['finish-jobs', 'close']);
});

test('a signal that is passed on twice counts once', () => {
  const { signals, done } = setup(boardWith(['Build']));
  signals.receive('SIGTERM');
  signals.receive('SIGTERM');
  expect(done).toEqual(['finish-jobs']);
});

test('after the waiting was taken back, SIGTERM waits again', async () => {
  const { receive, done, cancel } = setup(boardWith(['Build']));
  await receive('SIGTERM');
  cancel();
  await receive('SIGTERM');
  expect(done).toEqual(['finish-jobs', 'finish-jobs']);
});
