/** Workflows, their runs, logs and artifacts, and what is wrong with workflow files. Times are epoch milliseconds. */
import { z } from 'zod';

const time = z.number();
const bytes = z.number().nonnegative();

export const workflowInputSchema = z.object({
  name: z.string(),
  type: z.enum(['string', 'choice', 'boolean', 'number', 'environment']),
  description: z.string().nullable(),
  required: z.boolean(),
  default: z.string().nullable(),
  options: z.array(z.string()),
});
export type WorkflowInput = z.infer<typeof workflowInputSchema>;

export const workflowSchema = z.object({
  id: z.number(),
  name: z.string(),
  path: z.string(),
  state: z.enum(['active', 'disabled']),
  /** Its file on the forge. */
  url: z.string().nullable(),
  /** Null when it cannot be started by hand. */
  inputs: z.array(workflowInputSchema).nullable(),
  /** Why it cannot be started by hand, or what is wrong with its file, in one sentence; null where nothing is. */
  problem: z.string().nullable(),
});
export type Workflow = z.infer<typeof workflowSchema>;

export const runStatusSchema = z.enum([
  'queued',
  'in_progress',
  'waiting',
  'pending',
  'requested',
  'completed',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const conclusionSchema = z.enum([
  'success',
  'failure',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
  'neutral',
  'stale',
  'startup_failure',
]);
export type Conclusion = z.infer<typeof conclusionSchema>;

export const runSchema = z.object({
  id: z.number(),
  repositoryId: z.string(),
  number: z.number(),
  attempt: z.number(),
  title: z.string(),
  workflowId: z.number(),
  workflow: z.string(),
  path: z.string(),
  event: z.string(),
  branch: z.string().nullable(),
  headSha: z.string(),
  actor: z.string().nullable(),
  status: runStatusSchema,
  conclusion: conclusionSchema.nullable(),
  createdAt: time,
  /** Of this attempt. */
  startedAt: time.nullable(),
  updatedAt: time,
  url: z.string(),
});
export type Run = z.infer<typeof runSchema>;

export const runStepSchema = z.object({
  number: z.number(),
  name: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed']),
  conclusion: conclusionSchema.nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
});
export type RunStep = z.infer<typeof runStepSchema>;

export const runJobSchema = z.object({
  /** Unique in the run: the forge's id, or the key in the workflow file of a job that the forge has not made yet. */
  key: z.string(),
  /** Null until the forge has made it, which it does when the jobs it needs have ended. */
  id: z.number().nullable(),
  name: z.string(),
  /** `blocked`: the jobs that it needs have not ended. */
  status: z.enum(['blocked', 'queued', 'waiting', 'pending', 'in_progress', 'completed']),
  conclusion: conclusionSchema.nullable(),
  labels: z.array(z.string()),
  /** `key`s of the jobs that come before it. */
  needs: z.array(z.string()),
  queuedAt: time.nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  runnerName: z.string().nullable(),
  /** When one of our runners runs or ran it. */
  runnerId: z.string().nullable(),
  url: z.string().nullable(),
  steps: z.array(runStepSchema),
});
export type RunJob = z.infer<typeof runJobSchema>;

export const artifactSchema = z.object({
  id: z.number(),
  name: z.string(),
  sizeBytes: bytes,
  /** sha256:…; null where the forge does not tell one. */
  digest: z.string().nullable(),
  createdAt: time.nullable(),
  expiresAt: time.nullable(),
  expired: z.boolean(),
});
export type Artifact = z.infer<typeof artifactSchema>;

/** What a run waits for on the forge. */
export const runGateSchema = z.object({
  environment: z.string(),
  /** Logins and teams that may approve. */
  reviewers: z.array(z.string()),
  /** Whether the token's owner may. */
  canApprove: z.boolean(),
  /** When a wait timer ends; null without one. */
  waitsUntil: time.nullable(),
});

/** Everything about one run, whole each time. */
export const runDetailSchema = z.object({
  run: runSchema,
  jobs: z.array(runJobSchema),
  artifacts: z.array(artifactSchema),
  gates: z.array(runGateSchema),
  /** When the forge was last asked. */
  checkedAt: time,
  /** What kept it from being read the last time, and what to do; null when nothing did. */
  problem: z.object({ code: z.string(), message: z.string(), remedy: z.string().nullable() }).nullable(),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

export const runQuerySchema = z.object({
  repositoryId: z.string(),
  workflowId: z.number().nullable(),
  /** A status or a conclusion. */
  status: z.union([runStatusSchema, conclusionSchema]).nullable(),
  branch: z.string().nullable(),
  event: z.string().nullable(),
  actor: z.string().nullable(),
  /** From 1. */
  page: z.number().int().min(1),
  perPage: z.number().int().min(1).max(100),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

// --- logs --------------------------------------------------------------------------------------------------------

/** Which log: a listener's own, that of the job its runner runs or ran last, or that of any job of the forge. */
export const logSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listener'), runnerId: z.string() }),
  z.object({ kind: z.literal('runner-job'), runnerId: z.string() }),
  z.object({ kind: z.literal('job'), repositoryId: z.string(), jobId: z.number() }),
]);
export type LogSource = z.infer<typeof logSourceSchema>;

/** How much of a log there is by now, and its last lines, so that whoever follows need not ask for them. */
export const logStateSchema = z.object({
  /** Names the log for `logs.lines` and `logs.search`; another one means another log: what was shown is void. */
  logId: z.string(),
  lines: z.number(),
  bytes,
  /** It will not grow any more. */
  complete: z.boolean(),
  /** Share of it that has been fetched from the forge, 0–1; null when it is not fetched or that cannot be told. */
  fetched: z.number().nullable(),
  /** The last lines, at most as many as were asked for; the first of them is line `lines - tail.length`. */
  tail: z.array(z.string()),
  /** Why there is nothing to show, in one sentence; null where there is. */
  empty: z.string().nullable(),
});
export type LogState = z.infer<typeof logStateSchema>;

export const logHitSchema = z.object({
  /** From 0. */
  line: z.number(),
  /** Where the words begin in the line, counted in characters. */
  start: z.number(),
});

export const logSearchSchema = z.object({
  /** Further hits, in the order of the lines. */
  hits: z.array(logHitSchema),
  /** Lines searched so far. */
  searched: z.number(),
  /** All of it was searched, or the most hits that are told were found. */
  done: z.boolean(),
});

// --- artifacts ---------------------------------------------------------------------------------------------------

export const savedArtifactSchema = z.object({
  receivedBytes: bytes,
  /** Null while it is not known. */
  totalBytes: bytes.nullable(),
  /** Null until it is whole and agrees with its digest. */
  saved: z
    .object({
      /** Where it lies on the engine's machine. */
      path: z.string(),
      /** Where a browser gets it from; null where the panel is not served to one. */
      href: z.string().nullable(),
      files: z.array(z.object({ name: z.string(), sizeBytes: bytes })),
      /** Entries that would leave the folder they are unpacked to, or are no plain files. */
      refused: z.array(z.string()),
      /** All that are in it: only the first 10,000 files and 1,000 refused ones are named. */
      entries: z.number(),
      /** Whether its digest was compared. */
      verified: z.boolean(),
    })
    .nullable(),
});
export type SavedArtifact = z.infer<typeof savedArtifactSchema>;

// --- workflow files ----------------------------------------------------------------------------------------------

export const checkedJobSchema = z.object({
  key: z.string(),
  /** Of its `runs-on`, from 1. */
  line: z.number(),
  /** `dynamic`: an expression that only a run resolves; `reusable`: another workflow decides. */
  verdict: z.enum(['hosted', 'ours', 'nobody', 'dynamic', 'reusable', 'invalid']),
  /** Each set of labels that it asks for; several where a matrix says so. */
  labelSets: z.array(
    z.object({
      labels: z.array(z.string()),
      group: z.string().nullable(),
      verdict: z.enum(['hosted', 'ours', 'nobody']),
    }),
  ),
  /** What is meant, in one sentence. */
  sentence: z.string(),
  nearest: z.string().nullable(),
  mistake: z.string().nullable(),
  /** The line as it is and as it should be, where one word mends it. */
  patch: z.object({ before: z.string(), after: z.string() }).nullable(),
});
export type CheckedJob = z.infer<typeof checkedJobSchema>;

export const checkedWorkflowSchema = z.object({
  path: z.string(),
  /** Where it is edited on the forge; null for a local folder. */
  url: z.string().nullable(),
  name: z.string().nullable(),
  jobs: z.array(checkedJobSchema),
  /** What is wrong with the file itself. */
  problems: z.array(z.object({ line: z.number(), column: z.number(), message: z.string() })),
});
export type CheckedWorkflow = z.infer<typeof checkedWorkflowSchema>;

export const workflowDraftRequestSchema = z.object({
  repositoryId: z.string(),
  name: z.string(),
  labels: z.array(z.string()),
  template: z.enum(['shell', 'node', 'python', 'go', 'rust', 'container']),
  /** `dispatch`: by hand only; `push`: on pushes and pull requests as well; `schedule`: every night as well. */
  triggers: z.enum(['dispatch', 'push', 'schedule']),
  timeoutMinutes: z.number().int().min(1).max(7200),
});
export type WorkflowDraftRequest = z.infer<typeof workflowDraftRequestSchema>;
export const workflowDraftSchema = z.object({
  path: z.string(),
  yaml: z.string(),
  /** The forge's page for a new file with this text filled in; null where the text is too long for an address. */
  newFileUrl: z.string().nullable(),
  /** What each choice in it is for, by line. */
  notes: z.array(z.object({ line: z.number(), text: z.string() })),
  /** The way from "by hand" to "by itself", in order. */
  phases: z.array(z.object({ title: z.string(), text: z.string(), yaml: z.string() })),
});
export type WorkflowDraft = z.infer<typeof workflowDraftSchema>;
