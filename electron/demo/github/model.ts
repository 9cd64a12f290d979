/** What the demo GitHub remembers. Plain JSON, so that all of it survives a restart. */

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out';
type JobStatus = 'queued' | 'in_progress' | 'completed';

export interface RunnerRecord {
  id: number;
  name: string;
  /** `owner/name` of the repository it serves. */
  repository: string;
  os: string;
  architecture: string;
  version: string | null;
  ephemeral: boolean;
  labels: { id: number; name: string; type: 'read-only' | 'custom' }[];
  clientId: string;
  publicKeyPem: string;
  createdAtMs: number;
  lastSeenAtMs: number;
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
  repository: string;
  expiresAtMs: number;
}

export interface StepRecord {
  number: number;
  name: string;
  status: JobStatus;
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
}

export type MatrixValues = Record<string, unknown>;

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
  startedAtMs: number | null;
  completedAtMs: number | null;
  runnerId: number | null;
  runnerName: string | null;
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
  branch: string;
  headSha: string;
  actor: string;
  inputs: Record<string, string | boolean | number>;
  env: Record<string, string>;
  plan: PlannedJob[];
  createdAtMs: number;
  updatedAtMs: number;
  attempts: AttemptRecord[];
}

export interface DemoData {
  formatVersion: 1;
  port: number | null;
  /** Signs the tokens of the runner service and of log links. */
  signingKey: string;
  /** Value of each demo token by its name. */
  tokens: Record<string, string>;
  nextId: Record<string, number>;
  runners: RunnerRecord[];
  runnerTokens: RunnerTokenRecord[];
  sessions: SessionRecord[];
  runs: RunRecord[];
  jobs: JobRecord[];
  /** Log text by job id. */
  logs: Record<string, string>;
  disabledWorkflows: number[];
}
