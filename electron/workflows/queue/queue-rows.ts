/** Makes the rows of one repository's queue: its jobs, and what they wait for. Pure, but for the lookups it is given. */
import { createHash } from 'node:crypto';
import type { Job, Wait } from '../../../shared/model.ts';
import type { ForgeJob } from '../../forges/forge.ts';
import type { ParsedJob } from '../file/workflow-file.ts';
import { jobsNamed } from '../runs/job-keys.ts';
import type { WorkflowSource } from '../runs/workflow-at-commit.ts';
import { blockedJobs } from './blocked-jobs.ts';
import { diagnose } from './diagnose.ts';
import { createLabelKeys, explainLabels, type LabelKeys } from './labels.ts';
import { knownLabels } from './matching.ts';
import type { RunGates } from './run-facts.ts';
import type { RunFacts, RunsOnLine, WaitingJob, WaitReason, World } from './world.ts';

export interface RowsInput {
  repositoryId: string;
  /** As the forge tells them, those that our own runners took since shown as running. */
  jobs: readonly ForgeJob[];
  world: World;
  /** Null while it is not known. */
  file(job: ForgeJob): WorkflowSource | null;
  gates(job: ForgeJob): RunGates | null;
  editUrl(job: ForgeJob): string | null;
}

export interface QueueRows {
  /** Without position and estimate. */
  jobs: Job[];
  waits: Wait[];
  /** The reason by the id of the row of `waits`. */
  reasons: Map<string, WaitReason>;
  /** When time alone may change something; null when it cannot. */
  changesAt: number | null;
}

/** A job that waits, with its row, and what it is the same as others by. */
interface Waiter {
  row: Job;
  group: string;
  forgeJob: ForgeJob | null;
  /** Only that of one of those that are alike is ever asked for. */
  asWaiting(): WaitingJob;
}

export function queueRows(input: RowsInput): QueueRows {
  const { repositoryId, jobs, world } = input;
  const keyOf = createLabelKeys(world.labelsIgnoreCase);
  const running = jobs
    .filter(({ status }) => status === 'in_progress')
    .map((job) => rowOf(repositoryId, job));
  const waiters = [
    ...jobs.filter(({ status }) => status !== 'in_progress').map((job) => waiterOf(job, input, keyOf)),
    ...blocked(input),
  ];
  const groups = Map.groupBy(waiters, ({ group }) => group);
  const waits = new Map<string, Wait>();
  const reasons = new Map<string, WaitReason>();
  let changesAt: number | null = null;
  for (const members of groups.values()) {
    const reason = reasonOf(members, input);
    const id = waitId(repositoryId, reason);
    for (const { row } of members) row.waitId = id;
    const known = waits.get(id);
    waits.set(id, mergedWait(known, waitOf(id, repositoryId, reason, members)));
    if (!reasons.has(id)) reasons.set(id, reason);
    if (reason.changesAt !== null && reason.changesAt > world.now) {
      changesAt = Math.min(changesAt ?? reason.changesAt, reason.changesAt);
    }
  }
  for (const [id, wait] of waits) {
    const title = reasons.get(id)?.title(wait.jobs);
    if (title !== undefined) wait.title = title;
  }
  return {
    jobs: [...waiters.map(({ row }) => row), ...running],
    waits: [...waits.values()],
    reasons,
    changesAt,
  };
}

function rowOf(repositoryId: string, job: ForgeJob): Job {
  return {
    id: `${repositoryId}/${job.id}`,
    repositoryId,
    runId: job.runId,
    jobId: job.id > 0 ? job.id : null,
    name: job.name,
    workflow: job.workflow,
    workflowPath: job.workflowPath,
    branch: job.branch,
    event: job.event,
    actor: job.actor,
    labels: job.labels,
    status: job.status,
    queuedAt: job.queuedAt,
    startedAt: job.startedAt,
    runnerName: job.runnerName,
    url: job.url,
    waitId: null,
    position: null,
    estimate: null,
  };
}

function waiterOf(job: ForgeJob, input: RowsInput, keyOf: LabelKeys): Waiter {
  const status = job.status === 'in_progress' ? 'queued' : job.status;
  const isMade = job.id > 0;
  const facts = status === 'queued' ? null : runFacts(job, input);
  return {
    row: rowOf(input.repositoryId, job),
    forgeJob: job,
    group:
      status === 'queued' && isMade
        ? `queued\n${keyOf(job.labels)}`
        : [status, job.runId, isMade, facts?.environment, facts?.concurrency].join('\n'),
    asWaiting: () => ({
      ...{ name: job.name, workflow: job.workflow, workflowPath: job.workflowPath, runId: job.runId },
      ...{ isMade, status, labels: job.labels, queuedAt: job.queuedAt, url: job.url, alike: 1 },
      ...{ needs: null, run: facts, runsOn: null, editUrl: null },
    }),
  };
}

/** The job of the file that it is, where that can be told. */
function parsedJob(job: ForgeJob, source: WorkflowSource | null): ParsedJob | null {
  const [only, ...more] = source ? jobsNamed(source.workflow.jobs, job.name) : [];
  return only && more.length === 0 ? only : null;
}

function runFacts(job: ForgeJob, { file, gates, jobs }: RowsInput): RunFacts {
  const source = file(job);
  const parsed = parsedJob(job, source);
  return {
    gates: job.status === 'waiting' ? gates(job) : null,
    environment: parsed?.environment ?? null,
    concurrency: parsed?.concurrency ?? source?.workflow.concurrency ?? null,
    ahead: jobs
      .filter(
        (other) =>
          other.status === 'in_progress' && other.workflow === job.workflow && other.runId !== job.runId,
      )
      .map(({ name, url }) => ({ name, url })),
  };
}

/** Rows of jobs that the forge has not made, of runs whose file is known. */
function blocked(input: RowsInput): Waiter[] {
  const runs = Map.groupBy(
    input.jobs.filter(({ id }) => id > 0),
    ({ runId }) => runId,
  );
  return [...runs.values()].flatMap((jobs) => {
    const [first] = jobs;
    const source = first ? input.file(first) : null;
    if (!first || !source) return [];
    const names = jobs.map(({ name }) => name);
    return blockedJobs(source.workflow.jobs, names).map(({ key, name, labels, needs }): Waiter => {
      const queuedAt = Math.min(...jobs.map((job) => job.queuedAt));
      const row: Job = {
        ...rowOf(input.repositoryId, first),
        id: `${input.repositoryId}/run-${first.runId}/${key}`,
        ...{
          jobId: null,
          name,
          labels,
          status: 'waiting',
          queuedAt,
          startedAt: null,
          runnerName: null,
          url: null,
        },
      };
      const asWaiting = (): WaitingJob => ({
        ...{ name, workflow: first.workflow, workflowPath: first.workflowPath, runId: first.runId },
        ...{ isMade: false, status: 'waiting', labels, queuedAt, url: null, alike: 1 },
        ...{ needs, run: null, runsOn: null, editUrl: null },
      });
      return { row, asWaiting, forgeJob: null, group: ['needs', first.runId, ...needs].join('\n') };
    });
  });
}

/** The reason of jobs that are alike, told of the one that has waited longest. */
function reasonOf(members: readonly Waiter[], input: RowsInput): WaitReason {
  const first = members.reduce((one, other) => (other.row.queuedAt < one.row.queuedAt ? other : one));
  const { world } = input;
  const job = { ...first.asWaiting(), alike: members.length };
  const reason = diagnose(job, world);
  if (!first.forgeJob || !reason.repairs.some(({ kind }) => kind === 'patch')) return reason;
  const editUrl = input.editUrl(first.forgeJob);
  return diagnose({ ...job, editUrl, runsOn: runsOnLine(first.forgeJob, input) }, world);
}

/** The line of its workflow file that has the label which nobody has. */
function runsOnLine(job: ForgeJob, input: RowsInput): RunsOnLine | null {
  const source = input.file(job);
  const [correction] = explainLabels(job.labels, knownLabels(input.world)).corrections;
  const parsed = parsedJob(job, source);
  const word = parsed?.words.find(({ text }) => text.trim() === correction?.label.trim());
  const text = word && source ? source.text.split(/\r?\n/)[word.line - 1] : undefined;
  if (!word || text === undefined || job.workflowPath === null) return null;
  return { path: job.workflowPath, line: word.line, text };
}

/** Jobs that wait for the same thing share it: the same kind and cause in the same repository, however it is worded. */
function waitId(repositoryId: string, { kind, key }: WaitReason): string {
  return `${repositoryId}/${kind}/${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

function waitOf(id: string, repositoryId: string, reason: WaitReason, members: readonly Waiter[]): Wait {
  const { kind, sentence, missing, nearest, mistake, evidence, repairs, passes, failsAt } = reason;
  return {
    ...{ id, repositoryId, kind, sentence, title: reason.title(members.length) },
    ...{ missing, nearest, mistake, evidence, repairs, passes, failsAt },
    jobs: members.length,
    since: Math.min(...members.map(({ row }) => row.queuedAt)),
  };
}

/** Of two groups of jobs with the same cause, the words are those of the one that has waited longer. */
function mergedWait(known: Wait | undefined, wait: Wait): Wait {
  if (!known) return wait;
  const elder = wait.since < known.since ? wait : known;
  return { ...elder, jobs: known.jobs + wait.jobs, since: Math.min(known.since, wait.since) };
}
