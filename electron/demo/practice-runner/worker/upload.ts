/** Gives the service an artifact (docs/practice-runner.md, call 13). */
import { member, statusError } from '../common/http.ts';
import type { CallService } from '../common/service.ts';

export interface ArtifactUpload {
  name: string;
  /** Path of its archive. */
  file: string;
  sizeBytes: number;
  /** 0: as long as the service likes. */
  retentionDays: number;
  /** Whether one of the same name goes. */
  overwrite: boolean;
}

interface UploadedArtifact {
  id: string;
  /** As the service worked it out: `sha256:…`. */
  digest: string;
}

/** @throws with the service's reason when it does not take it */
export type UploadArtifact = (artifact: ArtifactUpload, signal: AbortSignal) => Promise<UploadedArtifact>;

/** Creates the upload for one job. */
export function createArtifactUpload(options: {
  jobId: string;
  runServiceUrl: string;
  call: CallService;
}): UploadArtifact {
  const { jobId, runServiceUrl, call } = options;
  const root = runServiceUrl.replace(/\/run\/?$/, '/results/artifacts');
  return async ({ name, file, sizeBytes, retentionDays, overwrite }, signal) => {
    const query = new URLSearchParams({
      name,
      retention_days: String(retentionDays),
      overwrite: String(overwrite),
    });
    const headers = { 'Content-Type': 'application/zip', 'Content-Length': String(sizeBytes) };
    const answer = await call(`${root}/${jobId}?${query}`, { method: 'POST', file, headers, signal });
    if (answer.status === 409) {
      const reason = `(409) Conflict: ${member(answer.body, 'message')}`;
      throw new Error(`Failed to CreateArtifact: Received non-retryable error: Failed request: ${reason}`);
    }
    if (answer.status !== 201) throw new Error(`Failed to CreateArtifact: ${statusError(answer.status)}`);
    return { id: member(answer.body, 'id'), digest: member(answer.body, 'digest') };
  };
}
