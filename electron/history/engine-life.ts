/** Writes down when the engine starts and ends, and at the start whether the one before ended in order. */
import { formatDateTime } from '../../shared/format.ts';
import type { EventHistory } from './events.ts';

const subject = 'Trackside';

/** @returns how it began, and `end`, which writes down that it ended in order */
export function beginEngineLife(
  history: EventHistory,
  version: string,
): { endedInOrder: boolean; end(cause: string): void } {
  const last = history.latest('engine');
  const endedInOrder = last === null || last.to === 'stopped';
  const before = endedInOrder ? '' : ` ${describeAbruptEnd(history)}`;
  history.record({
    kind: 'engine',
    subject,
    from: endedInOrder ? 'stopped' : 'died',
    to: 'running',
    cause: `Version ${version} started.${before}`,
  });
  return {
    endedInOrder,
    end: (cause) => history.record({ kind: 'engine', subject, from: 'running', to: 'stopped', cause }),
  };
}

function describeAbruptEnd(history: EventHistory): string {
  const any = { runnerId: null, poolId: null, repositoryId: null, kinds: [], search: '', before: null };
  const [latest] = history.query({ ...any, limit: 1 }).events;
  const until = latest ? `: the last that it wrote down is of ${formatDateTime(latest.at)}` : '';
  return `The one before did not end in order${until}.`;
}
