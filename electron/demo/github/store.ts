/** Keeps the demo GitHub's state, tells who waits for a change, and writes it to its files. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createEndedRuns, type EndedRuns } from './ended-runs.ts';
import { createLogFiles, type LogFiles } from './log-files.ts';
import type { ArtifactRecord, DemoData, RunnerRecord, RunRecord } from './model.ts';
import { createRecordIndex, type RecordIndex } from './record-index.ts';
import { createStateFolder, type StateFolder } from './state-folder.ts';
import { createStateText } from './state-text.ts';
import { upgradeState } from './state-upgrade.ts';

const coalesceMs = 200;
const keptRuns = 500;

type Series = 'runner' | 'label' | 'run' | 'job' | 'message' | 'artifact' | 'environment' | 'deployment';

export interface Store extends Omit<RecordIndex, 'takeEnded' | 'removeRuns'> {
  readonly data: DemoData;
  /** Dispatches `change` after every change. */
  readonly changes: EventTarget;
  /** Logs of jobs. */
  readonly logs: LogFiles;
  /** Where files are kept that belong to the state. */
  readonly folder: StateFolder;
  /** Says that `data` changed and must be on disk before the answer goes out. */
  changed(): void;
  /** Says that `data` changed in a way that may be lost in a crash (step states, signs of life). */
  touched(): void;
  /** The next number of a series, starting at 1 or at the series' own start. */
  nextId(series: Series | `run-number:${number}`): number;
  runner(id: number): RunnerRecord | undefined;
  /** Forgets runs with their jobs, logs and artifacts. */
  removeRuns(runs: readonly RunRecord[]): void;
  /** Forgets an artifact and its bytes. */
  removeArtifact(artifact: ArtifactRecord): void;
  dispose(): void;
}

const seriesStart: Record<string, number> = {
  run: 17_200_000_001,
  job: 48_100_000_001,
  artifact: 2_600_000_001,
  environment: 4_100_000_001,
  deployment: 1_900_000_001,
};

function emptyData(): DemoData {
  return {
    formatVersion: 1,
    port: null,
    signingKey: randomBytes(32).toString('base64url'),
    folderName: `files-${randomBytes(4).toString('hex')}`,
    tokens: {},
    nextId: {},
    seed: null,
    keptRuns,
    runners: [],
    runnerTokens: [],
    sessions: [],
    runs: [],
    jobs: [],
    artifacts: [],
    environments: {},
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
  return upgradeState(data, emptyData());
}

/** Writes beside the target and renames, so that a crash leaves the old or the new file, never half of one. */
function writeAtomically(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

/**
 * Brings back ended runs, and takes logs to where they belong: a state of an earlier version has both in its one file.
 * @returns ids of the runs that were brought back
 */
function restore(data: DemoData, ended: EndedRuns, logs: LogFiles): Set<number> {
  const live = new Set(data.runs.map((run) => run.id));
  const kept = ended.load().filter(({ run }) => !live.has(run.id));
  data.runs = [...kept.map(({ run }) => run), ...data.runs].sort((a, b) => a.id - b.id);
  data.jobs = [...kept.flatMap(({ jobs }) => jobs), ...data.jobs].sort((a, b) => a.id - b.id);
  for (const [jobId, text] of Object.entries(data.logs)) logs.append(Number(jobId), text);
  data.logs = {};
  return new Set(kept.map(({ run }) => run.id));
}

/**
 * Opens the state.
 * @param statePath JSON file, mode 0600, with a folder beside it; without it the state lives in memory and in a
 * temporary folder, which goes with it
 * @throws when the file exists and cannot be read or parsed
 */
export function createStore({ statePath }: { statePath?: string }): Store {
  const data = load(statePath);
  const folder = createStateFolder(statePath, data.folderName);
  const logs = createLogFiles(folder);
  const ended = createEndedRuns(folder, statePath !== undefined);
  const index = createRecordIndex(data, restore(data, ended, logs));
  const changes = new EventTarget();
  const stateText = createStateText();
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;

  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const settled = index.takeEnded();
    if (!statePath || isDisposed) return;
    // First what has ended: should the second write not happen, the state before it still has these runs.
    ended.add(settled.map((run) => ({ run, jobs: index.jobsOf(run, 'all') })));
    const runs = index.openRuns();
    const jobs = runs.flatMap((run) => index.jobsOf(run, 'all'));
    writeAtomically(statePath, stateText.of(data, { runs, jobs }));
  };

  const removeArtifact: Store['removeArtifact'] = (artifact) => {
    folder.remove(artifact.file);
    data.artifacts = data.artifacts.filter(({ id }) => id !== artifact.id);
  };

  const removeRuns: Store['removeRuns'] = (runs) => {
    for (const run of runs) for (const job of index.jobsOf(run, 'all')) logs.remove(job.id);
    const gone = index.removeRuns(runs);
    for (const artifact of data.artifacts.filter(({ runId }) => gone.has(runId))) removeArtifact(artifact);
    ended.remove([...gone]);
  };

  const dropOldRuns = () => {
    const surplus = data.runs.length - data.keptRuns;
    if (surplus <= 0) return;
    const finished = data.runs.filter((run) => run.attempts.at(-1)?.conclusion);
    if (finished.length > 0) removeRuns(finished.slice(0, surplus));
  };

  return {
    ...{ data, changes, logs, folder, removeRuns, removeArtifact },
    changed() {
      dropOldRuns();
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
    run: index.run,
    job: index.job,
    jobsOf: index.jobsOf,
    runsOf: index.runsOf,
    openRuns: index.openRuns,
    openJobs: index.openJobs,
    addRun: index.addRun,
    addJob: index.addJob,
    reopenRun: index.reopenRun,
    dispose() {
      if (timer) save();
      isDisposed = true;
      folder.dispose();
    },
  };
}
