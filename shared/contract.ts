/**
 * The contract: every procedure and event stream that any door serves. Panel, desktop and command line speak this and
 * nothing else.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { boardEventSchema } from './board.ts';
import { errorMap } from './errors.ts';
import {
  checkedWorkflowSchema,
  connectionSchema,
  eventSchema,
  lifecycleSchema,
  logSearchSchema,
  logSourceSchema,
  logStateSchema,
  neighbourSchema,
  notificationSchema,
  permissionReportSchema,
  planSchema,
  poolSchema,
  quitMannerSchema,
  repositoryChoiceSchema,
  repositorySchema,
  runDetailSchema,
  runQuerySchema,
  runSchema,
  savedArtifactSchema,
  scalingSchema,
  settingsSchema,
  sizeSchema,
  workflowDraftRequestSchema,
  workflowDraftSchema,
  workflowSchema,
} from './model.ts';

const base = oc.errors(errorMap);
const nothing = z.object({});
const runnerRef = z.object({ runnerId: z.string() });

/** Everything a deploy needs; the engine checks each field again and names the one that is wrong. */
export const deployRequestSchema = z.object({
  repositoryId: z.string(),
  /** Runners to start now; a pool that manages itself may begin with none. */
  count: z.number(),
  name: z.string(),
  labels: z.array(z.string()),
  size: sizeSchema,
  lifecycle: lifecycleSchema,
  scaling: scalingSchema,
  neighbour: neighbourSchema,
  rerunLost: z.boolean(),
  /** Must be true for a public repository: strangers' pull requests could run on this machine. */
  acceptPublicRisk: z.boolean(),
});
export type DeployRequest = z.infer<typeof deployRequestSchema>;

/** What can be changed of a pool that exists. Absent fields stay as they are, so none of them may have a default. */
export const poolChangeSchema = z
  .object({
    size: sizeSchema,
    lifecycle: lifecycleSchema,
    scaling: scalingSchema,
    neighbour: neighbourSchema,
    rerunLost: z.boolean(),
    paused: z.boolean(),
    /** Custom labels; the runners it has get them as well. */
    labels: z.array(z.string()),
  })
  .partial();
export type PoolChange = z.infer<typeof poolChangeSchema>;

/** What an import would do (or did) with one pool of the file. */
export const importedPoolSchema = z.object({
  name: z.string(),
  repository: z.string(),
  action: z.enum(['create', 'change', 'same', 'refuse']),
  /** What changes, or why it is refused. */
  detail: z.string(),
});
export type ImportedPool = z.infer<typeof importedPoolSchema>;

export const historyQuerySchema = z.object({
  runnerId: z.string().nullable(),
  poolId: z.string().nullable(),
  repositoryId: z.string().nullable(),
  kinds: z.array(eventSchema.shape.kind),
  /** Words that the subject or the cause contains, ignoring case; '' = any. */
  search: z.string(),
  /** Only events older than this one, by its id; null = from the latest. */
  before: z.string().nullable(),
  limit: z.number().int().min(1).max(500),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

/** A token and where it is meant for. `apiUrl` null = github.com. */
export const credentialsSchema = z.object({
  token: z.string(),
  apiUrl: z.string().nullable(),
  /** owner/name to check rights on; null = only the token itself. */
  repository: z.string().nullable(),
});

const runRef = z.object({ repositoryId: z.string(), runId: z.number() });

export const contract = {
  board: {
    /** A snapshot, then changes with consecutive sequence numbers. */
    watch: base.output(eventIterator(boardEventSchema)),
  },
  connections: {
    /** Checks a token without keeping it: yields the report again each time another check has ended. */
    check: base.input(credentialsSchema).output(eventIterator(permissionReportSchema)),
    /** Keeps the token in the safest store there is and connects; the token is never given back. */
    add: base.input(credentialsSchema).output(connectionSchema),
    /** Whether `gh auth token` answers here; never the token itself. */
    githubCli: base.output(
      z.object({ available: z.boolean(), host: z.string().nullable(), login: z.string().nullable() }),
    ),
    /** Checks and connects with the GitHub CLI's own login. */
    addGithubCli: base.input(z.object({ repository: z.string().nullable() })).output(connectionSchema),
    /** Starts the demo GitHub and connects to it and its sample repository. */
    addDemo: base
      .input(nothing)
      .output(z.object({ connection: connectionSchema, repository: repositorySchema })),
    /** Where to create a token with the needed permissions filled in, as far as the forge supports it. */
    tokenPage: base
      .input(z.object({ apiUrl: z.string().nullable(), repository: z.string().nullable() }))
      .output(z.object({ url: z.string(), prefilled: z.array(z.string()), byHand: z.array(z.string()) })),
    /** Forgets the token. Refused while runners of this connection exist. */
    remove: base.input(z.object({ connectionId: z.string() })).output(nothing),
  },
  repositories: {
    /** Repositories the token can see, those with admin rights first. */
    choices: base
      .input(z.object({ connectionId: z.string(), search: z.string() }))
      .output(z.array(repositoryChoiceSchema)),
    connect: base
      .input(z.object({ connectionId: z.string(), fullName: z.string() }))
      .output(repositorySchema),
    /** Refused while runners of it exist. */
    disconnect: base.input(z.object({ repositoryId: z.string() })).output(nothing),
    /** Looks at the forge now instead of at the next poll. */
    refresh: base.input(z.object({ repositoryId: z.string() })).output(nothing),
  },
  pools: {
    plan: base.input(z.object({ repositoryId: z.string(), size: sizeSchema.nullable() })).output(planSchema),
    /** Starts a deploy; its progress is on the board. */
    deploy: base
      .input(deployRequestSchema)
      .output(z.object({ pool: poolSchema, runnerIds: z.array(z.string()) })),
    /** Cancels what is still being deployed in this pool and leaves nothing of it behind. */
    cancelDeploy: base.input(z.object({ poolId: z.string() })).output(nothing),
    /** Changes a pool; what its runners are now follows. */
    update: base.input(z.object({ poolId: z.string(), change: poolChangeSchema })).output(poolSchema),
    /** Starts this many more runners of the pool now, within its maximum. */
    add: base
      .input(z.object({ poolId: z.string(), count: z.number() }))
      .output(z.object({ runnerIds: z.array(z.string()) })),
    /** Removes the pool with its runners; with `drain`, each after its job's end. */
    remove: base.input(z.object({ poolId: z.string(), how: z.enum(['drain', 'now']) })).output(nothing),
    /** Pools as YAML that `import` reads; all of them without ids. No secret is in it. */
    export: base
      .input(z.object({ poolIds: z.array(z.string()).nullable() }))
      .output(z.object({ yaml: z.string() })),
    /** Creates and changes pools from YAML; with `dryRun` only tells what it would do. Removes nothing. */
    import: base
      .input(z.object({ yaml: z.string(), dryRun: z.boolean(), acceptPublicRisk: z.boolean() }))
      .output(z.object({ pools: z.array(importedPoolSchema) })),
  },
  runners: {
    /** Deploys a failed runner again. */
    retry: base.input(runnerRef).output(nothing),
    /** Cancels one runner's deploy and leaves nothing of it behind. */
    cancelDeploy: base.input(runnerRef).output(nothing),
    start: base.input(runnerRef).output(nothing),
    /** `drain` waits for the job's end; `now` cancels the job, and is only ever a person's explicit choice. */
    stop: base.input(runnerRef.extend({ how: z.enum(['drain', 'now']) })).output(nothing),
    /** Takes a waiting stop back. */
    keep: base.input(runnerRef).output(nothing),
    /** Puts the idle deadline off: it stays at least this long from now. */
    keepFor: base
      .input(
        runnerRef.extend({
          durationMs: z
            .number()
            .positive()
            .max(7 * 24 * 3_600_000),
        }),
      )
      .output(nothing),
    /** Runs its health checks now. */
    check: base.input(runnerRef).output(nothing),
    restart: base.input(runnerRef).output(nothing),
    /** Stops, deregisters, deletes the folder. With `drain`, after the job's end. */
    remove: base.input(runnerRef.extend({ how: z.enum(['drain', 'now']) })).output(nothing),
  },
  leftovers: {
    /** Removes one leftover; refused unless it is provably ours. */
    cleanUp: base.input(z.object({ leftoverId: z.string() })).output(nothing),
  },
  ghosts: {
    /** Looks for ghosts now: a dry run, nothing is removed. */
    scan: base.input(nothing).output(nothing),
    /** Removes those named, each proven to be ours once more. */
    remove: base.input(z.object({ ghostIds: z.array(z.string()) })).output(z.object({ removed: z.number() })),
  },
  notices: {
    dismiss: base.input(z.object({ noticeId: z.string() })).output(nothing),
  },
  history: {
    /** Events, the latest first. `more`: older ones fit as well. */
    query: base
      .input(historyQuerySchema)
      .output(z.object({ events: z.array(eventSchema), more: z.boolean() })),
  },
  settings: {
    change: base.input(settingsSchema.partial()).output(settingsSchema),
  },
  engine: {
    /** Ends the engine in the manner asked for; answers at once, the board tells how it goes. */
    quit: base.input(z.object({ how: quitMannerSchema })).output(nothing),
    /** Takes a quit that waits for jobs back. */
    cancelQuit: base.input(nothing).output(nothing),
  },
  workflows: {
    list: base.input(z.object({ repositoryId: z.string() })).output(z.array(workflowSchema)),
    /** Starts a workflow; the id of the run that it started, found by looking where the forge does not tell it. */
    dispatch: base
      .input(
        z.object({
          repositoryId: z.string(),
          workflowId: z.number(),
          ref: z.string().nullable(),
          inputs: z.record(z.string(), z.string()),
        }),
      )
      .output(z.object({ runId: z.number().nullable(), runUrl: z.string().nullable() })),
    setEnabled: base
      .input(z.object({ repositoryId: z.string(), workflowId: z.number(), enabled: z.boolean() }))
      .output(nothing),
    /** Branches and tags to start a workflow on. */
    refs: base
      .input(z.object({ repositoryId: z.string() }))
      .output(z.object({ branches: z.array(z.string()), tags: z.array(z.string()) })),
    /** Names of the repository's environments. */
    environments: base.input(z.object({ repositoryId: z.string() })).output(z.array(z.string())),
    /** Who would take each job of the workflow files: those on the default branch, or in a folder of this machine. */
    check: base
      .input(z.object({ repositoryId: z.string(), folder: z.string().nullable() }))
      .output(z.array(checkedWorkflowSchema)),
    /** Writes a workflow for labels that exist. */
    draft: base.input(workflowDraftRequestSchema).output(workflowDraftSchema),
  },
  runs: {
    list: base
      .input(runQuerySchema)
      .output(z.object({ runs: z.array(runSchema), total: z.number(), more: z.boolean() })),
    /** One run, whole each time that something about it has changed; ends when nothing can change any more. */
    watch: base.input(runRef).output(eventIterator(runDetailSchema)),
    cancel: base.input(runRef.extend({ force: z.boolean() })).output(nothing),
    /** `jobId` only with `job`. */
    rerun: base
      .input(runRef.extend({ which: z.enum(['all', 'failed', 'job']), jobId: z.number().nullable() }))
      .output(nothing),
    /** Approves or refuses what an environment of it waits for. */
    review: base
      .input(runRef.extend({ environment: z.string(), approve: z.boolean(), comment: z.string() }))
      .output(nothing),
    /** Fetches an artifact, compares its digest, and looks into it; nothing is unpacked. */
    saveArtifact: base
      .input(runRef.extend({ artifactId: z.number() }))
      .output(eventIterator(savedArtifactSchema)),
  },
  logs: {
    /** How much of a log there is, again each time that there is more; at most ten times a second. */
    follow: base
      .input(z.object({ source: logSourceSchema, tail: z.number().int().min(0).max(2000) }))
      .output(eventIterator(logStateSchema)),
    /** Lines of a log that is followed, from 0. */
    lines: base
      .input(
        z.object({
          logId: z.string(),
          from: z.number().int().min(0),
          count: z.number().int().min(1).max(5000),
        }),
      )
      .output(z.object({ from: z.number(), lines: z.array(z.string()) })),
    /** All places of these words in a log that is followed, ignoring case, as they are found; at most 10,000. */
    search: base
      .input(
        z.object({
          logId: z.string(),
          query: z.string().min(1).max(1000),
          /** The line to begin with; absent = the first. */
          from: z.number().int().min(0).optional(),
        }),
      )
      .output(eventIterator(logSearchSchema)),
  },
  incidents: {
    dismiss: base.input(z.object({ incidentId: z.string() })).output(nothing),
  },
  notifications: {
    /** What a person is to be told, as it comes; each is told to one door only. */
    watch: base.output(eventIterator(notificationSchema)),
  },
};
