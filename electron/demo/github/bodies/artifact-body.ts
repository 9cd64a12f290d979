/** Artifacts as GitHub's REST API shows them. */
import type { components } from '@octokit/openapi-types';
import type { Addresses } from '../http.ts';
import type { ArtifactRecord, RunRecord } from '../model.ts';
import type { Repository } from '../repositories.ts';
import { nodeId, timestamp } from './repository-body.ts';

/** @param run the run that made it */
export function artifactBody(
  artifact: ArtifactRecord,
  run: RunRecord,
  repository: Repository,
  nowMs: number,
  { api }: Addresses,
): components['schemas']['artifact'] {
  const url = `${api}/repos/${artifact.repository}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: nodeId('A', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.sizeBytes,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expiresAtMs <= nowMs,
    created_at: timestamp(artifact.createdAtMs),
    expires_at: timestamp(artifact.expiresAtMs),
    updated_at: timestamp(artifact.createdAtMs),
    digest: artifact.digest,
    workflow_run: {
      id: run.id,
      repository_id: repository.id,
      head_repository_id: repository.id,
      head_branch: run.branch,
      head_sha: run.headSha,
    },
  };
}
