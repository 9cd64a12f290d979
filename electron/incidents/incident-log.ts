/**
 * The incidents themselves: opened, kept up to date, ended, and opened again as the same when they come back soon. On
 * disk and on the board; what they come of is for others to say.
 */
import { TracksideError } from '../../shared/errors.ts';
import type { Incident } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import { isDiskFull } from '../platform/disk.ts';
import type { Cause } from './cause.ts';
import type { IncidentRecord, IncidentStore } from './incident-store.ts';

/** What comes back within this time is the same incident. */
export const sameWithinMs = 2 * 60_000;
const shownEnded = 50;

export interface IncidentLog {
  all(): IncidentRecord[];
  /** The open incident of a cause; null when it has none. */
  openOf(cause: string): IncidentRecord | null;
  /** Opens one for a cause that has none, or opens that of a moment ago again. @param since when it began */
  open(cause: Cause, since: number): void;
  /** Whether an incident of the cause ended a moment ago. */
  hasJustEnded(cause: string): boolean;
  update(record: IncidentRecord, cause: Cause): void;
  /** @param resolvedAt when its cause was last seen @param resolution how it ended */
  end(record: IncidentRecord, resolvedAt: number, resolution: string): void;
  /** Writes down that a person is told now. False when that could not be written: then nobody may be told. */
  markTold(incidentId: string, what: 'opened' | 'resolved'): boolean;
  /** @throws TracksideError UNKNOWN */
  dismiss(incidentId: string): void;
  /** Writes what is not on disk yet. */
  flush(): void;
}

export interface IncidentLogOptions {
  board: Pick<BoardPublisher, 'set' | 'delete'>;
  store: IncidentStore;
  clock: Pick<Clock, 'now'>;
  createId(): string;
  onFault(error: unknown): void;
}

const factsOf = ({ kind, title, sentence, repositoryId, waitId, poolId, runnerId, repairs }: Cause) => ({
  ...{ kind, title, sentence, repositoryId, waitId, poolId, runnerId, repairs },
});

/** Shows the incidents of earlier on the board. */
export function createIncidentLog(options: IncidentLogOptions): IncidentLog {
  const { board, store, clock, createId, onFault } = options;
  const records = new Map(store.load(shownEnded).map((record) => [record.incident.id, record]));
  const unwritten = new Set<string>();
  for (const { incident } of records.values()) board.set('incidents', incident.id, incident);

  const write = (record: IncidentRecord): boolean => {
    try {
      store.put(record);
      unwritten.delete(record.incident.id);
      return true;
    } catch (error) {
      // What a full disk does not take is written when there is room.
      unwritten.add(record.incident.id);
      if (!isDiskFull(error)) onFault(error);
      return false;
    }
  };
  const show = (record: IncidentRecord): void => {
    records.set(record.incident.id, record);
    board.set('incidents', record.incident.id, record.incident);
  };
  const keep = (record: IncidentRecord): void => {
    show(record);
    write(record);
  };
  const forgetOldest = (): void => {
    const ended = [...records.values()]
      .filter(({ incident }) => incident.resolvedAt !== null)
      .toSorted((one, other) => (other.incident.resolvedAt ?? 0) - (one.incident.resolvedAt ?? 0));
    for (const { incident } of ended.slice(shownEnded)) {
      records.delete(incident.id);
      board.delete('incidents', incident.id);
    }
  };
  const justEnded = (cause: string): IncidentRecord | undefined =>
    [...records.values()].find(
      ({ cause: own, incident: { resolvedAt } }) =>
        own === cause && resolvedAt !== null && clock.now() - resolvedAt <= sameWithinMs,
    );
  const openOf = (cause: string): IncidentRecord | null =>
    [...records.values()].find(({ cause: own, incident }) => own === cause && incident.resolvedAt === null) ??
    null;

  return {
    all: () => [...records.values()],
    openOf,
    hasJustEnded: (cause) => justEnded(cause) !== undefined,
    open(cause, since) {
      const before = justEnded(cause.key);
      const incident: Incident = before
        ? {
            ...before.incident,
            resolvedAt: null,
            resolution: null,
            jobs: Math.max(before.incident.jobs, cause.jobs),
          }
        : {
            id: createId(),
            since,
            resolvedAt: null,
            resolution: null,
            jobs: cause.jobs,
            notifiedAt: null,
            dismissed: false,
            ...factsOf(cause),
          };
      keep({
        incident: { ...incident, ...factsOf(cause) },
        cause: cause.key,
        titleAtMost: before?.titleAtMost ?? cause.title,
        endNotifiedAt: null,
      });
    },
    update(record, cause) {
      const { incident } = record;
      const isMost = cause.jobs >= incident.jobs;
      const next = { ...incident, ...factsOf(cause), jobs: Math.max(incident.jobs, cause.jobs) };
      if (JSON.stringify(next) === JSON.stringify(incident)) return;
      show({ ...record, incident: next, titleAtMost: isMost ? cause.title : record.titleAtMost });
      // The board has it, and the cause says it again after a restart.
      unwritten.add(incident.id);
    },
    end(record, resolvedAt, resolution) {
      const { incident, titleAtMost } = record;
      keep({ ...record, incident: { ...incident, title: titleAtMost, resolvedAt, resolution, repairs: [] } });
      forgetOldest();
    },
    markTold(incidentId, what) {
      const record = records.get(incidentId);
      if (!record) return false;
      const at = clock.now();
      const told =
        what === 'opened'
          ? { ...record, incident: { ...record.incident, notifiedAt: at } }
          : { ...record, endNotifiedAt: at };
      if (!write(told)) return false;
      show(told);
      return true;
    },
    dismiss(incidentId) {
      const record = records.get(incidentId);
      if (!record) {
        throw new TracksideError('UNKNOWN', 'This incident is not shown any more.', {
          remedy: 'Nothing is left to do.',
        });
      }
      keep({ ...record, incident: { ...record.incident, dismissed: true } });
    },
    flush() {
      for (const id of [...unwritten]) {
        const record = records.get(id);
        if (record) write(record);
        else unwritten.delete(id);
      }
    },
  };
}
