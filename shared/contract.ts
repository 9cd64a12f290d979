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
  lifecycleSchema,
  permissionReportSchema,
  planSchema,
  poolSchema,
  repositoryChoiceSchema,
  repositorySchema,
  sizeSchema,
  workflowSchema,
} from './model.ts';

const base = oc.errors(errorMap);
const nothing = z.object({});
const runnerRef = z.object({ runnerId: z.string() });

/** Everything a deploy needs; the engine checks each field again and names the one that is wrong. */
export const deployRequestSchema = z.object({
  repositoryId: z.string(),
  count: z.number(),
  name: z.string(),
  labels: z.array(z.string()),
  size: sizeSchema,
  lifecycle: lifecycleSchema,
  /** Must be true for a public repository: strangers' pull requests could run on this machine. */
  acceptPublicRisk: z.boolean(),
});
export type DeployRequest = z.infer<typeof deployRequestSchema>;

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
