/** Incidents on the overview: those that nothing else there tells already, and the feed of all that happened. */
import type { Board } from '../../../shared/board.ts';
import { formatCount, formatRoughly } from '../../../shared/format.ts';
import type { HistoryEvent, Incident } from '../../../shared/model.ts';
import { needsSomebody } from '../../components/runner-state.ts';
import { mergeEvents } from '../history/event-rows.ts';
import { isToldByItsJob } from '../history/event-words.ts';
import { lostJobs } from './lost-jobs.ts';

type Seen = Pick<Board, 'incidents' | 'waits' | 'runners' | 'shifts' | 'connections' | 'repositories'>;

/**
 * Incidents that go on, the newest first, without those whose own place is beside them: jobs that wait, runners that
 * failed, jobs that were lost, and a forge that does not answer.
 */
export function untoldIncidents(board: Seen, nowMs: number): Incident[] {
  return Object.values(board.incidents)
    .filter(({ resolvedAt, dismissed }) => resolvedAt === null && !dismissed)
    .filter((incident) => !isToldElsewhere(incident, board, nowMs))
    .sort((a, b) => b.since - a.since || (a.id < b.id ? -1 : 1));
}

function isToldElsewhere({ kind, waitId, runnerId }: Incident, board: Seen, nowMs: number): boolean {
  switch (kind) {
    case 'wait':
      return waitId !== null && waitId in board.waits;
    case 'runner': {
      const runner = board.runners[runnerId ?? ''];
      return runner !== undefined && needsSomebody(runner);
    }
    case 'lost-job':
      return lostJobs(board.shifts, nowMs).length > 0;
    case 'forge':
      return [...Object.values(board.connections), ...Object.values(board.repositories)].some(
        ({ problem }) => problem !== null,
      );
    default:
      return false;
  }
}

/** How long an incident has gone on or lasted, and how many jobs it concerns: "25 min, 3 jobs". */
export function incidentWords({ since, resolvedAt, jobs }: Incident, nowMs: number): string {
  const lasted = formatRoughly((resolvedAt ?? nowMs) - since);
  return jobs === 0 ? lasted : `${lasted}, ${formatCount(jobs, 'job')}`;
}

export type FeedEntry =
  | { kind: 'event'; key: string; at: number; event: HistoryEvent }
  /** At its end once it has ended, until then at its beginning. */
  | { kind: 'incident'; key: string; at: number; incident: Incident };

/** What happened and which incidents began or ended, together, the newest first. */
export function feedOf(
  { events, incidents }: Pick<Board, 'events' | 'incidents'>,
  most: number,
): FeedEntry[] {
  const told = Object.values(events).filter((event) => !isToldByItsJob(event));
  const happened = mergeEvents(told, [], null).slice(0, most);
  const entries: FeedEntry[] = [
    ...happened.map<FeedEntry>((event) => ({ kind: 'event', key: event.id, at: event.at, event })),
    ...Object.values(incidents).map<FeedEntry>((incident) => ({
      kind: 'incident',
      key: `incident-${incident.id}`,
      at: incident.resolvedAt ?? incident.since,
      incident,
    })),
  ];
  return entries.sort((a, b) => b.at - a.at).slice(0, most);
}
