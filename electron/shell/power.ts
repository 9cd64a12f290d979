/** What the desktop tells of the machine's power: jobs keep it awake, a shutdown waits for them as long as it may. */
import type { PowerMonitor, PowerSaveBlocker } from 'electron';
import type { BoardPublisher } from '../board.ts';
import type { GoodNeighbour } from '../neighbour/surroundings.ts';
import { followJobs, jobsAtWork } from '../quitting/jobs.ts';
import type { Quitting } from '../quitting/quitting.ts';

/** The part of the engine that it concerns. */
export interface PoweredEngine {
  board: Pick<BoardPublisher, 'current' | 'onChange'>;
  quitting: Pick<Quitting, 'quit'>;
  neighbour: Pick<GoodNeighbour, 'sample'>;
}

export function setupPower(options: {
  powerMonitor: Pick<PowerMonitor, 'on'>;
  powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  engine: PoweredEngine;
}): void {
  const { powerMonitor, powerSaveBlocker, engine } = options;
  let blocker: number | null = null;
  followJobs(engine.board, (jobs) => {
    if (jobs > 0) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  });

  // What surrounds the runners is known better now than at the next look.
  const look = (): void => void engine.neighbour.sample();
  powerMonitor.on('on-ac', look);
  powerMonitor.on('on-battery', look);
  powerMonitor.on('resume', look);

  // Electron hands the event to the listener, which delays the shutdown by preventing it; its types leave that out.
  const delayShutdown = (event?: { preventDefault(): void }): void => {
    if (jobsAtWork(engine.board.current()) > 0) event?.preventDefault();
    engine.quitting.quit('finish-jobs');
  };
  powerMonitor.on('shutdown', delayShutdown);
}
