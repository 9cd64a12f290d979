/** What is kept on disk of each runner, so that a new engine knows what the dead one was doing. */
import { z } from 'zod';
import { type DeployStep, deployStepIds, type Runner, runnerSchema } from '../../shared/model.ts';

/** How a runner's files came into its folder. */
export const cloneSchema = z.object({
  strategy: z.enum(['reflink', 'overlay', 'linked', 'copy']),
  /** The runner root: where config.sh and bin/ lie. */
  root: z.string(),
  detail: z.string(),
});

export const runnerRecordSchema = z.object({
  id: z.string(),
  runner: runnerSchema,
  /** The labels asked for, without those the forge gives by itself. */
  customLabels: z.array(z.string()),
  clone: cloneSchema.nullable(),
  /** The extracted package it was cloned from; kept while a clone reads from it. */
  treeFolder: z.string().nullable(),
  /** The listener's process as it was started; compared with the process table before it is believed. */
  process: z.object({ pid: z.number(), startToken: z.string() }).nullable(),
  /**
   * `none`: the forge knows nothing of it. `maybe`: a registration under this name was begun, and no other runner had
   * the name before. `yes`: registered with `runner.forgeRunnerId`.
   */
  registration: z.enum(['none', 'maybe', 'yes']),
  /** What a person last asked for: a restarted engine brings the runner back to it. */
  wanted: z.enum(['running', 'stopped', 'removed']),
  /** One job, registered with a JIT configuration; it is never started a second time. */
  ephemeral: z.boolean().default(false),
  /** Stopped by the engine (a pause, a quit) although it is wanted: started again when the reason is gone. */
  held: z.boolean().default(false),
  /** Restarts in a row after failures, and how many of them were fresh deploys; reset after a time of health. */
  restarts: z
    .object({
      count: z.number(),
      redeploys: z.number().default(0),
      at: z.number().nullable(),
      reason: z.string().nullable(),
    })
    .default({ count: 0, redeploys: 0, at: null, reason: null }),
});
export type RunnerRecord = z.infer<typeof runnerRecordSchema>;

/** The seven steps, all still waiting. */
export function freshSteps(): DeployStep[] {
  return deployStepIds.map((id) => ({
    id,
    status: 'waiting',
    progress: null,
    detail: null,
    startedAt: null,
    endedAt: null,
  }));
}

/** The record of a runner that was just asked for. */
export function newRunnerRecord(options: {
  id: string;
  poolId: string;
  repositoryId: string;
  name: string;
  defaultLabels: string[];
  customLabels: string[];
  ephemeral: boolean;
  cause: string;
  now: number;
}): RunnerRecord {
  const { id, poolId, repositoryId, name, customLabels, now } = options;
  const runner: Runner = {
    id,
    poolId,
    repositoryId,
    name,
    labels: [...options.defaultLabels, ...customLabels],
    state: 'deploying',
    stateSince: now,
    cause: options.cause,
    steps: freshSteps(),
    failure: null,
    draining: false,
    job: null,
    version: null,
    forgeRunnerId: null,
    forgeStatus: 'unknown',
    pid: null,
    startedAt: null,
    stopsAt: null,
    keptUntil: null,
    retryAt: null,
    updating: false,
    versionDeadline: null,
    createdAt: now,
  };
  return {
    id,
    runner,
    customLabels,
    clone: null,
    treeFolder: null,
    process: null,
    registration: 'none',
    wanted: 'running',
    ephemeral: options.ephemeral,
    held: false,
    restarts: { count: 0, redeploys: 0, at: null, reason: null },
  };
}
