/**
 * Jobs that wait or run, why they wait and what would help, and the incidents that come of it. Times are epoch
 * milliseconds.
 */
import { z } from 'zod';

const time = z.number();

/** What can be done about a job that waits: one press, or a page where it is done. `title` is what the button says. */
export const repairSchema = z.discriminatedUnion('kind', [
  /** Opens the wizard with these labels filled in. */
  z.object({
    kind: z.literal('deploy'),
    title: z.string(),
    repositoryId: z.string(),
    labels: z.array(z.string()),
  }),
  /** Gives a pool, and the runners that it has, these labels as well. */
  z.object({
    kind: z.literal('add-label'),
    title: z.string(),
    poolId: z.string(),
    labels: z.array(z.string()),
  }),
  z.object({ kind: z.literal('add-runners'), title: z.string(), poolId: z.string(), count: z.number() }),
  z.object({
    kind: z.literal('raise-maximum'),
    title: z.string(),
    poolId: z.string(),
    maxRunners: z.number(),
  }),
  z.object({ kind: z.literal('resume-pool'), title: z.string(), poolId: z.string() }),
  z.object({ kind: z.literal('restart-runner'), title: z.string(), runnerId: z.string() }),
  z.object({ kind: z.literal('start-runner'), title: z.string(), runnerId: z.string() }),
  /** Stay: an end that waits for jobs is taken back. */
  z.object({ kind: z.literal('cancel-quit'), title: z.string() }),
  /** A place in the panel: `/pools/abc`. */
  z.object({ kind: z.literal('open-screen'), title: z.string(), path: z.string() }),
  /** A page of the forge, where only the forge can do it. */
  z.object({ kind: z.literal('open-page'), title: z.string(), url: z.string() }),
  /** The change of the workflow file that would help, one line of it. */
  z.object({
    kind: z.literal('patch'),
    title: z.string(),
    /** Path in the repository, and the line counted from 1; null while not known. */
    path: z.string().nullable(),
    line: z.number().nullable(),
    before: z.string(),
    after: z.string(),
    /** Where the file is edited on the forge. */
    url: z.string().nullable(),
  }),
]);
export type Repair = z.infer<typeof repairSchema>;

export const waitKindSchema = z.enum([
  /** No runner anywhere has one of its labels. */
  'label-missing',
  /** Each label is on some runner, all of them on none. */
  'labels-apart',
  'no-runner',
  'all-busy',
  'offline',
  /** A matching runner is on its way. */
  'starting',
  /** Our own ceiling, pause or good manners hold the pool back that would serve it. */
  'held',
  /** A runner fits, but its group does not serve this repository. */
  'group',
  /** Other jobs of its run come first. */
  'needs',
  /** A person has to approve it. */
  'approval',
  /** A rule of its environment holds it, such as a wait timer. */
  'protection',
  'concurrency',
  /** A fitting runner is idle on both sides, and the forge has not given it the job for long. */
  'stalled',
  /** It is given to a fitting, idle runner any moment. */
  'dispatching',
  /** It asks for a runner of the forge's own. */
  'hosted',
  /** The forge says that it has trouble. */
  'outage',
  'unknown',
]);
export type WaitKind = z.infer<typeof waitKindSchema>;

/** How a label that nobody has came to be, as far as can be told. */
export const labelMistakeSchema = z.enum([
  'case',
  'typo',
  'separator',
  /** The name of a hosted runner that was never offered: ubuntu-25.04. */
  'hosted-name',
  /** Several labels in one string: "self-hosted, gpu". */
  'joined',
  /** The name of a runner. */
  'runner-name',
]);
export type LabelMistake = z.infer<typeof labelMistakeSchema>;

/** Why jobs wait: one row for all jobs that wait for the same thing. */
export const waitSchema = z.object({
  id: z.string(),
  repositoryId: z.string(),
  kind: waitKindSchema,
  /** One sentence about one job; `labels` stand between backticks. */
  sentence: z.string(),
  /** The same as the heading of an incident, which counts: "12 jobs wait for a runner with label `gpu`". */
  title: z.string(),
  /** The labels nobody has. */
  missing: z.array(z.string()),
  /** An existing label that was probably meant. */
  nearest: z.string().nullable(),
  mistake: labelMistakeSchema.nullable(),
  /** The raw facts that it was concluded from, of each side. */
  evidence: z.array(z.object({ side: z.enum(['job', 'forge', 'here']), fact: z.string() })),
  /** What would help, the best first; empty where waiting is the answer. */
  repairs: z.array(repairSchema),
  /** Whether it goes away by itself. */
  passes: z.boolean(),
  /** Jobs that wait for it, and since when the first of them does. */
  jobs: z.number(),
  since: time,
  /** When the first of them fails because it has waited for a day; null unless that is near. */
  failsAt: time.nullable(),
});
export type Wait = z.infer<typeof waitSchema>;

/** A job that waits or runs, as the forge tells it. */
export const jobSchema = z.object({
  id: z.string(),
  repositoryId: z.string(),
  runId: z.number(),
  /** Null for a run that waits as a whole and has no job yet. */
  jobId: z.number().nullable(),
  name: z.string(),
  workflow: z.string(),
  /** Of the workflow file; null where the forge does not tell. */
  workflowPath: z.string().nullable(),
  branch: z.string().nullable(),
  event: z.string().nullable(),
  /** Login of who started the run. */
  actor: z.string().nullable(),
  labels: z.array(z.string()),
  /** `waiting`: for needs, an approval or a rule; `pending`: for its concurrency group. */
  status: z.enum(['queued', 'in_progress', 'waiting', 'pending']),
  queuedAt: time,
  startedAt: time.nullable(),
  runnerName: z.string().nullable(),
  url: z.string().nullable(),
  /** Row of `waits`; null for a job that runs. */
  waitId: z.string().nullable(),
  /** Place among the queued jobs that could take the same runner, 1 = the next; null unless it is queued. */
  position: z.number().nullable(),
  /** When it will probably start, by how long jobs of its repository took; null where that cannot be told. */
  estimate: z
    .object({
      startsAt: time,
      /** How it is known: "2 jobs are before it; they take about 4 min each." */
      basis: z.string(),
    })
    .nullable(),
});
export type Job = z.infer<typeof jobSchema>;

/** One cause of trouble from its beginning to its end, however many jobs it concerns. */
export const incidentSchema = z.object({
  id: z.string(),
  kind: z.enum(['wait', 'pool', 'runner', 'lost-job', 'forge', 'disk']),
  /** "12 jobs wait for a runner with label `gpu`" */
  title: z.string(),
  /** Why, and what is known about it. */
  sentence: z.string(),
  since: time,
  /** Null while it goes on. */
  resolvedAt: time.nullable(),
  /** How it ended, in one sentence; null while it goes on. */
  resolution: z.string().nullable(),
  /** Jobs that it concerns or concerned at most. */
  jobs: z.number(),
  repositoryId: z.string().nullable(),
  waitId: z.string().nullable(),
  poolId: z.string().nullable(),
  runnerId: z.string().nullable(),
  repairs: z.array(repairSchema),
  /** When a person was told; null when that was not (yet) done. */
  notifiedAt: time.nullable(),
  /** A person put it away. */
  dismissed: z.boolean(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** What a door shows as a notification of the desktop or the browser. */
export const notificationSchema = z.object({
  /** The incident's; a later one with the same id takes the place of the earlier. */
  id: z.string(),
  kind: z.enum(['opened', 'resolved']),
  title: z.string(),
  body: z.string(),
  /** The screen that it leads to: `/queue?wait=…`. */
  path: z.string(),
});
export type Notification = z.infer<typeof notificationSchema>;

/** When a person is told of incidents. */
export const notificationSettingsSchema = z.object({
  enabled: z.boolean(),
  /** How long something must go on before anybody is told. */
  afterMs: z.number().nonnegative(),
  /** Whether the end of an incident is told as well. */
  tellResolved: z.boolean(),
  /** Local times (HH:MM) between which nobody is told; over midnight when `to` is earlier; null = never quiet. */
  quietHours: z
    .object({ from: z.string(), to: z.string(), days: z.array(z.number().int().min(0).max(6)) })
    .nullable(),
});
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>;
