/** The health of this engine's runners, put together: checks, availability, version deadlines, restarts of the stuck. */
import type { HealthCheck } from '../../../shared/model.ts';
import type { BoardPublisher } from '../../board.ts';
import type { Repositories } from '../../forges/repositories.ts';
import type { HistoryDatabase } from '../../history/database.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ProcessTable } from '../../platform/processes.ts';
import { exitRecordedAt } from '../control-folder.ts';
import { controlFolderOf } from '../deploy.ts';
import type { Runners } from '../runners.ts';
import { createAvailability } from './availability.ts';
import { createForgeClock } from './forge-clock.ts';
import { readHostFacts } from './host-facts.ts';
import { createHealthMonitor, type HealthMonitor } from './monitor.ts';
import { maxRestarts } from './restart-policy.ts';
import { createVersionDeadlines } from './version-deadlines.ts';

/**
 * Begins to look after the runners. To be created before earlier runners are brought back: their shims' records are read
 * now. `dispose` writes down what was counted, so the database goes after it.
 */
export function createHealth(options: {
  board: BoardPublisher;
  runners: Pick<Runners, 'all' | 'get'>;
  repositories: Pick<Repositories, 'forgeOf' | 'refresh'>;
  database: HistoryDatabase;
  processTable: Pick<ProcessTable, 'list'>;
  /** Holds the runners' folders. */
  runnersFolder: string;
  folderOf(runnerId: string): string;
  clock: Clock;
  onFault(error: unknown): void;
}): HealthMonitor {
  const { board, runners, repositories, database, folderOf, clock, onFault } = options;
  const availability = createAvailability({
    database,
    clock,
    listenerEndedAt: (runnerId) => exitRecordedAt(controlFolderOf(folderOf(runnerId))),
  });
  const versionDeadlines = createVersionDeadlines({
    async ask(repositoryId, version) {
      const { forge, fullName } = repositories.forgeOf(repositoryId);
      return (await forge.versionDeadline(fullName, version))?.runtimeEndsAt ?? null;
    },
    clock,
  });

  const forgeClock = createForgeClock({ clock });

  /** Restarts a stuck listener, within the bound that holds for those that end by themselves. */
  const restart = (runnerId: string, check: HealthCheck): void => {
    const live = runners.get(runnerId);
    const { count, redeploys } = live.entry.record().restarts;
    if (count >= maxRestarts) return;
    const restarts = { count: count + 1, redeploys, at: clock.now(), reason: check.detail };
    live.entry.note({ restarts }).catch(onFault);
    live.restart(check.detail);
  };

  const monitor = createHealthMonitor({
    board,
    runners,
    listProcesses: options.processTable.list,
    hostFacts: () => readHostFacts(options.runnersFolder),
    availability,
    versionDeadlines,
    clockSkewMs(repositoryId) {
      const { connectionId = '' } = board.current().repositories[repositoryId] ?? {};
      const connection = board.current().connections[connectionId];
      return connection ? forgeClock.skewMs(connection.apiUrl) : null;
    },
    refresh: repositories.refresh,
    onUnhealthy: restart,
    clock,
    onFault,
  });
  return {
    ...monitor,
    dispose() {
      monitor.dispose();
      forgeClock.dispose();
      versionDeadlines.dispose();
      availability.dispose();
    },
  };
}
