/**
 * The contract: every procedure and event stream that any door serves. Panel, desktop and command line speak this and
 * nothing else.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { boardEventSchema } from './board.ts';
import { errorMap } from './errors.ts';
import {
  connectionSchema,
  eventSchema,
  lifecycleSchema,
  neighbourSchema,
  permissionReportSchema,
  planSchema,
  poolSchema,
  quitMannerSchema,
  repositoryChoiceSchema,
  repositorySchema,
  scalingSchema,
  settingsSchema,
  sizeSchema,
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

/** A piece of a log. A `reset` piece replaces what was shown so far (another process, another job). */
export const logChunkSchema = z.object({
  reset: z.boolean(),
  lines: z.array(z.string()),
  /** Lines left out before these because the log is longer than what was asked for. */
  skipped: z.number(),
});
export type LogChunk = z.infer<typeof logChunkSchema>;

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
    /** The listener's log, or the current (else last) job's log; the last `lines` lines, then as it grows. */
    log: base
      .input(
        runnerRef.extend({ source: z.enum(['listener', 'job']), lines: z.number().int().min(1).max(20000) }),
      )
      .output(eventIterator(logChunkSchema)),
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
    dispatch: base
      .input(
        z.object({
          repositoryId: z.string(),
          workflowId: z.number(),
          ref: z.string().nullable(),
          inputs: z.record(z.string(), z.string()),
        }),
      )
      .output(z.object({ runUrl: z.string().nullable() })),
  },
};
