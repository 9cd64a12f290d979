/** Takes the artifacts of jobs (docs/practice-runner.md, call 13). */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DemoContext, DemoRouter, Request } from '../context.ts';
import { ApiError, type Reply } from '../http.ts';
import type { ArtifactRecord, JobRecord, RunRecord } from '../model.ts';
import { heldJob } from './access.ts';

const dayMs = 86_400_000;
/** GitHub's default, and the most that it keeps them. */
const longestRetentionDays = 90;

function retentionMs(request: Request): number {
  const days = Number(request.query.get('retention_days'));
  const isGiven = Number.isInteger(days) && days > 0;
  return (isGiven ? Math.min(days, longestRetentionDays) : longestRetentionDays) * dayMs;
}

/** Writes the body to a file. @returns its size and digest */
async function receive(request: Request, path: string): Promise<{ sizeBytes: number; digest: string }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(request.stream, count, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { sizeBytes, digest: `sha256:${hash.digest('hex')}` };
}

/** What has the name already: it goes when it may be overwritten, or was left by an earlier attempt of the run. */
function makeRoom({ store }: DemoContext, run: RunRecord, job: JobRecord, request: Request, name: string) {
  const namesake = store.data.artifacts.find(
    (artifact) => artifact.runId === run.id && artifact.name === name,
  );
  if (!namesake) return;
  if (namesake.attempt === job.attempt && request.query.get('overwrite') !== 'true') {
    throw new ApiError(409, 'an artifact with this name already exists on the workflow run');
  }
  store.removeArtifact(namesake);
}

async function upload(context: DemoContext, request: Request): Promise<Reply> {
  const { store, clock } = context;
  const job = heldJob(context, request, request.params.jobId);
  const run = store.run(job.runId);
  const name = request.query.get('name') ?? '';
  if (!run || name === '') throw new ApiError(400, 'An artifact needs a name.');
  makeRoom(context, run, job, request, name);
  const id = store.nextId('artifact');
  const file = `artifacts/${id}.zip`;
  const received = await receive(request, store.folder.path(file));
  const now = clock.now();
  const artifact: ArtifactRecord = {
    ...{ id, runId: run.id, attempt: job.attempt, repository: run.repository, name, file },
    ...received,
    createdAtMs: now,
    expiresAtMs: now + retentionMs(request),
  };
  store.data.artifacts.push(artifact);
  store.changed();
  return { status: 201, body: { id, size: artifact.sizeBytes, digest: artifact.digest } };
}

/** Adds call 13. */
export function addArtifactUploadRoute(router: DemoRouter, context: DemoContext): void {
  router.add('POST', '/_runner/results/artifacts/:jobId', {
    access: { kind: 'open' },
    handle: (r) => upload(context, r),
  });
}
