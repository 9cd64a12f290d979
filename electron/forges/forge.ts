/**
 * What Trackside asks of a forge. GitHub implements it first; GitLab, Gitea and Forgejo stand behind the same words.
 * Every method rejects with a `TracksideError` whose code says whether the token, a right, the network or a limit is
 * the trouble. `repository` is always `owner/name`.
 */
import type { Readable } from 'node:stream';
import type {
  Artifact,
  Connection,
  PermissionReport,
  Repository,
  RepositoryChoice,
  Run,
  RunDetail,
  RunQuery,
  RunStep,
  Workflow,
} from '../../shared/model.ts';

export type ForgeBudget = NonNullable<Connection['budget']>;

/** The operating system and processor a runner package is for, in the forge's words. */
export interface PackageTarget {
  os: 'linux' | 'osx' | 'win';
  architecture: 'x64' | 'arm64' | 'arm';
}

export interface RunnerPackage extends PackageTarget {
  /** e.g. 2.336.0 */
  version: string;
  filename: string;
  url: string;
  /** Hex; null when the forge does not tell one. */
  sha256: string | null;
  /** Sent as a bearer token with the download where the forge asks for it; a secret. */
  downloadToken: string | null;
}

export interface ForgeRunner {
  id: number;
  name: string;
  os: string;
  status: 'online' | 'offline';
  /** Can be false while a job runs (actions/runner#4422): never act on it alone. */
  busy: boolean;
  labels: string[];
  /** Of the runner's software; null before it has connected once, and where the forge does not tell. */
  version: string | null;
  /** Takes one job and is then deregistered by the forge. */
  ephemeral: boolean;
}

/** A job of the repository that has not ended, or a run that has no job yet. */
export interface ForgeJob {
  /** Of a run without jobs its negative id: no job is called so. */
  id: number;
  runId: number;
  /** 1 = the first; a re-run of the run or of one of its jobs counts one up, and its jobs have ids of their own. */
  runAttempt: number;
  name: string;
  workflow: string;
  /** Of its file in the repository. */
  workflowPath: string | null;
  branch: string | null;
  /** The commit that it runs on. */
  headSha: string | null;
  event: string | null;
  /** Login of who started the run. */
  actor: string | null;
  labels: string[];
  /** `waiting`: for an approval or a rule of its environment; `pending`: for its concurrency group. */
  status: 'queued' | 'in_progress' | 'waiting' | 'pending';
  queuedAt: number;
  startedAt: number | null;
  runnerName: string | null;
  runnerId: number | null;
  url: string | null;
}

/** A job of one run, whatever became of it. */
export interface ForgeRunJob
  extends Pick<ForgeJob, 'id' | 'runId' | 'runAttempt' | 'name' | 'labels' | 'url'> {
  status: ForgeJob['status'] | 'completed';
  queuedAt: number;
  steps: RunStep[];
  ended: boolean;
  /** The forge's word, e.g. success, failure, cancelled; null while it has not ended. */
  conclusion: string | null;
  runnerName: string | null;
  /** Null before it has begun. */
  startedAt: number | null;
  endedAt: number | null;
}

/** Counts requests on somebody's account. */
export interface RequestMeter {
  /** One more request went out, a second try included. */
  sent(): void;
  /** One more was charged: its answer was not "unchanged". */
  charged(): void;
}

/**
 * What a request of a queue reader is for: `news` shows whether something changed and what; `again` reads jobs that
 * could have changed without a sign of it; `upkeep` makes sure that nothing was missed.
 */
export type ReadingPurpose = 'news' | 'again' | 'upkeep';

/** How much of a queue is read. */
export interface QueueLook {
  /**
   * `next`: the next of the two questions that together show every change. `both`: both of them. `all`: whatever can be
   * asked, the jobs of all active runs included.
   */
  scope: 'next' | 'both' | 'all';
  /** Age at which the jobs of a run are read again although nothing points to a change. */
  refreshMs: number;
  /** Time since the last look at everything after which everything but the jobs is asked for again. */
  upkeepMs: number;
  /** Whether the question that seldom shows more than the other is left to upkeep: it is charged as often. */
  isThrifty: boolean;
  /** Changed runs whose jobs are read at most; the others are read by the next looks. */
  mostChanged: number;
  /** The same for runs that are read again. */
  mostAgain: number;
}

export interface QueueSight {
  /** Jobs that have not ended, the longest waiting first, and runs that have none yet. Counts jobs, not runs. */
  jobs: ForgeJob[];
  /** Whether anything of it was read anew. */
  isNews: boolean;
  /** Runs whose jobs have to be read again and again, because they change without their run. */
  activeRuns: number;
  /** Runs whose jobs are still to be read, because more changed than `mostChanged`. */
  unread: number;
}

/** Reads one repository's queue again and again, remembering what it read, so that little costs little. */
export interface QueueReader {
  look(look: QueueLook, signal?: AbortSignal): Promise<QueueSight>;
  /** Something is known to have changed: the jobs that it concerns are read with the next look. */
  doubt(which: { jobName: string } | { runnerName: string }): void;
}

/** A run as the forge tells it: that of the board without the panel's own id of the repository. */
export type ForgeRun = Omit<Run, 'repositoryId'>;

/** Everything that the forge tells of one run. */
export interface RunSight {
  run: ForgeRun;
  jobs: ForgeRunJob[];
  artifacts: Artifact[];
  gates: RunDetail['gates'];
  /** Whether anything of it differs from the look before. */
  isNews: boolean;
}

/** Reads one run again and again; what did not change costs nothing. */
export interface RunReader {
  look(signal?: AbortSignal): Promise<RunSight>;
}

/** Bytes as they come from the forge. */
export interface ForgeDownload {
  stream: Readable;
  /** Null when the forge does not tell. */
  sizeBytes: number | null;
}

/** A workflow file as it is at a commit or on a branch. */
export interface WorkflowFile {
  path: string;
  text: string;
  url: string | null;
}

/** A runner group of the organisation or enterprise that a repository belongs to. */
export interface RunnerGroup {
  name: string;
  /** Why its runners take no job of the repository, in one sentence; null where they do. */
  excluded: string | null;
  runners: ForgeRunner[];
}

/** What the forge's own status page says about running jobs. */
export interface ForgeStatus {
  /** `ok`: nothing is told; `degraded`: slow; `down`: jobs do not start. */
  actions: 'ok' | 'degraded' | 'down';
  /** The incident's name; null while there is none. */
  incident: string | null;
  url: string;
}

/** A short-lived secret for registering or removing runners. */
export interface RunnerToken {
  token: string;
  expiresAt: number;
}

/** A registration for one job, made without `config.sh`. */
export interface JitConfiguration {
  forgeRunnerId: number;
  /** What `run.sh --jitconfig` takes; a secret. */
  encoded: string;
}

/** When the forge stops serving a version of its runner; null = no end is set. */
export interface VersionDeadline {
  /** New runners of this version are refused from then on. */
  registrationEndsAt: number | null;
  /** Registered runners of this version get no jobs from then on. */
  runtimeEndsAt: number | null;
}

export type RepositoryFacts = Pick<Repository, 'fullName' | 'visibility' | 'defaultBranch' | 'webUrl'> & {
  /** Whether the token's owner administers it. */
  admin: boolean;
};

export interface Forge {
  readonly kind: 'github';
  readonly webUrl: string;
  readonly apiUrl: string;
  /** Who the token belongs to. */
  account(signal?: AbortSignal): Promise<Pick<PermissionReport, 'login' | 'tokenKind' | 'expiresAt'>>;
  /** Yields the whole report again each time another check has ended; never rejects for what it finds. */
  checkPermissions(repository: string | null, signal?: AbortSignal): AsyncIterable<PermissionReport>;
  repositoryChoices(search: string, signal?: AbortSignal): Promise<RepositoryChoice[]>;
  repository(repository: string, signal?: AbortSignal): Promise<RepositoryFacts>;
  /** The address that `config.sh --url` takes. */
  registrationUrl(repository: string): string;
  runnerPackage(repository: string, target: PackageTarget, signal?: AbortSignal): Promise<RunnerPackage>;
  registrationToken(repository: string, signal?: AbortSignal): Promise<RunnerToken>;
  removeToken(repository: string, signal?: AbortSignal): Promise<RunnerToken>;
  /**
   * Registers an ephemeral runner. `labels` must be all that it shall have, 1 to 100: the forge adds none of its own.
   * `workFolder` is relative to the runner's folder. Rejects with CONFLICT, field `name`, when the name is taken; never
   * sent twice, so that after another failure the registration may exist under its name.
   */
  jitConfiguration(
    repository: string,
    runner: { name: string; labels: string[]; workFolder: string },
    signal?: AbortSignal,
  ): Promise<JitConfiguration>;
  /** Null where the forge does not tell one for this version. @param version e.g. 2.336.0 */
  versionDeadline(repository: string, version: string, signal?: AbortSignal): Promise<VersionDeadline | null>;
  /** All runners the token can see in the repository, every page. */
  runners(repository: string, signal?: AbortSignal, meter?: RequestMeter): Promise<ForgeRunner[]>;
  /** Exact match; null when there is none of that name. */
  runnerByName(repository: string, name: string, signal?: AbortSignal): Promise<ForgeRunner | null>;
  /** Deletes a registration; `absent` when it was gone already. Rejects with CONFLICT while it runs a job. */
  deleteRunner(repository: string, id: number, signal?: AbortSignal): Promise<'deleted' | 'absent'>;
  /** Jobs that have not ended, and runs that have none yet. Counts jobs, not runs. */
  activeJobs(repository: string, signal?: AbortSignal): Promise<ForgeJob[]>;
  /** The same for whoever asks often. @param meterOf counts its requests by what they are for */
  queueReader(repository: string, meterOf: (purpose: ReadingPurpose) => RequestMeter): QueueReader;
  /** The job that a runner began at that time, running or finished, among the latest runs; null when there is none. */
  jobOnRunner(
    repository: string,
    runnerName: string,
    startedAt: number,
    signal?: AbortSignal,
    /** Tells jobs apart that a runner began within one second. */
    jobName?: string,
  ): Promise<ForgeRunJob | null>;
  /** The jobs of a run's latest attempt, ended ones included. */
  jobsOfRun(repository: string, runId: number, signal?: AbortSignal): Promise<ForgeRunJob[]>;
  /**
   * Runs a finished job and those that need it again, as a new attempt of its run. Rejects with CONFLICT while the run
   * goes on, and when it is too old. Never sent twice.
   */
  rerunJob(repository: string, jobId: number, signal?: AbortSignal): Promise<void>;
  /** The log of a finished job. Rejects with UNKNOWN while it runs, and when the forge has deleted it. */
  jobLog(repository: string, jobId: number, signal?: AbortSignal): Promise<ForgeDownload>;
  /** Runs that fit, the newest first. `total` is the forge's own count. */
  runs(
    repository: string,
    query: Omit<RunQuery, 'repositoryId'>,
    signal?: AbortSignal,
  ): Promise<{ runs: ForgeRun[]; total: number; more: boolean }>;
  runReader(repository: string, runId: number, meter?: RequestMeter): RunReader;
  /** Rejects with CONFLICT when it has ended. @param force also when the run does not answer to being cancelled */
  cancelRun(repository: string, runId: number, force: boolean, signal?: AbortSignal): Promise<void>;
  /** Runs all jobs, or those that failed, as a new attempt. Rejects with CONFLICT while the run goes on. */
  rerunRun(repository: string, runId: number, which: 'all' | 'failed', signal?: AbortSignal): Promise<void>;
  /** Approves or refuses what an environment of the run waits for. */
  reviewRun(
    repository: string,
    runId: number,
    review: { environment: string; approve: boolean; comment: string },
    signal?: AbortSignal,
  ): Promise<void>;
  /** The zip archive of an artifact. Rejects with UNKNOWN when it has expired. */
  artifact(repository: string, artifactId: number, signal?: AbortSignal): Promise<ForgeDownload>;
  /** @param ref a branch, tag or commit; null = the default branch */
  workflowFiles(repository: string, ref: string | null, signal?: AbortSignal): Promise<WorkflowFile[]>;
  /** One file as text; null when there is none of that path. */
  file(repository: string, path: string, ref: string | null, signal?: AbortSignal): Promise<string | null>;
  refs(repository: string, signal?: AbortSignal): Promise<{ branches: string[]; tags: string[] }>;
  environments(repository: string, signal?: AbortSignal): Promise<string[]>;
  setWorkflowEnabled(
    repository: string,
    workflowId: number,
    enabled: boolean,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Groups above the repository with their runners; null where the token may not see them or there are none. */
  runnerGroups(repository: string, signal?: AbortSignal, meter?: RequestMeter): Promise<RunnerGroup[] | null>;
  /** Replaces the custom labels of a runner; the forge's own stay. Gives all that it has afterwards. */
  setLabels(repository: string, runnerId: number, labels: string[], signal?: AbortSignal): Promise<string[]>;
  /** Null where there is no status page for it. Costs none of the budget. */
  status(signal?: AbortSignal): Promise<ForgeStatus | null>;
  /** The page where a file is edited, and that for a new one with its text. */
  editPage(repository: string, branch: string, path: string): string;
  newFilePage(repository: string, branch: string, path: string, text: string): string;
  workflows(repository: string, signal?: AbortSignal): Promise<Workflow[]>;
  dispatch(
    repository: string,
    workflowId: number,
    ref: string,
    inputs: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<{ runId: number | null; runUrl: string | null }>;
  /** The budget as last told by the forge; null before the first answer. */
  budget(): ForgeBudget | null;
}

/** Makes a forge client for a token. The token stays inside the client. */
export type CreateForge = (options: {
  apiUrl: string;
  token: string;
  /** Called when the forge told a new budget. */
  onBudget?: (budget: ForgeBudget) => void;
}) => Forge;
