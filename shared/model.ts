/**
 * What Trackside knows, as plain JSON: every type that crosses a door is defined here once, as a zod schema.
 * Times are epoch milliseconds, sizes are bytes, ids are opaque strings.
 */
import { z } from 'zod';
import { notificationSettingsSchema } from './jobs.ts';
import { defaultNeighbour, defaultScaling } from './pool-defaults.ts';

export * from './jobs.ts';
export * from './workflows.ts';

const time = z.number();
const bytes = z.number().nonnegative();

/** A problem as a person meets it: what happened to what, and what to do. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string().nullable(),
});
export type Problem = z.infer<typeof problemSchema>;

// --- connections -------------------------------------------------------------------------------------------------

/** Where a token is kept: the desktop's safe store, the system's keyring, or only this process's memory. */
export const tokenStoreSchema = z.enum(['safe-storage', 'keyring', 'memory']);
export type TokenStore = z.infer<typeof tokenStoreSchema>;

/** One line of the permission check. `required` lines must pass before a deploy. */
export const permissionCheckSchema = z.object({
  id: z.enum(['network', 'token', 'expiry', 'repository', 'administration', 'actions']),
  title: z.string(),
  status: z.enum(['ok', 'missing', 'warning', 'unknown']),
  required: z.boolean(),
  /** What was found, in one sentence. */
  detail: z.string(),
  /** How to mend it; null where nothing is to be done. */
  remedy: z.string().nullable(),
  /** A page on the forge where it is mended; https only (or the demo's own address). */
  remedyUrl: z.string().nullable(),
});
export type PermissionCheck = z.infer<typeof permissionCheckSchema>;

export const permissionReportSchema = z.object({
  login: z.string().nullable(),
  tokenKind: z.enum(['fine-grained', 'classic', 'app', 'unknown']),
  expiresAt: time.nullable(),
  checks: z.array(permissionCheckSchema),
  /** True when every required check is ok. */
  sufficient: z.boolean(),
});
export type PermissionReport = z.infer<typeof permissionReportSchema>;

export const connectionSchema = z.object({
  id: z.string(),
  forge: z.literal('github'),
  /** The person's view, e.g. https://github.com. */
  webUrl: z.string(),
  /** REST base, e.g. https://api.github.com. */
  apiUrl: z.string(),
  login: z.string(),
  demo: z.boolean(),
  tokenStore: tokenStoreSchema,
  /** False after a restart when the token was only in memory, or when the forge refused it. */
  usable: z.boolean(),
  problem: problemSchema.nullable(),
  expiresAt: time.nullable(),
  /** The forge's hourly request budget as last told by it. */
  budget: z.object({ limit: z.number(), remaining: z.number(), resetsAt: time }).nullable(),
  /** What watching costs now, and the ceilings it keeps to; null before the first look. */
  spending: z
    .object({
      requestsLastMinute: z.number(),
      minuteCeiling: z.number(),
      chargedLastHour: z.number(),
      hourCeiling: z.number(),
    })
    .nullable(),
});
export type Connection = z.infer<typeof connectionSchema>;

export const repositorySchema = z.object({
  id: z.string(),
  connectionId: z.string(),
  /** owner/name */
  fullName: z.string(),
  visibility: z.enum(['public', 'private', 'internal']),
  defaultBranch: z.string(),
  webUrl: z.string(),
  /** When its queue and runners were last read from the forge; null before the first time. */
  checkedAt: time.nullable(),
  problem: problemSchema.nullable(),
  /** How often it is looked at and why so often; null before the first look. */
  watch: z
    .object({
      intervalMs: z.number(),
      reason: z.enum(['pool', 'active', 'looked-at', 'unattended', 'budget', 'failing']),
    })
    .nullable(),
});
export type Repository = z.infer<typeof repositorySchema>;

/** A repository offered for choosing, not connected yet. */
export const repositoryChoiceSchema = repositorySchema.pick({ fullName: true, visibility: true }).extend({
  /** Whether the token's owner may manage its runners. */
  admin: z.boolean(),
});
export type RepositoryChoice = z.infer<typeof repositoryChoiceSchema>;

// --- pools and runners -------------------------------------------------------------------------------------------

export const lifecycleSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('manual') }),
  z.object({ mode: z.literal('auto'), idleTimeoutMs: z.number().positive() }),
  z.object({ mode: z.literal('ephemeral') }),
]);
export type Lifecycle = z.infer<typeof lifecycleSchema>;

export const sizeSchema = z.object({
  preset: z.enum(['standard', 'large', 'multi', 'small', 'custom']),
  cores: z.number().positive(),
  memoryBytes: bytes,
});
export type Size = z.infer<typeof sizeSchema>;

/** How a pool that manages itself answers to waiting jobs; a manual pool only keeps to the maximum. */
export const scalingSchema = z.object({
  policy: z.enum(['lazy', 'balanced', 'aggressive']),
  /** Runners that wait for jobs even when nothing is queued: warm spares. */
  minRunners: z.number().int().nonnegative(),
  maxRunners: z.number().int().positive(),
});
export type Scaling = z.infer<typeof scalingSchema>;

/** When a pool takes no new jobs so that the machine's owner is not disturbed. */
export const neighbourSchema = z.object({
  pauseOnBattery: z.boolean(),
  pauseOnMetered: z.boolean(),
  /** Share of all cores (0–1) that programs other than runners may use before the pool pauses; null = never. */
  pauseAboveLoad: z.number().min(0).max(1).nullable(),
  /** Local times of day (HH:MM) between which jobs may run, over midnight when `to` is earlier; null = always. */
  hours: z
    .object({
      from: z.string(),
      to: z.string(),
      /** 0 = Sunday … 6 = Saturday: the days on which the span begins. */
      days: z.array(z.number().int().min(0).max(6)),
    })
    .nullable(),
  /** Jobs run at low processor and disk priority. */
  lowPriority: z.boolean(),
});
export type Neighbour = z.infer<typeof neighbourSchema>;

/** Where a pool's runners are registered. Deploying reaches repositories; organisations and their groups are known. */
export const poolTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('repository') }),
  z.object({ kind: z.literal('organisation'), login: z.string(), runnerGroup: z.string().nullable() }),
]);

/** A promise the engine keeps: where, which labels, how large, how they live, how many. */
export const poolSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The repository whose queue it serves. */
  repositoryId: z.string(),
  target: poolTargetSchema.default({ kind: 'repository' }),
  /** Custom labels; the forge adds its own (self-hosted, Linux, ARM64). */
  labels: z.array(z.string()),
  size: sizeSchema,
  lifecycle: lifecycleSchema,
  scaling: scalingSchema.default(defaultScaling),
  neighbour: neighbourSchema.default(defaultNeighbour),
  /** Whether a job that ended because its runner died is run again, once. */
  rerunLost: z.boolean().default(true),
  /** A person's pause: no new jobs. */
  paused: z.boolean().default(false),
  createdAt: time,
});
export type Pool = z.infer<typeof poolSchema>;

/** Why a pool has fewer runners than waiting jobs ask for, or takes no jobs at all. */
export const holdSchema = z.object({
  kind: z.enum([
    'pool-maximum',
    'cores',
    'memory',
    'disk',
    'paused',
    'battery',
    'metered',
    'user-load',
    'hours',
    'failing',
    'forge',
    'quitting',
  ]),
  /** One sentence: what holds it back and until when. */
  sentence: z.string(),
});
export type Hold = z.infer<typeof holdSchema>;

/** What the engine makes of a pool at the moment. */
export const poolStateSchema = z.object({
  /** The pool's id. */
  id: z.string(),
  /** Queued jobs that its runners could take. */
  demand: z.number(),
  /** Runners it should have now. */
  wanted: z.number(),
  /** Why that many, in one sentence. */
  cause: z.string(),
  hold: holdSchema.nullable(),
  /** When it decides anew without anything having happened; null when nothing is due. */
  nextAt: time.nullable(),
});
export type PoolState = z.infer<typeof poolStateSchema>;

/** The seven steps from a click to a listening runner. */
export const deployStepIds = [
  'download',
  'verify',
  'extract',
  'clone',
  'register',
  'start',
  'listen',
] as const;
export const deployStepIdSchema = z.enum(deployStepIds);
export type DeployStepId = z.infer<typeof deployStepIdSchema>;

export const deployStepSchema = z.object({
  id: deployStepIdSchema,
  status: z.enum(['waiting', 'active', 'done', 'failed', 'cancelled']),
  /** 0–1 where it can be measured, else null. */
  progress: z.number().min(0).max(1).nullable(),
  /** What it is doing or did: "48 of 97 MB", "from cache", "reflink". */
  detail: z.string().nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
});
export type DeployStep = z.infer<typeof deployStepSchema>;

/**
 * deploying → starting → idle ⇄ busy → stopping → stopped → starting …; removing ends it; failed asks a person.
 * `reconnecting`: the listener lives but has lost the forge.
 */
export const runnerStateSchema = z.enum([
  'deploying',
  'starting',
  'idle',
  'busy',
  'reconnecting',
  'stopping',
  'stopped',
  'removing',
  'failed',
]);
export type RunnerState = z.infer<typeof runnerStateSchema>;

export const runnerSchema = z.object({
  id: z.string(),
  poolId: z.string(),
  repositoryId: z.string(),
  name: z.string(),
  /** All labels, the forge's own included. */
  labels: z.array(z.string()),
  state: runnerStateSchema,
  stateSince: time,
  /** Why it is in this state, in one sentence. */
  cause: z.string(),
  /** Progress of its deploy; kept after it ended. */
  steps: z.array(deployStepSchema),
  failure: problemSchema.nullable(),
  /** A stop was asked for and waits for the job's end. */
  draining: z.boolean(),
  job: z.object({ name: z.string(), startedAt: time, url: z.string().nullable() }).nullable(),
  version: z.string().nullable(),
  /** The forge's own id of the registration; null before it is registered and after it is gone. */
  forgeRunnerId: z.number().nullable(),
  forgeStatus: z.enum(['online', 'offline', 'unknown']),
  pid: z.number().nullable(),
  /** When its present process started; null while none runs. */
  startedAt: time.nullable(),
  /** When it leaves if no job comes; the engine's deadline, which the panel only counts down to. Null = it stays. */
  stopsAt: time.nullable().default(null),
  /** A person's wish: it does not leave before. */
  keptUntil: time.nullable().default(null),
  /** When it is started again after a failure; null when nothing is planned. */
  retryAt: time.nullable().default(null),
  /** Its listener is being replaced by a newer version. */
  updating: z.boolean().default(false),
  /** When the forge stops giving jobs to its version; null while unknown. */
  versionDeadline: time.nullable().default(null),
  createdAt: time,
});
export type Runner = z.infer<typeof runnerSchema>;

/** What a runner's process tree uses now, and its recent course (oldest first, one value every 2 s). */
export const usageSchema = z.object({
  runnerId: z.string(),
  at: time,
  /** Cores in use: 1.5 = one and a half. */
  cpuCores: z.number(),
  memoryBytes: bytes,
  processes: z.number(),
  cpuHistory: z.array(z.number()),
});
export type Usage = z.infer<typeof usageSchema>;

/** A runner of a connected repository that this engine did not create. */
export const foreignRunnerSchema = z.object({
  id: z.string(),
  repositoryId: z.string(),
  name: z.string(),
  labels: z.array(z.string()),
  status: z.enum(['online', 'offline']),
  busy: z.boolean(),
  /** Name of the runner group that brings it here; null for a runner of the repository itself. */
  group: z.string().nullable(),
  /** Why it takes no job of this repository although it is in sight; null where it does. */
  excluded: z.string().nullable(),
});
export type ForeignRunner = z.infer<typeof foreignRunnerSchema>;

/** Something provably ours that should not be there any more. */
export const leftoverSchema = z.object({
  id: z.string(),
  kind: z.enum(['folder', 'registration', 'process']),
  name: z.string(),
  detail: z.string(),
  foundAt: time,
});
export type Leftover = z.infer<typeof leftoverSchema>;

/** A registration on the forge that this installation made, is offline there, and belongs to no runner here. */
export const ghostSchema = z.object({
  id: z.string(),
  repositoryId: z.string(),
  forgeRunnerId: z.number(),
  name: z.string(),
  /** When this installation registered it. */
  registeredAt: time,
  /** How it is known to be ours, in one sentence. */
  proof: z.string(),
  /** When it is removed by itself; null = only on request. */
  removedAt: time.nullable(),
});
export type Ghost = z.infer<typeof ghostSchema>;

/** Something that a person should know and can put away. */
export const noticeSchema = z.object({
  id: z.string(),
  kind: z.enum(['set-aside', 'clock', 'recovered', 'trouble']),
  at: time,
  message: z.string(),
  remedy: z.string().nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;

// --- health ------------------------------------------------------------------------------------------------------

export const healthCheckSchema = z.object({
  id: z.enum(['process', 'listener', 'forge', 'disk', 'memory', 'clock', 'version']),
  title: z.string(),
  status: z.enum(['ok', 'warning', 'failed', 'unknown']),
  /** What was found, in one sentence. */
  detail: z.string(),
  checkedAt: time,
});
export type HealthCheck = z.infer<typeof healthCheckSchema>;

export const healthSchema = z.object({
  /** The runner's id. */
  id: z.string(),
  checks: z.array(healthCheckSchema),
  /** Restarts in a row without an hour of health in between. */
  restarts: z.number(),
  lastRestart: z.object({ at: time, reason: z.string() }).nullable(),
  /** Up to 30 days, the latest last; `day` is a local date, 2026-11-24. Time in which it was meant to run counts. */
  availability: z.array(z.object({ day: z.string(), upMs: z.number(), downMs: z.number() })),
});
export type Health = z.infer<typeof healthSchema>;

/** What happened, and why: every transition of the engine. */
export const eventSchema = z.object({
  id: z.string(),
  at: time,
  kind: z.enum(['runner', 'pool', 'job', 'forge', 'engine', 'host', 'person']),
  /** What it happened to, by name: "arm-1", "octo/forge". */
  subject: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** One sentence. */
  cause: z.string(),
  runnerId: z.string().nullable(),
  poolId: z.string().nullable(),
  repositoryId: z.string().nullable(),
});
export type HistoryEvent = z.infer<typeof eventSchema>;

// --- jobs --------------------------------------------------------------------------------------------------------

/** Why a job ended without having been run to its end: the runner's doing, not the test's. */
export const verdictSchema = z.object({
  cause: z.enum([
    'worker-died',
    'listener-died',
    'out-of-memory',
    'disk-full',
    'host-restarted',
    'registration-deleted',
    'connection-lost',
    'cancelled-here',
    'unknown',
  ]),
  /** "The runner ran out of memory; the job itself did not fail." */
  sentence: z.string(),
  /** `asked`: the forge was told to run it again. Null when it is not run again. */
  rerun: z
    .object({ status: z.enum(['planned', 'asked', 'failed']), at: time, sentence: z.string() })
    .nullable(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** A job that ran (or runs) on one of our runners, as its own listener told it: the track is drawn from these. */
export const shiftSchema = z.object({
  id: z.string(),
  runnerId: z.string(),
  runnerName: z.string(),
  repositoryId: z.string(),
  jobName: z.string(),
  startedAt: time,
  endedAt: time.nullable(),
  /** actions/runner's words; null while it runs. */
  result: z
    .enum(['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped', 'Abandoned', 'Lost'])
    .nullable(),
  /** The forge's job id and page once matched. */
  jobId: z.number().nullable(),
  url: z.string().nullable(),
  /** Only where the runner, not the job, was the trouble. */
  verdict: verdictSchema.nullable().default(null),
});
export type Shift = z.infer<typeof shiftSchema>;

// --- this machine ------------------------------------------------------------------------------------------------

/** Slow facts about the host; null until detection has run (it never delays the first paint). */
export const hostSchema = z.object({
  hostname: z.string(),
  os: z.enum(['linux', 'macos', 'windows', 'other']),
  /** The label the forge's runner gives itself: X64, ARM64. */
  architecture: z.string(),
  cores: z.number(),
  memoryBytes: bytes,
  /** "AMD EPYC 7763", "Apple M2"; null while unknown. */
  cpuModel: z.string().nullable(),
  /** Why runners cannot be deployed on this host at all; null where they can. */
  unsupported: z.string().nullable(),
});
export type Host = z.infer<typeof hostSchema>;

/** Fast facts, refreshed every 2 s while somebody looks. */
export const loadSchema = z.object({
  at: time,
  cpuCores: z.number(),
  memoryUsedBytes: bytes,
  diskTotalBytes: bytes,
  diskFreeBytes: bytes,
});
export type Load = z.infer<typeof loadSchema>;

/** What decides whether jobs would disturb somebody; null where this host does not tell. */
export const surroundingsSchema = z.object({
  at: time,
  onBattery: z.boolean().nullable(),
  batteryPercent: z.number().nullable(),
  metered: z.boolean().nullable(),
  /** Share of all cores (0–1) used by programs that are not runners or their jobs. */
  othersLoad: z.number().nullable(),
});
export type Surroundings = z.infer<typeof surroundingsSchema>;

/** What a person has set for the whole engine. */
export const settingsSchema = z.object({
  /** Ghosts that have been seen for so long are removed by themselves; null = only on request. */
  removeGhostsAfterMs: z.number().positive().nullable(),
  historyMaxAgeMs: z.number().positive(),
  historyMaxBytes: z.number().positive(),
  /** How long SIGTERM, a shutdown or a quit wait for running jobs at most. */
  drainBoundMs: z.number().nonnegative(),
  notifications: notificationSettingsSchema,
});
export type Settings = z.infer<typeof settingsSchema>;

/** How the engine ends: after the jobs, leaving the runners at work, or at once with their jobs. */
export const quitMannerSchema = z.enum(['finish-jobs', 'leave-running', 'stop-now']);
export type QuitManner = z.infer<typeof quitMannerSchema>;

/** What fits on this machine, computed by the engine for the wizard. */
export const planSchema = z.object({
  size: sizeSchema,
  suggestedCount: z.number(),
  /** Most that fit beside what runs now; more is allowed with a warning, never beyond `maxRunnersPerDeploy`. */
  fits: z.number(),
  /** How the sum comes about: "16 cores − 4 for you = 12; 12 ÷ 4 = 3". One line per resource. */
  sum: z.array(
    z.object({ resource: z.enum(['cores', 'memory', 'disk']), sentence: z.string(), fits: z.number() }),
  ),
  bound: z.enum(['cores', 'memory', 'disk']),
  reservedCores: z.number(),
  usedCores: z.number(),
  totalCores: z.number(),
  diskPerRunnerBytes: bytes,
  warnings: z.array(z.string()),
  /** Why nothing can be deployed; null where it can. */
  refusal: problemSchema.nullable(),
  suggestedName: z.string(),
  /** Labels that the runners get without being asked. */
  defaultLabels: z.array(z.string()),
});
export type Plan = z.infer<typeof planSchema>;
