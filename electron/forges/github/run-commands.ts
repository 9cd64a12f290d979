/** What a person does to a run: cancelling it, running it again, letting it through. */
import { TracksideError } from '../../../shared/errors.ts';
import { answerOf, wordsOf } from './answers.ts';
import type { GitHubHttp, RequestOptions } from './http.ts';
import { actionsWrite, repositoryCall } from './repository-call.ts';
import { pendingDeployments } from './run-reader.ts';

/**
 * Ends a run. One that has jobs which do not answer goes on until `force`.
 * @throws TracksideError CONFLICT when it has ended
 */
export async function cancelRun(
  http: GitHubHttp,
  repository: string,
  runId: number,
  force: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const subject = `Run ${runId} of`;
  const { owner, repo, call } = repositoryCall(repository, `cancel run ${runId} of`, actionsWrite, {
    subject,
    signal,
  });
  const { actions } = http.octokit.rest;
  await http.run(call, (request): Promise<unknown> => {
    const which = { owner, repo, run_id: runId, request };
    return force ? actions.forceCancelWorkflowRun(which) : actions.cancelWorkflowRun(which);
  });
}

/** Runs it again as a new attempt. @throws TracksideError CONFLICT while it goes on, or when it is too old */
export async function rerunRun(
  http: GitHubHttp,
  repository: string,
  runId: number,
  which: 'all' | 'failed',
  signal?: AbortSignal,
): Promise<void> {
  const { actions } = http.octokit.rest;
  await runAgain(http, repository, `run ${runId}`, signal, ({ owner, repo, request }) => {
    const run = { owner, repo, run_id: runId, request };
    return which === 'all' ? actions.reRunWorkflow(run) : actions.reRunWorkflowFailedJobs(run);
  });
}

/** Runs a finished job again. @throws TracksideError CONFLICT while its run goes on, or when it is too old */
export async function rerunJob(
  http: GitHubHttp,
  repository: string,
  jobId: number,
  signal?: AbortSignal,
): Promise<void> {
  const { actions } = http.octokit.rest;
  await runAgain(http, repository, `job ${jobId}`, signal, ({ owner, repo, request }) =>
    actions.reRunJobForWorkflowRun({ owner, repo, job_id: jobId, request }),
  );
}

/** What GitHub says with 403, its code for a missing right as well, when a run as it is cannot be repeated. */
const notNow = /already running|unable to (retry|re-?run)|cannot be (retried|re-?run)/i;

async function runAgain(
  http: GitHubHttp,
  repository: string,
  what: string,
  signal: AbortSignal | undefined,
  send: (sent: { owner: string; repo: string; request: RequestOptions }) => Promise<unknown>,
): Promise<void> {
  const name = what.charAt(0).toUpperCase() + what.slice(1);
  const { owner, repo, fullName, call } = repositoryCall(repository, `repeat ${what} of`, actionsWrite, {
    subject: `${name} of`,
    signal,
    once: true,
  });
  await http.run(call, (request) =>
    send({ owner, repo, request }).catch((error: unknown) => {
      const answer = answerOf(error);
      const words = answer?.status === 403 ? wordsOf(answer) : '';
      if (!notNow.test(words)) throw error;
      throw new TracksideError('CONFLICT', `${name} of ${fullName} cannot be run again now: ${words}`, {
        remedy: 'Run it again on the forge when its run has ended.',
      });
    }),
  );
}

/**
 * Approves or refuses what an environment of the run waits for, once.
 * @throws TracksideError CONFLICT when nothing of that environment waits (any more), PERMISSION_MISSING when others may
 * approve it only
 */
export async function reviewRun(
  http: GitHubHttp,
  repository: string,
  runId: number,
  review: { environment: string; approve: boolean; comment: string },
  signal?: AbortSignal,
): Promise<void> {
  const { environment, approve, comment } = review;
  const { owner, repo, fullName, call } = repositoryCall(
    repository,
    `review deployments to ${environment} of`,
    // Not Actions: "Deployments" is what GitHub asks for to review them.
    { name: 'deployments', level: 'write' },
    { subject: `Run ${runId} of`, signal, once: true },
  );
  const pending = await pendingDeployments({ http, repository, runId }, signal);
  const found = pending.find(({ environment: { name } }) => name === environment);
  const id = found?.environment.id;
  if (!found || id === undefined) {
    throw new TracksideError(
      'CONFLICT',
      `Nothing of run ${runId} of ${fullName} waits for the environment ${environment} any more.`,
    );
  }
  if (!found.current_user_can_approve) {
    throw new TracksideError(
      'PERMISSION_MISSING',
      `The owner of this token is no reviewer of the environment ${environment} of ${fullName}.`,
      { remedy: 'Ask one of its reviewers, or be added to them in the settings of the environment.' },
    );
  }
  await http.run(call, (request) =>
    http.octokit.rest.actions.reviewPendingDeploymentsForRun({
      owner,
      repo,
      run_id: runId,
      environment_ids: [Number(id)],
      state: approve ? 'approved' : 'rejected',
      comment,
      request,
    }),
  );
}
