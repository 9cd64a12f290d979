/** What a signal means for a program that carries an engine. A job is never ended by one. */
import type { Board } from '../../shared/board.ts';
import { formatCount, formatRoughly } from '../../shared/format.ts';
import type { Clock } from '../platform/clock.ts';
import { jobsAtWork } from './jobs.ts';
import type { Quitting } from './quitting.ts';

/** The engine, as far as its end is concerned. */
export interface EndingEngine {
  board: { current(): Board };
  quitting: Pick<Quitting, 'quit'>;
}

export interface Signals {
  /**
   * SIGTERM waits for jobs, for as long as the settings say; any other signal leaves the runners at work and ends. A
   * second one ends the waiting, and what is closing already ends at once.
   */
  receive(signal: NodeJS.Signals): void;
}

/** A terminal and the programs between pass the same signal on twice. */
const echoMs = 500;

export function createSignals(options: {
  /** Null while it is not open. */
  engine(): EndingEngine | null;
  clock: Clock;
  say(line: string): void;
  /** Ends the program in order; its runners go on. */
  close(): void;
  /** Ends the program without waiting for anything. */
  closeAtOnce(): void;
}): Signals {
  const { engine, clock, say, close, closeAtOnce } = options;
  let last: { signal: NodeJS.Signals; at: number } | null = null;
  let waits = false;
  let closing = false;

  const leave = (board: Board | null): void => {
    closing = true;
    say(farewell(board));
    close();
  };

  return {
    receive(signal) {
      const now = clock.now();
      if (last?.signal === signal && now - last.at < echoMs) return;
      last = { signal, at: now };
      if (closing) return closeAtOnce();
      const opened = engine();
      const board = opened?.board.current() ?? null;
      // An end that was taken back in the panel is waited for no more.
      waits &&= board?.panel.quitting?.how === 'finish-jobs';
      if (!opened || !board || signal !== 'SIGTERM' || waits || !worthWaiting(board)) return leave(board);
      waits = true;
      const bound = formatRoughly(board.panel.settings.drainBoundMs);
      const jobs = formatCount(jobsAtWork(board), 'job runs', 'jobs run');
      say(`${jobs}: Trackside takes no new ones and ends when they are done, after ${bound} at the latest.`);
      say('A second signal ends it now and leaves the runners at work.');
      opened.quitting.quit('finish-jobs');
    },
  };
}

/** The runners of the demo end with it, whatever they do. */
function worthWaiting(board: Board): boolean {
  return !board.panel.demo && jobsAtWork(board) > 0 && board.panel.settings.drainBoundMs > 0;
}

function farewell(board: Board | null): string {
  const runners = Object.values(board?.runners ?? {}).filter(({ pid }) => pid !== null).length;
  if (runners === 0) return 'Closing Trackside…';
  if (board?.panel.demo) return 'Closing Trackside; the demo takes its runners with it…';
  const left = formatCount(runners, 'runner stays', 'runners stay');
  return `Closing Trackside; ${left} at work until the next start…`;
}
