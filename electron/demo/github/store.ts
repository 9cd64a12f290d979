/** Keeps the demo GitHub's state, tells who waits for a change, and writes it to its file. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DemoData, JobRecord, RunnerRecord, RunRecord } from './model.ts';

const coalesceMs = 200;
const keptRuns = 500;

export interface Store {
  readonly data: DemoData;
  /** Dispatches `change` after every change. */
  readonly changes: EventTarget;
  /** Says that `data` changed and must be on disk before the answer goes out. */
  changed(): void;
  /** Says that `data` changed in a way that may be lost in a crash (log text, step states). */
  touched(): void;
  /** The next number of a series, starting at 1 or at the series' own start. */
  nextId(series: 'runner' | 'label' | 'run' | 'job' | 'message' | `run-number:${number}`): number;
  runner(id: number): RunnerRecord | undefined;
  run(id: number): RunRecord | undefined;
  job(id: number): JobRecord | undefined;
  /** Jobs of a run; of its latest attempt unless told otherwise. */
  jobsOf(run: RunRecord, attempt?: number | 'all'): JobRecord[];
  dispose(): void;
}

const seriesStart: Record<string, number> = { run: 17_200_000_001, job: 48_100_000_001 };

function emptyData(): DemoData {
  return {
    formatVersion: 1,
    port: null,
    signingKey: randomBytes(32).toString('base64url'),
    tokens: {},
    nextId: {},
    runners: [],
    runnerTokens: [],
    sessions: [],
    runs: [],
    jobs: [],
    logs: {},
    disabledWorkflows: [],
  };
}

function load(statePath: string | undefined): DemoData {
  if (!statePath) return emptyData();
  let text: string;
  try {
    text = readFileSync(statePath, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return emptyData();
    throw error;
  }
  const data: DemoData = JSON.parse(text);
  if (data.formatVersion !== 1) {
    throw new Error(
      `${statePath} was written by another version of the demo GitHub. Remove it to start afresh.`,
    );
  }
  return data;
}

/** Writes beside the target and renames, so that a crash leaves the old or the new file, never half of one. */
function writeAtomically(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}

function dropOldRuns(data: DemoData): void {
  if (data.runs.length <= keptRuns) return;
  const finished = data.runs.filter((run) => run.attempts.at(-1)?.conclusion);
  const dropped = new Set(finished.slice(0, data.runs.length - keptRuns).map((run) => run.id));
  if (dropped.size === 0) return;
  for (const job of data.jobs) if (dropped.has(job.runId)) delete data.logs[job.id];
  data.jobs = data.jobs.filter((job) => !dropped.has(job.runId));
  data.runs = data.runs.filter((run) => !dropped.has(run.id));
}

/**
 * Opens the state.
 * @param statePath JSON file, mode 0600; without it the state lives in memory only
 * @throws when the file exists and cannot be read or parsed
 */
export function createStore({ statePath }: { statePath?: string }): Store {
  const data = load(statePath);
  const changes = new EventTarget();
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    if (statePath && !isDisposed) writeAtomically(statePath, JSON.stringify(data));
  };
  return {
    data,
    changes,
    changed() {
      dropOldRuns(data);
      save();
      changes.dispatchEvent(new Event('change'));
    },
    touched() {
      if (statePath) timer ??= setTimeout(save, coalesceMs);
      changes.dispatchEvent(new Event('change'));
    },
    nextId(series) {
      const id = data.nextId[series] ?? seriesStart[series] ?? 1;
      data.nextId[series] = id + 1;
      return id;
    },
    runner: (id) => data.runners.find((runner) => runner.id === id),
    run: (id) => data.runs.find((run) => run.id === id),
    job: (id) => data.jobs.find((job) => job.id === id),
    jobsOf(run, attempt = run.attempts.length) {
      return data.jobs.filter(
        (job) => job.runId === run.id && (attempt === 'all' || job.attempt === attempt),
      );
    },
    dispose() {
      if (timer) save();
      isDisposed = true;
    },
  };
}
