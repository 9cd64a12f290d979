import { EventEmitter } from 'node:events';
import type { App, BrowserWindow, MessageBoxOptions } from 'electron';
import { expect, test } from 'vitest';
import type { Board } from '../../shared/board.ts';
import { emptyBoard } from '../../shared/board-apply.ts';
import type { QuitManner, Runner } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { type EndingEngine, setupQuit } from './quit.ts';

function boardWith(jobs: number): Board {
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
  });
  const rows = Array.from({ length: jobs }, (_, index) => [
    String(index),
    { id: String(index), job: { name: 'Build', startedAt: 0, url: null } } as Runner,
  ]);
  return { ...board, runners: Object.fromEntries(rows) };
}

/** An application with one window and an engine with so many jobs; `answer` is the button that a person presses. */
function setup(options: { jobs?: number; answer?: number; engine?: Promise<EndingEngine> } = {}) {
  const { jobs = 0, answer = 3 } = options;
  const app = new EventEmitter();
  const window = new EventEmitter();
  const steps: string[] = [];
  const asked: MessageBoxOptions[] = [];
  const event = () => {
    const made = { prevented: false, preventDefault: () => Object.assign(made, { prevented: true }) };
    return made;
  };
  const quit = (): void => {
    const before = event();
    app.emit('before-quit', before);
    if (!before.prevented) app.emit('will-quit', event());
  };
  const exits: Promise<number> = new Promise((resolve) => {
    Object.assign(app, { exit: resolve, quit });
  });
  const engine: EndingEngine = {
    board: { current: () => boardWith(jobs) },
    quitting: {
      quit(how: QuitManner) {
        steps.push(how);
      },
    },
    async dispose() {
      steps.push('disposed');
    },
  };
  const handle = setupQuit({
    app: app as unknown as App,
    window: window as unknown as BrowserWindow,
    dialog: {
      showMessageBox: async (...args: unknown[]) => {
        asked.push(args.at(-1) as MessageBoxOptions);
        return { response: answer, checkboxChecked: false };
      },
    },
    engine: options.engine ?? Promise.resolve(engine),
  });
  const close = async (): Promise<boolean> => {
    const made = event();
    window.emit('close', made);
    await turn();
    return made.prevented;
  };
  return { app, quit, close, exits, steps, asked, handle };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('without a job nobody is asked: the engine is closed once before the process ends', async () => {
  const { app, close, exits, steps, asked } = setup();
  await turn();
  expect(await close()).toBe(false);
  app.emit('window-all-closed');
  app.emit('window-all-closed');
  expect(await exits).toBe(0);
  expect(steps).toEqual(['disposed']);
  expect(asked).toEqual([]);
});

test('an engine that never opened or does not close ends with a failure', async () => {
  const { app, exits } = setup({ engine: Promise.reject(new Error('in use')) });
  app.emit('window-all-closed');
  expect(await exits).toBe(1);
});

test.each<[button: number, how: QuitManner | null]>([
  [0, 'finish-jobs'],
  [1, 'leave-running'],
  [2, 'stop-now'],
  [3, null],
])('while jobs run the menu asks; button %i means %s', async (answer, how) => {
  const { quit, steps, asked } = setup({ jobs: 2, answer });
  await turn();
  quit();
  await turn();
  expect(steps).toEqual(how ? [how] : []);
  expect(asked).toEqual([
    expect.objectContaining({
      message: '2 jobs run on this machine.',
      buttons: ['Finish jobs, then quit', 'Leave runners running', 'Stop now (cancels 2 jobs)', 'Cancel'],
      defaultId: 0,
      cancelId: 3,
    }),
  ]);
});

test('the window stays open until the engine is ready to end, and nobody is asked twice', async () => {
  const { quit, close, steps, asked, handle, exits } = setup({ jobs: 1, answer: 0 });
  await turn();
  quit();
  expect(await close()).toBe(true);
  expect(asked).toHaveLength(1);
  handle.end();
  expect(await exits).toBe(0);
  expect(steps).toEqual(['finish-jobs', 'disposed']);
  expect(await close()).toBe(false);
});
