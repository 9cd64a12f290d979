/**
 * Incidents: one for each cause of trouble, from its beginning to its end, and the telling of them. What the board shows
 * is looked at whenever it has changed, and when time alone makes a difference.
 */
import type { Board, Change, TableName } from '../../shared/board.ts';
import { formatRoughly } from '../../shared/format.ts';
import type { Job, Notification, NotificationSettings } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { DiskSpace } from '../platform/disk.ts';
import type { Cause } from './cause.ts';
import {
  diskCauses,
  diskEnding,
  forgeCauses,
  outageCauses,
  poolCauses,
  runnerCauses,
  waitCauses,
} from './causes.ts';
import { createIncidentLog } from './incident-log.ts';
import type { IncidentRecord, IncidentStore } from './incident-store.ts';
import { createJobFates, type JobFates } from './job-fates.ts';
import { lostJobCauses, lostJobEnding } from './lost-jobs.ts';
import { createTeller } from './teller.ts';

export interface Incidents {
  /** Begins to look: everything of earlier is on the board by then. */
  begin(): void;
  /** @throws TracksideError UNKNOWN */
  dismiss(incidentId: string): void;
  /** What a person is to be told, to this reader as long as it is the first of those that read. */
  watch(signal?: AbortSignal): AsyncGenerator<Notification>;
  dispose(): void;
}

export interface IncidentsOptions {
  board: Pick<BoardPublisher, 'current' | 'set' | 'delete' | 'onChange'>;
  clock: Clock;
  store: IncidentStore;
  settings(): NotificationSettings;
  /** Of the disk with the runners; null when it cannot be told. */
  measureDisk(): Promise<DiskSpace | null>;
  createId(): string;
  onFault(error: unknown): void;
}

/** What lasts for less passes by itself. */
const lastsMs = 60_000;
/** A cause that is away for less has not ended: rows are made anew. */
const awayMs = 5000;
/** Changes are looked at together, no more often than this. */
const restMs = 250;
/** The disk is measured, and what time alone changes is looked at. */
const periodMs = 60_000;

const lookedAt: ReadonlySet<TableName> = new Set<TableName>([
  ...(['waits', 'jobs', 'poolStates', 'pools', 'runners', 'shifts'] as const),
  ...(['connections', 'repositories'] as const),
]);

/** Whether the absence of a cause means anything: what has not been looked at since the start says nothing. */
function isToldAbout({ incident }: IncidentRecord, board: Board): boolean {
  const { repositories, connections } = board;
  if (incident.kind === 'wait') {
    const repository = repositories[incident.repositoryId ?? ''];
    if (!repository) return true;
    const isHeard = repository.problem === null && !connections[repository.connectionId]?.problem;
    return repository.checkedAt !== null && isHeard;
  }
  if (incident.kind === 'pool') {
    const id = incident.poolId ?? '';
    return board.pools[id] === undefined || board.poolStates[id] !== undefined;
  }
  if (incident.kind !== 'forge') return true;
  return Object.values(repositories).every(
    ({ checkedAt, problem }) => checkedAt !== null || problem !== null,
  );
}

/** How an incident ended that is not about waiting jobs. */
function endingOf(
  { incident, cause }: IncidentRecord,
  board: Board,
  disk: DiskSpace | null,
  now: number,
): string {
  const after = `after ${formatRoughly(now - incident.since)}`;
  switch (incident.kind) {
    case 'pool':
      return board.pools[incident.poolId ?? '']
        ? `It starts runners again ${after}.`
        : 'The pool was removed.';
    case 'runner': {
      if (incident.runnerId === null) return `None of them is failed any more ${after}.`;
      const runner = board.runners[incident.runnerId];
      if (!runner) return 'The runner was removed.';
      const isAtWork = runner.state === 'idle' || runner.state === 'busy';
      return isAtWork ? `${runner.name} is there again ${after}.` : `${runner.name} is ${runner.state} now.`;
    }
    case 'lost-job':
      return lostJobEnding(cause, board);
    case 'disk':
      return diskEnding(disk);
    case 'forge':
      return `It works again ${after}.`;
    case 'wait':
      return 'No job waits for it any more.';
  }
}

export function createIncidents(options: IncidentsOptions): Incidents {
  const { board, clock, settings, measureDisk, onFault } = options;
  const log = createIncidentLog(options);
  const teller = createTeller({ incidents: log.all, settings, clock, markTold: log.markTold });
  const firstSeen = new Map<string, number>();
  const goneSince = new Map<string, number>();
  const fates = new Map<string, JobFates>();
  let disk: DiskSpace | null = null;
  let isDisposed = false;
  let cancelPlan = (): void => {};
  let plannedAt = Number.POSITIVE_INFINITY;
  const stops: (() => void)[] = [];

  const causesNow = (shown: Board): Cause[] => [
    ...waitCauses(shown),
    ...outageCauses(shown),
    ...poolCauses(shown),
    ...runnerCauses(shown),
    ...lostJobCauses(shown, clock.now()),
    ...forgeCauses(shown),
    ...diskCauses(disk, log.openOf('disk') !== null),
  ];

  const followJobs = (shown: Board): void => {
    const open = log.all().filter(({ incident }) => incident.waitId !== null && incident.resolvedAt === null);
    if (open.length === 0) {
      fates.clear();
      return;
    }
    const waiting = Map.groupBy(Object.values(shown.jobs), ({ waitId }: Job) => waitId);
    for (const { cause, incident } of open) {
      const followed = fates.get(cause) ?? createJobFates(incident.waitId ?? '');
      fates.set(cause, followed);
      followed.follow(waiting.get(incident.waitId) ?? [], shown);
    }
  };

  /** Opens and updates. @returns when a cause lasts long enough, of those that do not yet */
  const take = (cause: Cause, now: number): number | null => {
    goneSince.delete(cause.key);
    const since = firstSeen.get(cause.key) ?? now;
    firstSeen.set(cause.key, since);
    const open = log.openOf(cause.key);
    if (open) {
      log.update(open, cause);
      return null;
    }
    const opensAt = cause.isSure || log.hasJustEnded(cause.key) ? since : since + lastsMs;
    if (now < opensAt) return opensAt;
    log.open(cause, cause.since ?? since);
    return null;
  };

  /** Ends what has gone. @returns when it has been away for long enough, of one that has not yet */
  const leave = (record: IncidentRecord, shown: Board, now: number): number | null => {
    if (!isToldAbout(record, shown)) return null;
    const since = goneSince.get(record.cause) ?? now;
    goneSince.set(record.cause, since);
    if (now < since + awayMs) return since + awayMs;
    goneSince.delete(record.cause);
    const { incident, cause } = record;
    const ending =
      incident.kind === 'wait' && fates.has(cause)
        ? fates.get(cause)?.ending(incident.jobs)
        : endingOf(record, shown, disk, since);
    log.end(record, since, ending ?? 'It has passed.');
    fates.delete(cause);
    return null;
  };

  const look = (): void => {
    const now = clock.now();
    const shown = board.current();
    const causes = causesNow(shown);
    const keys = new Set(causes.map(({ key }) => key));
    for (const key of firstSeen.keys()) if (!keys.has(key)) firstSeen.delete(key);
    const later = causes.map((cause) => take(cause, now));
    followJobs(shown);
    for (const record of log.all()) {
      if (record.incident.resolvedAt === null && !keys.has(record.cause))
        later.push(leave(record, shown, now));
    }
    teller.stir();
    const times = later.filter((at) => at !== null);
    if (times.length > 0) plan(Math.min(...times));
  };

  function plan(at: number): void {
    if (isDisposed || at >= plannedAt) return;
    cancelPlan();
    plannedAt = at;
    cancelPlan = clock.after(Math.max(0, at - clock.now()), () => {
      plannedAt = Number.POSITIVE_INFINITY;
      try {
        look();
      } catch (error) {
        onFault(error);
      }
    });
  }
  const soon = (): void => plan(clock.now() + restMs);

  const lookAtDisk = (): void => {
    measureDisk().then((measured) => {
      if (isDisposed) return;
      disk = measured;
      soon();
    }, onFault);
    log.flush();
  };
  const concerns = (change: Change): boolean =>
    change.kind === 'panel' ? change.state.settings !== undefined : lookedAt.has(change.table);

  return {
    begin() {
      stops.push(board.onChange((change) => void (concerns(change) && soon())));
      stops.push(clock.every(periodMs, lookAtDisk));
      soon();
      lookAtDisk();
    },
    dismiss: log.dismiss,
    watch: teller.watch,
    dispose() {
      isDisposed = true;
      cancelPlan();
      for (const stop of stops) stop();
      teller.dispose();
      log.flush();
    },
  };
}
