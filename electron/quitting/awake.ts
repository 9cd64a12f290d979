/** Keeps the host awake from the first job's start to the last one's end. */
import type { BoardPublisher } from '../board.ts';
import type { Delay, Inhibitor } from '../platform/inhibit.ts';
import { followJobs } from './jobs.ts';

/**
 * @param onDelay told what that achieves on this host, the first time and when it is something else
 * @returns ends it: the host may sleep
 */
export function keepAwake(options: {
  board: Pick<BoardPublisher, 'current' | 'onChange'>;
  inhibitor: Inhibitor;
  onDelay(delay: Delay): void;
  onFault(error: unknown): void;
}): () => void {
  const { board, inhibitor, onDelay, onFault } = options;
  let told: string | null = null;
  const tell = (delay: Delay): void => {
    if (delay.sentence === told) return;
    told = delay.sentence;
    onDelay(delay);
  };
  const stop = followJobs(board, (jobs) => {
    if (jobs > 0) inhibitor.hold().then(tell).catch(onFault);
    else inhibitor.release();
  });
  return () => {
    stop();
    inhibitor.release();
  };
}
