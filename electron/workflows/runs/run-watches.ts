/** The runs that somebody looks at: each is watched once, and told of what happens here that concerns it. */
import type { Board, Change } from '../../../shared/board.ts';
import type { RunDetail } from '../../../shared/model.ts';
import type { BoardPublisher } from '../../board.ts';
import type { Connections } from '../../forges/connections.ts';
import type { ForgeRunJob } from '../../forges/forge.ts';
import type { Repositories } from '../../forges/repositories.ts';
import type { Clock } from '../../platform/clock.ts';
import { createRunWatch, type RunWatch } from './run-watch.ts';
import { createWorkflowsAtCommit } from './workflow-at-commit.ts';

export interface RunWatches {
  watch(repositoryId: string, runId: number, signal?: AbortSignal): AsyncGenerator<RunDetail>;
  /** A person had something done to it: whoever watches sees it at once. */
  stir(repositoryId: string, runId: number): void;
  dispose(): void;
}

/** How long an act on a run that nobody watches is remembered for whoever opens it next. */
const rememberedMs = 15_000;

export interface RunWatchesOptions {
  board: Pick<BoardPublisher, 'current' | 'onChange'>;
  repositories: Pick<Repositories, 'get' | 'forgeOf' | 'budgetOf'>;
  connections: Pick<Connections, 'note'>;
  clock: Clock;
}

export function createRunWatches({ board, repositories, connections, clock }: RunWatchesOptions): RunWatches {
  const watches = new Map<string, { repositoryId: string; watch: RunWatch }>();
  const acts = new Map<string, number>();
  const jobs = createJobSigns();
  const connectionsMended = createMendedSigns();
  const workflows = createWorkflowsAtCommit();
  const disposed = new AbortController();
  const keyOf = (repositoryId: string, runId: number): string => `${repositoryId} ${runId}`;
  const inRepository = (id: string, tell: (watch: RunWatch) => void): void => {
    for (const { repositoryId, watch } of watches.values()) if (repositoryId === id) tell(watch);
  };
  const note = (repositoryId: string, error: Error | null): void => {
    const row = board.current().repositories[repositoryId];
    if (row) connections.note(row.connectionId, error);
  };

  const create = (repositoryId: string, runId: number): RunWatch => {
    const key = keyOf(repositoryId, runId);
    const forgeOf = () => repositories.forgeOf(repositoryId);
    const watch = createRunWatch({
      ...{ repositoryId, runId, forgeOf, clock },
      asked: clock.now() - (acts.get(key) ?? Number.NEGATIVE_INFINITY) < rememberedMs,
      budget: repositories.budgetOf(repositoryId),
      workflowOf: (run, signal) => workflows.read(forgeOf(), run, signal),
      runnerIdOf: (job) => runnerIdOf(board.current(), repositoryId, job),
      note: (error) => note(repositoryId, error),
      onStop: () => {
        if (watches.get(key)?.watch === watch) watches.delete(key);
      },
    });
    watches.set(key, { repositoryId, watch });
    return watch;
  };

  const stopListening = board.onChange((change) => {
    const changed = jobs.take(change);
    if (changed !== null) inRepository(changed, (watch) => watch.stir(false));
    const mended = connectionsMended(change);
    if (mended === null) return;
    for (const { repositoryId, watch } of watches.values()) {
      const row = board.current().repositories[repositoryId];
      if (row?.connectionId === mended) watch.wake();
    }
  });

  return {
    async *watch(repositoryId, runId, signal) {
      const known = watches.get(keyOf(repositoryId, runId))?.watch;
      const signals = [disposed.signal, ...(signal ? [signal] : [])];
      yield* (known ?? create(repositoryId, runId)).follow(AbortSignal.any(signals));
    },
    stir(repositoryId, runId) {
      const now = clock.now();
      for (const [key, at] of acts) if (now - at >= rememberedMs) acts.delete(key);
      acts.set(keyOf(repositoryId, runId), now);
      watches.get(keyOf(repositoryId, runId))?.watch.stir(true);
    },
    dispose() {
      stopListening();
      disposed.abort();
    },
  };
}

/** Notices when a runner of ours begins or ends a job. */
function createJobSigns() {
  const signs = new Map<string, { repositoryId: string; job: string }>();
  return {
    /** @returns the repository that it happened in; null when the change is none of that */
    take(change: Change): string | null {
      if (change.kind === 'panel' || change.table !== 'runners') return null;
      const before = signs.get(change.id);
      if (change.kind === 'delete') {
        signs.delete(change.id);
        return before?.job ? before.repositoryId : null;
      }
      if (change.table !== 'runners') return null;
      const { repositoryId, job } = change.row;
      const now = job === null ? '' : `${job.startedAt} ${job.name}`;
      signs.set(change.id, { repositoryId, job: now });
      return (before?.job ?? '') === now ? null : repositoryId;
    },
  };
}

/** Notices when a connection that could not be used can be used again. */
function createMendedSigns(): (change: Change) => string | null {
  const broken = new Set<string>();
  return (change) => {
    if (change.kind !== 'set' || change.table !== 'connections') return null;
    if (!change.row.usable) broken.add(change.id);
    return change.row.usable && broken.delete(change.id) ? change.id : null;
  };
}

/** The runner of ours that runs or ran a job. Names are given again: one that came later is another runner. */
function runnerIdOf(board: Board, repositoryId: string, job: ForgeRunJob): string | null {
  if (job.runnerName === null) return null;
  const shift = Object.values(board.shifts).find(
    (one) => one.repositoryId === repositoryId && one.jobId === job.id,
  );
  if (shift) return shift.runnerId;
  const runner = Object.values(board.runners).find(
    (one) => one.repositoryId === repositoryId && one.name === job.runnerName,
  );
  if (!runner) return null;
  const cameLater = job.endedAt !== null && job.endedAt < runner.createdAt;
  return cameLater ? null : runner.id;
}
