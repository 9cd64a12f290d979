/** How the engine ends: after its jobs, leaving its runners at work, or at once with them. A job is never ended by itself. */
import { TracksideError } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format.ts';
import type { Hold, QuitManner, Settings } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { LiveRunner } from '../runners/live-runner.ts';
import { jobsAtWork } from './jobs.ts';

/** What is asked of a runner. */
export type QuittingRunner = Pick<
  LiveRunner,
  'entry' | 'supervision' | 'halt' | 'resume' | 'retire' | 'remove' | 'settled'
>;

export interface Quitting {
  /**
   * Begins to end, or goes on to end in another manner. `finish-jobs` waits for as long as the settings say; runners
   * that still work then are left to the next engine.
   */
  quit(how: QuitManner): void;
  /**
   * Takes an end that waits for jobs back: the listeners start again. Nothing happens when there is none.
   * @throws TracksideError CONFLICT when jobs were cancelled already, or the end has come
   */
  cancel(): void;
  /** Why no pool takes jobs; null in ordinary times. */
  holding(): Hold | null;
  dispose(): void;
}

/** The answer to whoever asked, and the board's last change, are given so long to get out. */
const farewellMs = 100;

export function createQuitting(options: {
  board: BoardPublisher;
  runners: { all(): QuittingRunner[] };
  settings(): Pick<Settings, 'drainBoundMs'>;
  clock: Clock;
  /** Called once, when the engine can be disposed of. */
  onEnd(): void;
  onFault(error: unknown): void;
}): Quitting {
  const { board, runners, settings, clock, onEnd, onFault } = options;
  let how: QuitManner | null = null;
  let over = false;
  /** Runners that this end has stopped or is stopping, and the stops that are not done yet. */
  const asked = new Set<string>();
  const pending = new Set<{ live: QuittingRunner }>();
  let cancelBound = (): void => {};
  let cancelFarewell = (): void => {};

  const publish = (since: number): void => {
    if (how) board.panel({ quitting: { how, since, jobs: jobsAtWork(board.current()) } });
  };
  const end = (): void => {
    over = true;
    cancelBound();
    cancelFarewell = clock.after(farewellMs, onEnd);
  };

  const stopRunner = async (live: QuittingRunner, manner: QuitManner): Promise<void> => {
    const cause = 'Trackside ends; it starts again with the next start.';
    // One job's configuration is not kept: a runner for one job cannot be started again.
    if (!live.entry.record().ephemeral) return live.halt(manner === 'stop-now' ? 'now' : 'drain', cause);
    if (manner === 'stop-now') live.remove('now');
    else if (live.entry.runner().job === null) await live.retire('Trackside ends.');
    await live.settled();
  };

  const stop = (live: QuittingRunner, manner: QuitManner): void => {
    const stopping = { live };
    asked.add(live.entry.id);
    pending.add(stopping);
    stopRunner(live, manner)
      .catch(onFault)
      .finally(() => {
        pending.delete(stopping);
        look();
      });
  };

  /** Stops whoever does not stop yet: also a runner that a person starts, or that comes out of its deploy, meanwhile. */
  const stopOthers = (manner: QuitManner): void => {
    for (const live of runners.all()) {
      const { wanted, held, ephemeral } = live.entry.record();
      const isStopping = ephemeral ? asked.has(live.entry.id) : held;
      if (wanted === 'running' && !isStopping) stop(live, manner);
    }
  };

  /** A deploy is not waited for: the next engine goes on with it, or takes it back. */
  const isDone = (): boolean =>
    jobsAtWork(board.current()) === 0 &&
    [...pending].every(({ live }) => live.entry.runner().state === 'deploying');

  function look(): void {
    const { quitting } = board.current().panel;
    if (!how || over || how === 'leave-running' || !quitting) return;
    stopOthers(how);
    if (quitting.jobs !== jobsAtWork(board.current())) publish(quitting.since);
    if (isDone()) end();
  }

  const stopFollowing = board.onChange((change) => {
    if (change.kind !== 'panel' && change.table === 'runners') look();
  });

  return {
    quit(manner) {
      if (over || how === manner) return;
      const since = board.current().panel.quitting?.since ?? clock.now();
      how = manner;
      publish(since);
      cancelBound();
      if (manner === 'leave-running') return end();
      if (manner === 'finish-jobs') cancelBound = clock.after(settings().drainBoundMs, end);
      // Those that wait for their jobs are asked once more, not to wait.
      else for (const { live } of [...pending]) stop(live, manner);
      look();
    },
    cancel() {
      if (!how) return;
      if (over || how !== 'finish-jobs') {
        throw new TracksideError('CONFLICT', 'It is too late to take the end back: it has begun.', {
          remedy: 'Start Trackside again.',
        });
      }
      how = null;
      cancelBound();
      board.panel({ quitting: null });
      for (const live of runners.all()) {
        if (asked.has(live.entry.id)) live.resume('The end was taken back.');
      }
      asked.clear();
    },
    holding() {
      if (!how) return null;
      const jobs = jobsAtWork(board.current());
      const sentence =
        how === 'finish-jobs' && jobs > 0
          ? `Trackside ends when ${formatCount(jobs, 'job is', 'jobs are')} done: no new jobs.`
          : 'Trackside ends: no new jobs.';
      return { kind: 'quitting', sentence };
    },
    dispose() {
      stopFollowing();
      cancelBound();
      cancelFarewell();
    },
  };
}
