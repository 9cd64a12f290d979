/** Starts, kills and starts again the engine that a chaos run is about, and speaks to it through its local socket. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectLocally, type LocalClient } from '../../electron/doors/local-client.ts';
import type {
  ClockMessage,
  EngineProcessOrder,
  ReadyMessage,
} from '../../electron/testing/engine-process.ts';
import type { Board, BoardEvent } from '../../shared/board.ts';
import { applyChanges } from '../../shared/board-apply.ts';

const program = join(import.meta.dirname, '../../electron/testing/engine-process.ts');

export interface EngineChild {
  readonly pid: number;
  readonly client: LocalClient;
  /** From the process's start to all runners of earlier being taken care of, milliseconds. */
  readonly readyAfterMs: number;
  board(): Board;
  /** Resolves once the board satisfies the condition. @throws after the time is over, with what the board was */
  when(condition: (board: Board) => boolean, timeoutMs: number, what: string): Promise<Board>;
  tellClock(message: ClockMessage): void;
  /** Lets go of the local socket: nobody watches the board any more, and nothing can be asked. */
  lookAway(): void;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  end(): Promise<number | null>;
  /** What it wrote to standard error. */
  complaints(): string;
}

/**
 * @param wrap puts a command in front of the engine's, e.g. to give it a file system view of its own
 * @throws when it ends before it is ready
 */
export async function startEngineChild(
  order: EngineProcessOrder,
  options: { execPath?: string; execArgv?: string[] } = {},
): Promise<EngineChild> {
  const child = fork(program, [JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...options,
  });
  let complaints = '';
  child.stderr?.on('data', (text: Buffer) => {
    complaints = `${complaints}${text}`.slice(-20_000);
  });
  const readyAfterMs = await untilReady(child, () => complaints);
  const { client, close } = await connectLocally(order.dataFolder);
  const follower = await followBoard(client);
  const gone = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    close();
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return {
    pid: child.pid ?? 0,
    client,
    readyAfterMs,
    board: follower.board,
    when: follower.when,
    tellClock: (message) => void child.send(message),
    lookAway: close,
    kill: async () => void (await gone('SIGKILL')),
    end: () => gone('SIGTERM'),
    complaints: () => complaints,
  };
}

function untilReady(child: ChildProcess, complaints: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as ReadyMessage).afterMs));
    child.once('exit', (code) => reject(new Error(`The engine ended with ${code}: ${complaints()}`)));
  });
}

async function followBoard(client: LocalClient) {
  const events = await client.board.watch();
  let board = await firstSnapshot(events);
  const checks = new Set<() => void>();
  void (async () => {
    for await (const event of events) {
      board = event.kind === 'snapshot' ? event.board : applyChanges(board, event.changes);
      for (const check of [...checks]) check();
    }
  })().catch(() => {
    // The engine was killed or ended; whoever waits for its board is told by the time that is over.
  });
  return {
    board: () => board,
    when(condition: (board: Board) => boolean, timeoutMs: number, what: string): Promise<Board> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          checks.delete(check);
          reject(new Error(`Not within ${timeoutMs / 1000} s: ${what}. ${summary(board)}`));
        }, timeoutMs);
        function check() {
          if (!condition(board)) return;
          clearTimeout(timer);
          checks.delete(check);
          resolve(board);
        }
        checks.add(check);
        check();
      });
    },
  };
}

async function firstSnapshot(events: AsyncIterator<BoardEvent>): Promise<Board> {
  const { value } = await events.next();
  if (value?.kind !== 'snapshot') throw new Error('The board did not begin with a snapshot.');
  return value.board;
}

/** What the board says, short enough for an error. */
function summary({ runners, poolStates }: Board): string {
  const rows = Object.values(runners).map(({ name, state, cause }) => `${name} ${state}: ${cause}`);
  const pools = Object.values(poolStates).map(({ cause, hold }) => `pool: ${cause} ${hold?.sentence ?? ''}`);
  return [...pools, ...rows.slice(0, 12)].join(' | ');
}
