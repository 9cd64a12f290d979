/** The contexts that expressions of a run can name. */
import type { Addresses } from '../http.ts';
import type { JobRecord, PlannedJob, RunRecord } from '../model.ts';
import type { Contexts } from './expressions.ts';

/** The plan of a job. */
export function planOf(run: RunRecord, job: JobRecord): PlannedJob {
  const plan = run.plan[job.planIndex];
  if (!plan) throw new Error(`Run ${run.id} has no planned job ${job.planIndex}.`);
  return plan;
}

/** The attempt that a run is in, or was in last. */
export function lastAttempt(run: RunRecord): RunRecord['attempts'][number] {
  const attempt = run.attempts.at(-1);
  if (!attempt) throw new Error(`Run ${run.id} has no attempt.`);
  return attempt;
}

/** `refs/heads/main` or `refs/tags/v1` */
export function refOf({ branch, refType }: Pick<RunRecord, 'branch' | 'refType'>): string {
  return `refs/${refType === 'tag' ? 'tags' : 'heads'}/${branch}`;
}

/** `github` without what only a runner knows. */
export function githubContext(
  run: Pick<
    RunRecord,
    | 'id'
    | 'number'
    | 'repository'
    | 'workflowName'
    | 'workflowPath'
    | 'event'
    | 'branch'
    | 'refType'
    | 'headSha'
    | 'actor'
    | 'inputs'
  >,
  attempt: number,
): Contexts {
  const ref = refOf(run);
  return {
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(attempt),
    repository: run.repository,
    repository_owner: run.repository.split('/')[0],
    workflow: run.workflowName,
    workflow_ref: `${run.repository}/${run.workflowPath}@${ref}`,
    event_name: run.event,
    ref,
    ref_name: run.branch,
    ref_type: run.refType,
    sha: run.headSha,
    actor: run.actor,
    triggering_actor: run.actor,
    event: { inputs: run.inputs, ref },
  };
}

/** The `GITHUB_…` variables of a job, as far as the service knows them. */
export function githubEnvironment(
  run: RunRecord,
  job: JobRecord,
  addresses: Addresses,
  repositoryId: number,
): Record<string, string> {
  const context = githubContext(run, job.attempt);
  const names = [
    'run_id',
    'run_number',
    'run_attempt',
    'repository',
    'repository_owner',
    'workflow',
    'workflow_ref',
  ];
  const more = ['event_name', 'ref', 'ref_name', 'ref_type', 'sha', 'actor', 'triggering_actor'];
  const simple = [...names, ...more].map((name) => [`GITHUB_${name.toUpperCase()}`, String(context[name])]);
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ...Object.fromEntries(simple),
    GITHUB_REPOSITORY_ID: String(repositoryId),
    GITHUB_JOB: planOf(run, job).key,
    GITHUB_HEAD_REF: '',
    GITHUB_BASE_REF: '',
    GITHUB_SERVER_URL: addresses.html,
    GITHUB_API_URL: `${addresses.html}/api/v3`,
    GITHUB_GRAPHQL_URL: `${addresses.html}/api/graphql`,
  };
}
