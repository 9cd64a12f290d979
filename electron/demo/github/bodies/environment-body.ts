/** Environments and what they hold as GitHub's REST API shows them. */
import type { components } from '@octokit/openapi-types';
import type { Addresses } from '../http.ts';
import type { EnvironmentRecord, RunRecord } from '../model.ts';
import { nodeId, timestamp, userBody } from './repository-body.ts';
import type { Cast } from './run-body.ts';

type EnvironmentBody = components['schemas']['environment'];
type PendingDeployment = components['schemas']['pending-deployment'];
type Deployment = components['schemas']['deployment'];

/** The account of a login; the repository's owner stands in for one that is gone. */
export function castMember(cast: Cast, login: string, addresses: Addresses) {
  return userBody(cast.account(login) ?? cast.owner, addresses);
}

function addressesOf({ name }: EnvironmentRecord, { repository }: Cast, { api, html }: Addresses) {
  const encoded = encodeURIComponent(name);
  return {
    url: `${api}/repos/${repository.fullName}/environments/${encoded}`,
    html_url: `${html}/${repository.fullName}/deployments/activity_log?environments_filter=${encoded}`,
  };
}

function reviewersOf(environment: EnvironmentRecord, cast: Cast, addresses: Addresses) {
  return environment.reviewers.map((login) => ({
    type: 'User' as const,
    reviewer: castMember(cast, login, addresses),
  }));
}

/** An environment with its rules. */
export function environmentBody(
  environment: EnvironmentRecord,
  cast: Cast,
  addresses: Addresses,
): EnvironmentBody {
  const { id, name, waitTimerMinutes, reviewers, preventSelfReview } = environment;
  const timer = { id: id * 10 + 1, node_id: nodeId('GA', id * 10 + 1), type: 'wait_timer' };
  const review = { id: id * 10 + 2, node_id: nodeId('GA', id * 10 + 2), type: 'required_reviewers' };
  return {
    id,
    node_id: nodeId('EN', id),
    name,
    ...addressesOf(environment, cast, addresses),
    created_at: timestamp(environment.createdAtMs),
    updated_at: timestamp(environment.updatedAtMs),
    protection_rules: [
      ...(waitTimerMinutes > 0 ? [{ ...timer, wait_timer: waitTimerMinutes }] : []),
      ...(reviewers.length > 0
        ? [
            {
              ...review,
              prevent_self_review: preventSelfReview,
              reviewers: reviewersOf(environment, cast, addresses),
            },
          ]
        : []),
    ],
    deployment_branch_policy: null,
  };
}

/** What an environment holds of a run. */
export function pendingDeploymentBody(
  environment: EnvironmentRecord,
  { sinceMs, canApprove }: { sinceMs: number; canApprove: boolean },
  cast: Cast,
  addresses: Addresses,
): PendingDeployment {
  const { id, name, waitTimerMinutes } = environment;
  return {
    environment: { id, node_id: nodeId('EN', id), name, ...addressesOf(environment, cast, addresses) },
    wait_timer: waitTimerMinutes,
    wait_timer_started_at: waitTimerMinutes > 0 ? timestamp(sinceMs) : null,
    current_user_can_approve: canApprove,
    reviewers: reviewersOf(environment, cast, addresses),
  };
}

/** The deployment that a review is about. */
export function deploymentBody(
  { name }: EnvironmentRecord,
  run: RunRecord,
  { id, by, atMs }: { id: number; by: string; atMs: number },
  cast: Cast,
  addresses: Addresses,
): Deployment {
  const root = `${addresses.api}/repos/${run.repository}`;
  return {
    url: `${root}/deployments/${id}`,
    id,
    node_id: nodeId('DE', id),
    sha: run.headSha,
    ref: run.branch,
    task: 'deploy',
    payload: {},
    original_environment: name,
    environment: name,
    description: null,
    creator: castMember(cast, by, addresses),
    created_at: timestamp(atMs),
    updated_at: timestamp(atMs),
    statuses_url: `${root}/deployments/${id}/statuses`,
    repository_url: root,
  };
}
