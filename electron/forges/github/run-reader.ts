/**
 * Reads one run again and again. What did not change is answered with "unchanged", which GitHub does not charge; what
 * cannot have changed is not asked for.
 */
import { isDeepStrictEqual } from 'node:util';
import type { components } from '@octokit/openapi-types';
import { TracksideError } from '../../../shared/errors.ts';
import type { Artifact, RunDetail } from '../../../shared/model.ts';
import type { RequestMeter, RunReader, RunSight } from '../forge.ts';
import { everyPage, type GitHubHttp } from './http.ts';
import { actionsRead, repositoryCall } from './repository-call.ts';
import { artifactRow, forgeRun, runJob } from './rows.ts';
import { type Job, jobsOfRun, type Run } from './runs.ts';

type PendingDeployment = components['schemas']['pending-deployment'];
type Gate = RunDetail['gates'][number];

interface Settings {
  http: GitHubHttp;
  repository: string;
  runId: number;
  meter?: RequestMeter;
}

interface Reading {
  run: Run;
  jobs: Job[];
  artifacts: Artifact[];
  gates: Gate[];
}

export function createRunReader(settings: Settings): RunReader {
  let last: Reading | null = null;
  let told: Omit<RunSight, 'isNews'> | null = null;

  /** A job's steps change without their run; once the run has ended, nothing changes but with it. */
  const read = async (signal?: AbortSignal): Promise<Reading> => {
    const run = await readRun(settings, signal);
    const isSameRun = last !== null && last.run === run;
    if (last && isSameRun && hasEnded(last)) return last;
    const jobs = await jobsOfRun(settings.http, settings.repository, settings.runId, {
      signal,
      meter: settings.meter,
    });
    const mayHaveMore = !last || !isSameRun || endedOf(jobs) !== endedOf(last.jobs);
    const isHeld = run.status === 'waiting' || jobs.some(({ status }) => status === 'waiting');
    const [artifacts, gates] = await Promise.all([
      last && !mayHaveMore ? last.artifacts : readArtifacts(settings, signal),
      isHeld ? readGates(settings, signal) : [],
    ]);
    return { run, jobs, artifacts, gates };
  };

  return {
    async look(signal) {
      const reading = await read(signal);
      last = reading;
      const sight = {
        run: forgeRun(reading.run),
        jobs: reading.jobs.map(runJob),
        artifacts: reading.artifacts,
        gates: reading.gates,
      };
      const isNews = !isDeepStrictEqual(sight, told);
      told = sight;
      return { ...sight, isNews };
    },
  };
}

const endedOf = (jobs: readonly Job[]): number => jobs.filter(({ status }) => status === 'completed').length;

const hasEnded = ({ run, jobs }: Reading): boolean =>
  run.status === 'completed' && endedOf(jobs) === jobs.length;

function callOf({ repository, runId, meter }: Settings, what: string, signal?: AbortSignal) {
  const subject = `Run ${runId} of`;
  return repositoryCall(repository, `read ${what} of`, actionsRead, { subject, signal, meter });
}

async function readRun(settings: Settings, signal?: AbortSignal): Promise<Run> {
  const { http, runId: run_id } = settings;
  const { owner, repo, call } = callOf(settings, 'a run', signal);
  const { data } = await http.run(call, (request) =>
    http.octokit.rest.actions.getWorkflowRun({ owner, repo, run_id, exclude_pull_requests: true, request }),
  );
  return data;
}

async function readArtifacts(settings: Settings, signal?: AbortSignal): Promise<Artifact[]> {
  const { http, runId: run_id } = settings;
  const { owner, repo, call } = callOf(settings, 'the artifacts', signal);
  const listed = await http.run(call, (request) =>
    everyPage(
      (page) =>
        http.octokit.rest.actions.listWorkflowRunArtifacts({
          owner,
          repo,
          run_id,
          per_page: 100,
          page,
          request,
        }),
      ({ data }) => data.artifacts,
    ),
  );
  return listed.map(artifactRow);
}

/** Empty where the token may not see what the run waits for: the rest of the run is shown all the same. */
async function readGates(settings: Settings, signal?: AbortSignal): Promise<Gate[]> {
  try {
    return (await pendingDeployments(settings, signal)).map(gateOf);
  } catch (error) {
    const hidden = error instanceof TracksideError && ['UNKNOWN', 'PERMISSION_MISSING'].includes(error.code);
    if (hidden) return [];
    throw error;
  }
}

/** What environments of the run wait for. */
export async function pendingDeployments(
  settings: Settings,
  signal?: AbortSignal,
): Promise<PendingDeployment[]> {
  const { http, runId: run_id } = settings;
  const { owner, repo, call } = callOf(settings, 'the pending deployments', signal);
  const { data } = await http.run(call, (request) =>
    http.octokit.rest.actions.getPendingDeploymentsForRun({ owner, repo, run_id, request }),
  );
  return data;
}

function gateOf(pending: PendingDeployment): Gate {
  const startedAt = Date.parse(pending.wait_timer_started_at ?? '');
  const hasTimer = pending.wait_timer > 0 && !Number.isNaN(startedAt);
  return {
    environment: pending.environment.name ?? '',
    reviewers: pending.reviewers.flatMap(({ reviewer }) => {
      if (!reviewer) return [];
      return 'login' in reviewer ? [reviewer.login] : [reviewer.name];
    }),
    canApprove: pending.current_user_can_approve,
    waitsUntil: hasTimer ? startedAt + pending.wait_timer * 60_000 : null,
  };
}
