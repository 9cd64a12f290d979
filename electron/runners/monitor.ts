/** Samples what the runners and the machine use, while somebody looks; nothing is measured for nobody. */
import type { Load, Usage } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Runners } from './runners.ts';

/** Time between two samples while somebody looks. */
const periodMs = 2000;

export interface Monitor {
  /** Takes a sample now; its results are on the board. */
  sample(): Promise<void>;
  dispose(): void;
}

export function createMonitor(options: {
  board: BoardPublisher;
  runners: Pick<Runners, 'all'>;
  sampleUsage(runners: { runnerId: string; sessionId: number; pid: number }[]): Promise<Usage[]>;
  hostLoad(): Promise<Load>;
  clock: Clock;
  /** Told of a failed sample; the next one is tried all the same. */
  onFault(error: unknown): void;
}): Monitor {
  const { board, runners, sampleUsage, hostLoad, clock, onFault } = options;
  let sampling = false;

  const sample = async (): Promise<void> => {
    const living = runners.all().flatMap((live) => {
      const process = live.supervision()?.process;
      return process ? [{ runnerId: live.entry.id, sessionId: process.groupId, pid: process.pid }] : [];
    });
    const [usage, load] = await Promise.all([sampleUsage(living), hostLoad()]);
    for (const row of usage) board.set('usage', row.runnerId, row);
    const measured = new Set(usage.map(({ runnerId }) => runnerId));
    for (const runnerId of Object.keys(board.current().usage)) {
      if (!measured.has(runnerId)) board.delete('usage', runnerId);
    }
    board.panel({ load, now: clock.now() });
  };

  const tick = (): void => {
    if (sampling || board.watchers() === 0) return;
    sampling = true;
    sample()
      .catch(onFault)
      .finally(() => {
        sampling = false;
      });
  };
  const stopTicking = clock.every(periodMs, tick);
  const stopWatching = board.onWatchers((count) => {
    if (count > 0) tick();
  });
  return {
    sample,
    dispose() {
      stopTicking();
      stopWatching();
    },
  };
}
