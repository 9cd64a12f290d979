/** Looks after the health of all runners: every 30 s, soon after one has changed, and when somebody asks. */
import type { Change } from '../../../shared/board.ts';
import type { Health, HealthCheck } from '../../../shared/model.ts';
import type { BoardPublisher } from '../../board.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ProcessInfo } from '../../platform/process-info.ts';
import type { RunnerEntry } from '../entry.ts';
import { liveStates } from '../lifecycle.ts';
import type { RunningProcess } from '../process.ts';
import type { Availability } from './availability.ts';
import { checkRunner, forgeDiffers, type HostFacts, type RunnerFacts, restartWorthy } from './checks.ts';
import type { VersionDeadlines } from './version-deadlines.ts';

const periodMs = 30_000;
/** Changes within this time are looked at together. */
const soonMs = 1000;
/** While nobody looks at the panel, a row in which no status has changed is shown anew this seldom. */
const unseenPeriodMs = 5 * 60_000;

/** What the monitor needs of a `LiveRunner`. */
export interface WatchedRunner {
  readonly entry: RunnerEntry;
  supervision(): { process: WatchedProcess } | null;
}
type WatchedProcess = Pick<RunningProcess, 'pid' | 'groupId' | 'startToken' | 'startedAt'>;

export interface HealthMonitorOptions {
  board: BoardPublisher;
  runners: {
    all(): WatchedRunner[];
    /** @throws TracksideError UNKNOWN */
    get(runnerId: string): WatchedRunner;
  };
  listProcesses(): Promise<ProcessInfo[]>;
  hostFacts(): Promise<HostFacts>;
  availability: Availability;
  versionDeadlines: Pick<VersionDeadlines, 'of'>;
  /** This machine's clock minus the forge's as its last answer told; null while unknown. */
  clockSkewMs(repositoryId: string): number | null;
  /** Looks at a repository's forge now; never rejects. */
  refresh(repositoryId: string): Promise<void>;
  /**
   * Called with a failed check that a restart of the listener mends, at every look for as long as it lasts; never while
   * the runner is busy or about to stop.
   */
  onUnhealthy(runnerId: string, check: HealthCheck): void;
  clock: Clock;
  /** Told of a look that failed; the next one is taken all the same. */
  onFault(error: unknown): void;
}

export interface HealthMonitor {
  /** Checks one runner now, with a fresh look at its forge. @throws TracksideError UNKNOWN */
  check(runnerId: string): Promise<void>;
  /** Checks all of them now; nothing is asked of a forge for it but version deadlines not known yet. */
  checkAll(): Promise<void>;
  dispose(): void;
}

/** What was seen of a runner before. */
interface Seen {
  process: WatchedProcess | null;
  goneSince: number | null;
  differsSince: number | null;
}

/** What lives of a runner's session; a number that leads a session is not given to another process meanwhile. */
type Presence = 'whole' | 'without-shim' | 'gone';

/** Begins to look after the runners. */
export function createHealthMonitor(options: HealthMonitorOptions): HealthMonitor {
  const { board, runners, availability, clock, onFault } = options;
  const seen = new Map<string, Seen>();
  /** Runners known by more than what an engine before this one wrote down. */
  const met = new Set<string>();
  const changed = new Set<string>();
  let cancelSoon: (() => void) | null = null;
  let isPassing = false;
  let isDisposed = false;

  /** Whether it is more than another moment and other figures. */
  const isNews = ({ entry }: WatchedRunner, checks: readonly HealthCheck[]): boolean => {
    const shown = board.current().health[entry.id];
    const shownAt = shown?.checks[0]?.checkedAt ?? Number.NEGATIVE_INFINITY;
    if (!shown || clock.now() - shownAt >= unseenPeriodMs) return true;
    const sameStatuses = checks.every(({ status }, index) => status === shown.checks[index]?.status);
    return !sameStatuses || shown.restarts !== entry.record().restarts.count;
  };

  /** One pass over the process table for all of these. @param isSparing shows only what is news */
  const look = async (lives: readonly WatchedRunner[], isSparing = false): Promise<void> => {
    const before = new Map(lives.map((live) => [live, live.supervision()?.process ?? null]));
    const [list, host] = await Promise.all([options.listProcesses(), options.hostFacts()]);
    if (isDisposed) return;
    const presenceOf = indexPresence(list);
    const unhealthy: { runnerId: string; check: HealthCheck }[] = [];
    for (const live of lives) {
      const runner = live.entry.runner();
      // Gone meanwhile.
      if (!(runner.id in board.current().runners)) continue;
      const process = live.supervision()?.process ?? null;
      // One that started meanwhile is not in the list.
      const presence = process && process === before.get(live) ? presenceOf(process) : 'whole';
      const checks = checkRunner(learn(live, process, presence, host));
      if (!isSparing || isNews(live, checks)) {
        board.set('health', runner.id, healthOf(live, checks, availability));
      }
      const check = restartWorthy(runner, checks);
      if (check) unhealthy.push({ runnerId: runner.id, check });
    }
    for (const { runnerId, check } of unhealthy) options.onUnhealthy(runnerId, check);
  };

  const learn = (
    live: WatchedRunner,
    process: WatchedProcess | null,
    presence: Presence,
    host: HostFacts,
  ): RunnerFacts => {
    const now = clock.now();
    const runner = live.entry.runner();
    const known = seen.get(runner.id);
    const earlier = known?.process === process ? known : null;
    const next: Seen = {
      process,
      goneSince: presence === 'gone' ? (earlier?.goneSince ?? now) : null,
      differsSince: forgeDiffers(runner) ? (earlier?.differsSince ?? now) : null,
    };
    seen.set(runner.id, next);
    const { checkedAt = null, problem = null } = board.current().repositories[runner.repositoryId] ?? {};
    return {
      now,
      runner,
      process: process && {
        pid: process.pid,
        goneSince: next.goneSince,
        isShimGone: presence === 'without-shim',
      },
      forge: { checkedAt, problem, differsSince: next.differsSince },
      host,
      clockSkewMs: options.clockSkewMs(runner.repositoryId),
    };
  };

  const count = (live: WatchedRunner): void => {
    const { entry } = live;
    const runner = entry.runner();
    const process = live.supervision()?.process ?? null;
    // An engine before this one left it so; what it is now is being found out.
    if (!process && !met.has(runner.id) && liveStates.includes(runner.state)) return;
    met.add(runner.id);
    availability.observe({ runner, record: entry.record(), processStartedAt: process?.startedAt ?? null });
  };

  const learnDeadlines = (lives: readonly WatchedRunner[]): void => {
    const registered = lives.filter(({ entry }) => entry.runner().forgeRunnerId !== null);
    const groups = Map.groupBy(
      registered,
      ({ entry }) => `${entry.runner().repositoryId} ${entry.runner().version}`,
    );
    for (const group of groups.values()) {
      const { repositoryId = '', version = null } = group[0]?.entry.runner() ?? {};
      if (version === null) continue;
      void options.versionDeadlines.of(repositoryId, version).then((versionDeadline) => {
        if (isDisposed || versionDeadline === undefined) return;
        for (const { entry } of group) {
          const runner = entry.runner();
          const isNews = runner.version === version && runner.versionDeadline !== versionDeadline;
          if (isNews) entry.show({ versionDeadline });
        }
      });
    }
  };

  const checkAll = async (): Promise<void> => {
    const lives = runners.all();
    for (const live of lives) count(live);
    // Each row shown costs more than its checks.
    await look(lives, board.watchers() === 0);
    if (isDisposed) return;
    learnDeadlines(lives);
    availability.write();
  };
  const tick = (): void => {
    if (isPassing) return;
    isPassing = true;
    checkAll()
      .catch(onFault)
      .finally(() => {
        isPassing = false;
      });
  };

  const lookSoon = (runnerId: string): void => {
    changed.add(runnerId);
    cancelSoon ??= clock.after(soonMs, () => {
      cancelSoon = null;
      const lives = runners.all().filter(({ entry }) => changed.has(entry.id));
      changed.clear();
      look(lives).catch(onFault);
    });
  };
  const aspects = new Map<string, string>();
  const onChange = (change: Change): void => {
    if (change.kind === 'delete' && change.table === 'runners') {
      for (const known of [seen, met, aspects]) known.delete(change.id);
      availability.forget(change.id);
      board.delete('health', change.id);
    }
    if (change.kind !== 'set' || change.table !== 'runners') return;
    const { id, state, pid, forgeStatus, retryAt, versionDeadline } = change.row;
    const aspect = [state, pid, forgeStatus, retryAt, versionDeadline].join();
    if (aspects.get(id) === aspect) return;
    const live = runners.all().find(({ entry }) => entry.id === id);
    // Shown a moment before it is known: its next change, or the next pass, is soon enough.
    if (!live) return;
    aspects.set(id, aspect);
    count(live);
    lookSoon(id);
  };
  const stopTicking = clock.every(periodMs, tick);
  const stopListening = board.onChange(onChange);
  const stopWaking = board.onWatchers((watchers) => {
    if (watchers === 1) tick();
  });

  return {
    async check(runnerId) {
      const live = runners.get(runnerId);
      await look([live]);
      await options.refresh(live.entry.runner().repositoryId);
      await look([live]);
    },
    checkAll,
    dispose() {
      isDisposed = true;
      stopTicking();
      stopListening();
      stopWaking();
      cancelSoon?.();
    },
  };
}

function indexPresence(list: readonly ProcessInfo[]): (process: WatchedProcess) => Presence {
  const startTokens = new Map(list.map(({ pid, startToken }) => [pid, startToken]));
  const sessions = new Set(list.map(({ sessionId }) => sessionId));
  return ({ pid, groupId, startToken }) => {
    if (startTokens.get(pid) === startToken) return 'whole';
    return sessions.has(groupId) && !startTokens.has(pid) ? 'without-shim' : 'gone';
  };
}

function healthOf({ entry }: WatchedRunner, checks: HealthCheck[], availability: Availability): Health {
  const { count, at, reason } = entry.record().restarts;
  return {
    id: entry.id,
    checks,
    restarts: count,
    lastRestart: at === null || reason === null ? null : { at, reason },
    availability: availability.of(entry.id),
  };
}
