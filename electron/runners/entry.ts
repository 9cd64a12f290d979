/** One runner's record: in memory, on disk and on the board, kept in step. */
import type { DeployStepId, Problem, Runner, RunnerState } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import { isDiskFull } from '../platform/disk.ts';
import type { Records } from '../platform/records.ts';
import { transition } from './lifecycle.ts';
import type { RunnerRecord } from './record.ts';

export type StepUpdate = {
  status: 'active' | 'done' | 'failed' | 'cancelled';
  progress?: number | null;
  detail?: string | null;
};

/** A step of a runner's life. `from` null: it has just become known; `to` null: it is forgotten. */
interface RunnerTransition {
  runner: Runner;
  from: RunnerState | null;
  to: RunnerState | null;
  cause: string;
}

/** Told of what happens to runners, for the history. */
export interface RunnerWitness {
  onTransition(transition: RunnerTransition): void;
  /** It has a registration under `runner.forgeRunnerId`, and that is on disk. */
  onRegistered(runner: Runner): void;
}

export interface RunnerEntry {
  readonly id: string;
  record(): RunnerRecord;
  runner(): Runner;
  /** Changes what is shown and not worth a write: progress, the forge's view. */
  show(patch: Partial<Runner>): void;
  /** Changes the record: on disk first, then on the board. @throws DiskFullError: what depends on it must not be done */
  save(patch: Partial<Omit<RunnerRecord, 'id' | 'runner'>>, runner?: Partial<Runner>): Promise<void>;
  /** The same for what has happened already: a full disk does not undo it, and gets it when there is room. */
  note(patch: Partial<Omit<RunnerRecord, 'id' | 'runner'>>, runner?: Partial<Runner>): Promise<void>;
  /** Goes to another state for a cause: on disk first where there is room, then on the board. */
  move(to: RunnerState, cause: string, runner?: Partial<Runner>): Promise<void>;
  /** Goes to `failed` with what went wrong and what to do. */
  fail(problem: Problem): Promise<void>;
  /** Tells how a step of the deploy stands. */
  step(id: DeployStepId, update: StepUpdate): void;
  /** Forgets the runner. */
  forget(): Promise<void>;
}

export function createRunnerEntry(
  initial: RunnerRecord,
  options: {
    records: Records<RunnerRecord>;
    board: BoardPublisher;
    clock: Clock;
    witness: RunnerWitness;
  },
): RunnerEntry {
  const { records, board, clock, witness } = options;
  let record = initial;
  let forgotten = false;
  const publish = (): void => {
    if (!forgotten) board.set('runners', record.id, record.runner);
  };
  const persist = async (next: RunnerRecord): Promise<void> => {
    record = next;
    if (forgotten) return;
    await records.put(next);
    publish();
  };
  /** What has happened is shown in any case; a full disk gets it as soon as there is room. */
  const persistWhenPossible = async (next: RunnerRecord): Promise<void> => {
    await persist(next).catch((error: unknown) => {
      if (!isDiskFull(error)) throw error;
      publish();
    });
  };
  const changed = (
    patch: Partial<Omit<RunnerRecord, 'id' | 'runner'>>,
    runner?: Partial<Runner>,
  ): RunnerRecord => ({ ...record, ...patch, runner: { ...record.runner, ...runner } });
  const entry: RunnerEntry = {
    id: initial.id,
    record: () => record,
    runner: () => record.runner,
    show(patch) {
      record = { ...record, runner: { ...record.runner, ...patch } };
      publish();
    },
    async save(patch, runner) {
      await persist(changed(patch, runner));
      if (patch.registration === 'yes') witness.onRegistered(record.runner);
    },
    note: (patch, runner) => persistWhenPossible(changed(patch, runner)),
    async move(to, cause, runner) {
      const from = record.runner.state;
      const moved = transition(record.runner, to, cause, clock.now());
      const next = { ...record, runner: { ...moved, ...runner } };
      await persistWhenPossible(next);
      if (!forgotten) witness.onTransition({ runner: next.runner, from, to, cause });
    },
    fail(problem) {
      const steps = record.runner.steps.map((step) =>
        step.status === 'active' ? { ...step, status: 'failed' as const, endedAt: clock.now() } : step,
      );
      return entry.move('failed', problem.message, { failure: problem, steps });
    },
    step(id, update) {
      const now = clock.now();
      const steps = record.runner.steps.map((step) => {
        if (step.id !== id) return step;
        const ended = update.status !== 'active';
        return {
          ...step,
          status: update.status,
          progress: update.progress ?? (update.status === 'done' ? 1 : null),
          detail: update.detail ?? step.detail,
          startedAt: step.startedAt ?? now,
          endedAt: ended ? now : null,
        };
      });
      entry.show({ steps });
    },
    async forget() {
      forgotten = true;
      await records.delete(record.id);
      board.delete('runners', record.id);
      board.delete('usage', record.id);
      const { runner } = record;
      witness.onTransition({ runner, from: runner.state, to: null, cause: 'It is gone.' });
    },
  };
  publish();
  witness.onTransition({
    runner: initial.runner,
    from: null,
    to: initial.runner.state,
    cause: initial.runner.cause,
  });
  return entry;
}
