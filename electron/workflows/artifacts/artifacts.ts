/** Saves artifacts of runs to this machine: whole, compared with their digest, looked into, and never unpacked. */
import { rm } from 'node:fs/promises';
import { TracksideError } from '../../../shared/errors.ts';
import type { Artifact, SavedArtifact } from '../../../shared/model.ts';
import type { Forge } from '../../forges/forge.ts';
import type { Clock } from '../../platform/clock.ts';
import { createLatest } from '../../platform/latest.ts';
import type { Downloads } from './downloads.ts';
import { safeFileName } from './file-name.ts';
import { keep, type Received, receive, sweepParts } from './receive.ts';
import { isZip, listZip } from './zip-entries.ts';

export interface ArtifactRef {
  repositoryId: string;
  runId: number;
  artifactId: number;
}

export interface Artifacts {
  /**
   * Yields how much has arrived, at most ten times a second, and last where it was saved. Leaving it early, by `signal`
   * or otherwise, leaves nothing behind. Rejects with UNKNOWN when the run has no such artifact or it has expired,
   * FORGE_UNREACHABLE when it breaks off or is not what its digest says, HOST_FAILED when this machine cannot keep it.
   */
  save(artifact: ArtifactRef, signal?: AbortSignal): AsyncGenerator<SavedArtifact>;
  dispose(): void;
}

const progressPeriodMs = 100;

/** @param folder where they are saved; made with the first */
export function createArtifacts(options: {
  folder: string;
  downloads: Pick<Downloads, 'offer'>;
  forgeOf(repositoryId: string): { forge: Pick<Forge, 'runReader' | 'artifact'>; fullName: string };
  clock: Clock;
  onFault(error: unknown): void;
}): Artifacts {
  const { folder, downloads, forgeOf, clock } = options;
  const disposed = new AbortController();
  sweepParts(folder, clock).catch(options.onFault);

  const fetchInto = async (
    { repositoryId, runId, artifactId }: ArtifactRef,
    signal: AbortSignal,
    tell: (state: SavedArtifact) => void,
  ): Promise<void> => {
    const { forge, fullName } = forgeOf(repositoryId);
    const { artifacts } = await forge.runReader(fullName, runId).look(signal);
    const artifact = available(artifacts, artifactId, runId);
    const name = quoted(artifact);
    const download = await forge.artifact(fullName, artifactId, signal);
    const totalBytes = download.sizeBytes;
    let toldAt = Number.NEGATIVE_INFINITY;
    const onProgress = (receivedBytes: number): void => {
      if (clock.now() - toldAt < progressPeriodMs) return;
      toldAt = clock.now();
      tell({ receivedBytes, totalBytes, saved: null });
    };
    onProgress(0);
    const expectedBytes = Math.max(totalBytes ?? 0, artifact.sizeBytes);
    const received = await receive(download, { folder, name, expectedBytes, signal, onProgress });
    const saved = await settle(artifact, received, { folder, signal });
    tell({
      receivedBytes: received.bytes,
      totalBytes: received.bytes,
      saved: { ...saved, href: downloads.offer(saved.path) },
    });
  };

  return {
    async *save(artifact, signal) {
      const left = new AbortController();
      const signals = [left.signal, disposed.signal, ...(signal ? [signal] : [])];
      const progress = createLatest<SavedArtifact>();
      const work = fetchInto(artifact, AbortSignal.any(signals), progress.set).then(
        () => progress.end(),
        (error: unknown) => progress.end(error),
      );
      try {
        yield* progress.follow(signal);
      } finally {
        left.abort(new Error('Nobody waits for this artifact any more.'));
        await work;
      }
    },
    dispose: () => disposed.abort(new Error('The engine ends.')),
  };
}

const quoted = ({ name }: Artifact): string => `the artifact ${JSON.stringify(name.slice(0, 120))}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function available(artifacts: readonly Artifact[], id: number, runId: number): Artifact {
  const artifact = artifacts.find((one) => one.id === id);
  if (!artifact) {
    throw new TracksideError('UNKNOWN', `Run ${runId} has no artifact ${id} (any more).`, {
      remedy: 'Somebody may have deleted it; look at the run on the forge.',
    });
  }
  if (!artifact.expired) return artifact;
  const { expiresAt } = artifact;
  const when = expiresAt === null ? '' : ` on ${new Date(expiresAt).toISOString().slice(0, 10)}`;
  throw new TracksideError(
    'UNKNOWN',
    `${capital(quoted(artifact))} expired${when}: the forge has deleted it.`,
    {
      remedy: 'Run the workflow again to have it made again.',
    },
  );
}

/** Compares, looks into and names what was received; takes it away when it is not as it should be. */
async function settle(
  artifact: Artifact,
  { partFile, bytes, sha256 }: Received,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<Omit<NonNullable<SavedArtifact['saved']>, 'href'>> {
  try {
    const verified = agrees(artifact, sha256);
    const isArchive = await isZip(partFile);
    const listing = isArchive
      ? await listArchive(artifact, partFile, signal)
      : { files: [{ name: artifact.name, sizeBytes: bytes }], refused: [], entries: 1 };
    const base = safeFileName(artifact.name, `artifact-${artifact.id}`);
    const name = isArchive && !/\.zip$/i.test(base) ? `${base}.zip` : base;
    return { path: await keep(partFile, folder, name), ...listing, verified };
  } catch (error) {
    await rm(partFile, { force: true });
    throw error;
  }
}

async function listArchive(artifact: Artifact, partFile: string, signal: AbortSignal) {
  try {
    return await listZip(partFile, signal);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new TracksideError(
      'HOST_FAILED',
      `${capital(quoted(artifact))} is a damaged zip archive: ${reason}. It was not kept.`,
      { remedy: 'Try again; if it stays so, the job that made it uploaded it like this.', cause: error },
    );
  }
}

/** Whether there was a digest to compare. @throws TracksideError FORGE_UNREACHABLE when it is another */
function agrees(artifact: Artifact, sha256: string): boolean {
  const expected = /^sha256:([0-9a-f]{64})$/i.exec(artifact.digest ?? '')?.[1]?.toLowerCase();
  if (expected === undefined) return false;
  if (expected === sha256) return true;
  throw new TracksideError(
    'FORGE_UNREACHABLE',
    `What arrived is not ${quoted(artifact)}: its SHA-256 begins with ${sha256.slice(0, 12)}, the forge says ` +
      `${expected.slice(0, 12)}. It was deleted.`,
    {
      remedy:
        'Try again. If it happens again, something between here and the forge changes downloads: a proxy or a virus scanner.',
    },
  );
}
