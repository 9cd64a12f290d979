/** Watches one run for everybody who looks at it: one reading for all, as often as something may have changed. */
import { isDeepStrictEqual } from 'node:util';
import { TracksideError } from '../../../shared/errors.ts';
import type { RunDetail } from '../../../shared/model.ts';
import type { Forge, ForgeRunJob, RunReader, RunSight } from '../../forges/forge.ts';
import { problemOf } from '../../forges/watch.ts';
import type { WatchBudget } from '../../forges/watch-budget.ts';
import { nextLook, type WatchFailure } from '../../forges/watch-pace.ts';
import { looksPerInterval } from '../../forges/watch-plan.ts';
import type { Clock } from '../../platform/clock.ts';
import { createLatest } from '../../platform/latest.ts';
import type { ParsedWorkflow } from '../file/workflow-file.ts';
import { createLookCosts } from './look-costs.ts';
import { runJobs } from './run-jobs.ts';
import { isSettled, runPaceMs } from './run-pace.ts';

export interface RunWatch {
  /** Everything there is, then everything again whenever something has changed. Begins with the first follower. */
  follow(signal?: AbortSignal): AsyncGenerator<RunDetail>;
  /**
   * Something is likely to have changed: looks soon.
   * @param asked a person had it done, so that it is looked at now, and again for a while although it seems to have ended
   */
  stir(asked: boolean): void;
  /** What failed may work now. */
  wake(): void;
}

export interface RunWatchOptions {
  repositoryId: string;
  runId: number;
  /** A person has just had something done to it. */
  asked: boolean;
  /** @throws TracksideError while the forge cannot be asked */
  forgeOf(): { forge: Forge; fullName: string };
  budget: Pick<WatchBudget, 'meter' | 'admit'>;
  workflowOf(run: RunSight['run'], signal: AbortSignal): Promise<ParsedWorkflow | null>;
  runnerIdOf(job: ForgeRunJob): string | null;
  /** Takes in how a look went; null = well. */
  note(error: Error | null): void;
  /** Nothing is read any more: it has settled, or nobody follows. */
  onStop(): void;
  clock: Clock;
}

/** How long after a person's act a run that seems to have ended is still read: the forge shows it a little later. */
const expectantMs = 15_000;
/** How often in a row a run must be missing to be gone. */
const missingLooks = 2;

export function createRunWatch(options: RunWatchOptions): RunWatch {
  const { repositoryId, runId, forgeOf, budget, clock } = options;
  const abort = new AbortController();
  const { signal } = abort;
  const latest = createLatest<RunDetail>();
  const costs = createLookCosts(budget.meter);
  const title = `Run ${runId}`;
  let reading: { forge: Forge; reader: RunReader } | null = null;
  let sight: RunSight | null = null;
  let followers = 0;
  let looking = false;
  let cancelNext = (): void => {};
  let startedAt: number | null = null;
  let newsAt = clock.now();
  let expectUntil = options.asked ? clock.now() + expectantMs : 0;
  let hurried = false;
  let failure: WatchFailure | null = null;
  let isFree = true;
  /** Aborts waiting for the budget. */
  let goes = new AbortController();

  const readerOf = ({ forge, fullName }: ReturnType<typeof forgeOf>): RunReader => {
    // A connection that was given another token has another client.
    if (reading?.forge !== forge) reading = { forge, reader: forge.runReader(fullName, runId, costs.meter) };
    return reading.reader;
  };
  const stop = (error?: unknown): void => {
    cancelNext();
    abort.abort(new Error(`${title} is not watched any more.`));
    latest.end(error);
    options.onStop();
  };
  const show = (detail: RunDetail): void => {
    const before = latest.current();
    const same = before && isDeepStrictEqual({ ...before, checkedAt: detail.checkedAt }, detail);
    if (!same) latest.set(detail);
  };

  const admit = (): Promise<() => void> =>
    budget.admit(costs.current(), AbortSignal.any([signal, goes.signal])).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return () => {};
    });
  const read = async (): Promise<{ sight: RunSight; workflow: ParsedWorkflow | null }> => {
    // What a person waits for goes at once; it is counted all the same.
    const release = isFree ? () => {} : await admit();
    isFree = false;
    try {
      const next = await readerOf(forgeOf()).look(signal);
      return { sight: next, workflow: await options.workflowOf(next.run, signal) };
    } finally {
      release();
    }
  };
  const seen = ({ sight: next, workflow }: Awaited<ReturnType<typeof read>>): void => {
    const now = clock.now();
    const endedBefore = sight?.run.status === 'completed';
    if (next.isNews) newsAt = now;
    // What was expected has come.
    if (next.isNews && sight) expectUntil = 0;
    sight = next;
    const { run, jobs, artifacts, gates } = next;
    show({
      run: { ...run, repositoryId },
      jobs: runJobs({ run, jobs, workflow, runnerIdOf: options.runnerIdOf }),
      ...{ artifacts, gates, checkedAt: now, problem: null },
    });
    const isOver = isSettled(next, { now, isNews: next.isNews, endedBefore });
    if (isOver && now >= expectUntil) stop();
  };
  const failed = (error: Error): void => {
    const last = latest.current();
    const isMissing = error instanceof TracksideError && error.code === 'UNKNOWN';
    if (last) show({ ...last, problem: problemOf(error, title) });
    // What was started a moment ago may not be shown everywhere yet.
    const mayCome = isMissing && clock.now() < expectUntil;
    if (!last) {
      if (!mayCome) stop(error);
    } else if (isMissing && (failure?.count ?? 0) >= missingLooks) stop();
  };

  const look = async (): Promise<void> => {
    cancelNext();
    looking = true;
    hurried = false;
    startedAt = clock.now();
    costs.begin();
    const outcome = await read().catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    looking = false;
    if (signal.aborted) return;
    costs.end();
    const error = outcome instanceof Error ? outcome : null;
    failure = error && { error, at: clock.now(), count: (failure?.count ?? 0) + 1 };
    options.note(error);
    if (outcome instanceof Error) failed(outcome);
    else seen(outcome);
    plan();
  };
  function plan(): void {
    cancelNext();
    if (looking || followers === 0 || signal.aborted) return;
    const now = clock.now();
    const paceMs = sight ? runPaceMs({ now, sight, newsAt }) : 0;
    const intervalMs = paceMs * looksPerInterval;
    cancelNext = clock.after(
      nextLook({ now, startedAt, hurried, failure, intervalMs }).delayMs,
      () => void look(),
    );
  }

  return {
    async *follow(follower) {
      followers += 1;
      if (followers === 1) void look();
      try {
        yield* latest.follow(follower);
      } finally {
        followers -= 1;
        if (followers === 0 && !signal.aborted) stop();
      }
    },
    stir(asked) {
      newsAt = clock.now();
      hurried = true;
      if (asked) {
        isFree = true;
        goes.abort();
        goes = new AbortController();
        expectUntil = newsAt + expectantMs;
      }
      plan();
    },
    wake() {
      failure = null;
      hurried = true;
      plan();
    },
  };
}
