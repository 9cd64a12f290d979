/** What the demo GitHub remembers. Plain JSON, so that all of it survives a restart. */

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out';
type StepStatus = 'queued' | 'in_progress' | 'completed';
/** `waiting`: for a rule of its environment; `pending`: for its concurrency group. */
export type JobStatus = StepStatus | 'waiting' | 'pending';

export interface RunnerRecord {
  id: number;
  name: string;
  /** `owner/name` of the repository that it serves, or the login of the organisation. */
  repository: string;
  /** Runner group; 1 is the default one, and that of every runner of a repository. */
  groupId: number;
  os: string;
  architecture: string;
  version: string | null;
  ephemeral: boolean;
  labels: { id: number; name: string; type: 'read-only' | 'custom' }[];
  clientId: string;
  publicKeyPem: string;
  createdAtMs: number;
  lastSeenAtMs: number;
  /** How one is shown that no process stands behind: it is there to be seen, and is never sent a job. */
  pose: 'online' | 'offline' | null;
}

export interface RunnerMessage {
  messageId: number;
  messageType: 'RunnerJobRequest' | 'JobCancellation' | 'RunnerRefreshMessage';
  body: string;
}

export interface SessionRecord {
  id: string;
  runnerId: number;
  ownerName: string;
  lastPollAtMs: number;
  messages: RunnerMessage[];
}

/** A registration or remove token, as handed out by REST. */
export interface RunnerTokenRecord {
  token: string;
  kind: 'register' | 'remove';
  /** `owner/name`, or the login of an organisation. */
  repository: string;
  expiresAtMs: number;
}

export interface StepRecord {
  number: number;
  name: string;
  status: StepStatus;
  conclusion: Conclusion | null;
  startedAt: string | null;
  completedAt: string | null;
}

/** A step as written in the workflow file; expressions in it are evaluated when a runner takes the job. */
export interface PlannedStep {
  name: string;
  script: string;
  shell: string | null;
  workingDirectory: string | null;
  env: Record<string, string>;
  condition: string | null;
  continueOnError: boolean;
  timeoutMinutes: number | null;
  /** What `actions/upload-artifact` is given, where the step uses it. */
  artifact: Record<string, string> | null;
}

export type MatrixValues = Record<string, unknown>;

/** Of the runs or jobs of a repository that name the same group, whatever its case, one goes on at a time. */
export interface Concurrency {
  group: string;
  cancelInProgress: boolean;
  /** How many may wait: one, of which a newer one takes the place, or a hundred. */
  queue: 'single' | 'max';
}

/** One job of a run, one per combination of its matrix. */
export interface PlannedJob {
  key: string;
  name: string;
  labels: string[];
  needs: string[];
  condition: string | null;
  matrix: MatrixValues;
  failFast: boolean;
  maxParallel: number | null;
  continueOnError: boolean;
  timeoutMinutes: number;
  environment: string | null;
  concurrency: Concurrency | null;
  env: Record<string, string>;
  defaults: { shell: string | null; workingDirectory: string | null };
  steps: PlannedStep[];
}

export interface JobRecord {
  id: number;
  /** The id that the runner knows it by. */
  guid: string;
  planId: string;
  requestId: string;
  runId: number;
  attempt: number;
  /** Its place in the run's plan. */
  planIndex: number;
  name: string;
  labels: string[];
  status: JobStatus;
  conclusion: Conclusion | null;
  createdAtMs: number;
  /** Since when runners may take it. */
  queuedAtMs: number | null;
  /** The environment that holds or held it. */
  gate: { environmentId: number; sinceMs: number; isApproved: boolean } | null;
  startedAtMs: number | null;
  completedAtMs: number | null;
  runnerId: number | null;
  runnerName: string | null;
  runnerGroup: { id: number; name: string } | null;
  /** Set while a runner has been sent the job and has not taken it yet. */
  offer: { runnerId: number; expiresAtMs: number } | null;
  lockedUntilMs: number | null;
  cancelRequestedAtMs: number | null;
  steps: StepRecord[];
  annotations: { level: 'notice' | 'warning' | 'failure'; title: string; message: string }[];
}

export interface AttemptRecord {
  number: number;
  startedAtMs: number;
  completedAtMs: number | null;
  conclusion: Conclusion | null;
  cancelRequestedAtMs: number | null;
  actor: string;
  /** The run waits for its concurrency group and has no jobs of this attempt yet. */
  isPending: boolean;
}

/** What was said about environments of a run. */
interface ApprovalRecord {
  environmentIds: number[];
  state: 'approved' | 'rejected';
  comment: string;
  /** Login. */
  by: string;
}

/** What holds the jobs that name it. */
export interface EnvironmentRecord {
  id: number;
  name: string;
  waitTimerMinutes: number;
  /** Logins; one of them must approve. */
  reviewers: string[];
  /** Whether who started a run must not approve it. */
  preventSelfReview: boolean;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface ArtifactRecord {
  id: number;
  runId: number;
  attempt: number;
  repository: string;
  name: string;
  /** Name of its file in the state's folder. */
  file: string;
  sizeBytes: number;
  /** `sha256:…` */
  digest: string;
  createdAtMs: number;
  expiresAtMs: number;
}

export interface RunRecord {
  id: number;
  number: number;
  repository: string;
  workflowId: number;
  workflowPath: string;
  workflowName: string;
  displayTitle: string;
  event: string;
  /** Name of the branch or tag. */
  branch: string;
  refType: 'branch' | 'tag';
  headSha: string;
  actor: string;
  inputs: Record<string, string | boolean | number>;
  env: Record<string, string>;
  concurrency: Concurrency | null;
  plan: PlannedJob[];
  approvals: ApprovalRecord[];
  createdAtMs: number;
  updatedAtMs: number;
  attempts: AttemptRecord[];
}

/** How much a state is filled with. */
export interface SeedSize {
  /** octo/forge and others like it. */
  repositories: number;
  /** Registered runners that no process stands behind; seven in ten run a job. */
  runners: number;
  /** All runs, those that run or wait included. */
  runs: number;
  /** In matrices of forty. */
  queuedJobs: number;
}

export interface DemoData {
  formatVersion: 1;
  port: number | null;
  /** Signs the tokens of the runner service and of log links. */
  signingKey: string;
  /** Of the folder beside the state's file, with its logs, artifacts and ended runs. */
  folderName: string;
  /** Value of each demo token by its name. */
  tokens: Record<string, string>;
  nextId: Record<string, number>;
  /** How much of everything it was filled with. */
  seed: SeedSize | null;
  /** When there are more runs, the oldest that have ended are forgotten. */
  keptRuns: number;
  runners: RunnerRecord[];
  runnerTokens: RunnerTokenRecord[];
  sessions: SessionRecord[];
  runs: RunRecord[];
  jobs: JobRecord[];
  artifacts: ArtifactRecord[];
  /** By `owner/name`. */
  environments: Record<string, EnvironmentRecord[]>;
  /** Log text by job id, in states of an earlier version. */
  logs: Record<string, string>;
  disabledWorkflows: number[];
}
