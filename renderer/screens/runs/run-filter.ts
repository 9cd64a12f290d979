/** Which runs are asked for, as an address keeps it. */
import type { RunQuery } from '../../../shared/model.ts';

export type StatusChoice = NonNullable<RunQuery['status']>;
export type RunFilter = Omit<RunQuery, 'repositoryId' | 'page' | 'perPage'>;

/** In the order in which they are offered. */
export const statusTitles: Record<StatusChoice, string> = {
  in_progress: 'Running',
  queued: 'Queued',
  waiting: 'Waiting',
  pending: 'Pending',
  requested: 'Requested',
  completed: 'Ended',
  success: 'Succeeded',
  failure: 'Failed',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
  timed_out: 'Timed out',
  action_required: 'Needs approval',
  neutral: 'Neutral',
  stale: 'Stale',
  startup_failure: 'Did not start',
};
export const statusChoices = Object.keys(statusTitles) as StatusChoice[];

export const allRuns: RunFilter = { workflowId: null, status: null, branch: null, event: null, actor: null };

/** Reads `workflow=7&status=failure&branch=main`; what it does not know it leaves out. */
export function filterFrom(address: string): RunFilter {
  const asked = new URLSearchParams(address);
  const workflow = asked.get('workflow') ?? '';
  const status = asked.get('status');
  return {
    workflowId: /^\d{1,15}$/.test(workflow) ? Number(workflow) : null,
    status: statusChoices.find((known) => known === status) ?? null,
    branch: asked.get('branch') || null,
    event: asked.get('event') || null,
    actor: asked.get('actor') || null,
  };
}

/** The repository that an address names; null when it names none. */
export function repositoryFrom(address: string): string | null {
  return new URLSearchParams(address).get('repository') || null;
}

/** The path of the list with this filter: `/runs?repository=r1&status=failure`. */
export function runsPath(repositoryId: string | null, filter: Partial<RunFilter> = {}): string {
  return addressOf('/runs', [
    ['repository', repositoryId],
    ['workflow', filter.workflowId ?? null],
    ['status', filter.status ?? null],
    ['branch', filter.branch ?? null],
    ['event', filter.event ?? null],
    ['actor', filter.actor ?? null],
  ]);
}

/** A path with what is set of its parts. */
export function addressOf(path: string, parts: readonly [string, string | number | null][]): string {
  const query = parts.flatMap(([name, value]) =>
    value === null || value === '' ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** Whether anything narrows the list. */
export function isNarrowed(filter: RunFilter): boolean {
  return Object.values(filter).some((part) => part !== null);
}
