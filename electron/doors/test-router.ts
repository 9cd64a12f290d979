/** A small real router for tests of doors and clients: the contract's procedures over a real board. */
import { implement } from '@orpc/server';
import type { PanelState } from '../../shared/board.ts';
import { contract } from '../../shared/contract.ts';
import { TracksideError } from '../../shared/errors.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { type BoardPublisher, createBoard } from '../board.ts';

const panelState: PanelState = {
  now: 0,
  version: '0.0.0',
  demo: false,
  host: null,
  load: null,
  tokenStore: 'memory',
  dataFolder: '/data',
  settings: defaultSettings,
  surroundings: null,
  quitting: null,
};

/** A secret that only ever appears in an internal error. */
export const plantedSecret = 'ghp_planted_secret';

/**
 * `repositories.refresh` sets the demo flag on the board; `runners.start` throws a named error; `runners.stop` fails by
 * a fault; `runners.restart` never answers; `connections.check` streams nothing and then throws a named error.
 */
export function createTestRouter() {
  const os = implement(contract);
  const board = createBoard(panelState);
  let restarts = 0;
  const router = {
    board: { watch: os.board.watch.handler(({ signal }) => board.watch(signal)) },
    connections: {
      // biome-ignore lint/correctness/useYield: it fails before its first report
      check: os.connections.check.handler(async function* () {
        throw new TracksideError('TOKEN_REFUSED', 'GitHub does not accept this token.', { field: 'token' });
      }),
    },
    repositories: {
      refresh: os.repositories.refresh.handler(async () => {
        board.panel({ demo: !board.current().panel.demo });
        return {};
      }),
    },
    runners: {
      start: os.runners.start.handler(async ({ input }) => {
        throw new TracksideError('UNKNOWN', `There is no runner ${input.runnerId}.`, {
          remedy: 'Reload the panel.',
          field: 'runnerId',
        });
      }),
      stop: os.runners.stop.handler(async () => {
        throw new Error(`no route to ${plantedSecret}`);
      }),
      restart: os.runners.restart.handler(() => {
        restarts += 1;
        return new Promise(() => {});
      }),
    },
  };
  return { router, board, restarts: () => restarts };
}

/** Resolves once `board` has `count` readers. */
export function whenWatchers(board: BoardPublisher, count: number): Promise<void> {
  return new Promise((resolve) => {
    if (board.watchers() === count) return resolve();
    const stop = board.onWatchers((now) => {
      if (now !== count) return;
      stop();
      resolve();
    });
  });
}
