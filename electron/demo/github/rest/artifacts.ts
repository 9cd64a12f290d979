/** Artifacts: list, get, delete, download. */
import { createReadStream } from 'node:fs';
import { artifactBody } from '../bodies/artifact-body.ts';
import { type DemoContext, type DemoRouter, numberParam, type Request, repositoryOf } from '../context.ts';
import { ApiError, notFound, type Reply } from '../http.ts';
import type { ArtifactRecord } from '../model.ts';
import { pageOf } from '../paging.ts';
import { signToken, verifyToken } from '../signed-tokens.ts';
import { runParam } from './runs.ts';

const linkMs = 60_000;

function bodyOf(context: DemoContext, request: Request, artifact: ArtifactRecord) {
  const run = context.store.run(artifact.runId);
  if (!run) throw notFound();
  return artifactBody(artifact, run, repositoryOf(request), context.clock.now(), request.addresses);
}

function artifactParam(context: DemoContext, request: Request): ArtifactRecord {
  const id = numberParam(request, 'artifactId');
  const found = context.store.data.artifacts.find((artifact) => artifact.id === id);
  if (found?.repository !== repositoryOf(request).fullName) throw notFound();
  return found;
}

/** The newest first, unless the oldest are asked for. */
function list(context: DemoContext, request: Request, runId?: number): Reply {
  const { fullName } = repositoryOf(request);
  const name = request.query.get('name');
  const fitting = context.store.data.artifacts
    .filter((artifact) => artifact.repository === fullName)
    .filter((artifact) => runId === undefined || artifact.runId === runId)
    .filter((artifact) => !name || artifact.name === name);
  const page = pageOf(request, request.query.get('direction') === 'asc' ? fitting : fitting.reverse());
  const artifacts = page.items.map((artifact) => bodyOf(context, request, artifact));
  return { status: 200, body: { total_count: page.total, artifacts }, headers: page.headers };
}

function remove(context: DemoContext, request: Request): Reply {
  const artifact = artifactParam(context, request);
  context.store.removeArtifact(artifact);
  context.store.changed();
  return { status: 204 };
}

/** 302 to a link that is good for a minute, without a token. */
function download(context: DemoContext, request: Request): Reply {
  const { store, clock } = context;
  const artifact = artifactParam(context, request);
  if (request.params.format !== 'zip') throw notFound();
  if (artifact.expiresAtMs <= clock.now()) throw new ApiError(410, 'Artifact has expired');
  const claims = { kind: 'artifact', id: artifact.id };
  const token = signToken(claims, store.data.signingKey, clock.now() + linkMs);
  return { status: 302, headers: { Location: `${request.addresses.html}/_demo/artifacts/${token}` } };
}

function serve({ store, clock }: DemoContext, request: Request): Reply {
  const claims = verifyToken(request.params.token ?? '', store.data.signingKey, clock.now());
  const artifact =
    claims?.kind === 'artifact' ? store.data.artifacts.find(({ id }) => id === claims.id) : undefined;
  if (!artifact) throw new ApiError(403, 'The link to this artifact has expired. Ask for it again.');
  return {
    status: 200,
    stream: createReadStream(store.folder.path(artifact.file)),
    headers: {
      'Content-Type': 'application/zip',
      'Content-Length': String(artifact.sizeBytes),
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${artifact.name}.zip`)}`,
    },
  };
}

/** Adds artifacts. */
export function addArtifactRoutes(router: DemoRouter, context: DemoContext): void {
  const root = '/repos/:owner/:repo/actions';
  const read = { kind: 'repository', permission: ['actions', 'read'] } as const;
  const write = { kind: 'repository', permission: ['actions', 'write'], pushOnly: true } as const;
  const one = `${root}/artifacts/:artifactId`;
  router.add('GET', `${root}/artifacts`, { access: read, handle: (r) => list(context, r) });
  router.add('GET', `${root}/runs/:runId/artifacts`, {
    access: read,
    handle: (r) => list(context, r, runParam(context, r).id),
  });
  router.add('GET', one, {
    access: read,
    handle: (r) => ({ status: 200, body: bodyOf(context, r, artifactParam(context, r)) }),
  });
  router.add('DELETE', one, { access: write, handle: (r) => remove(context, r) });
  router.add('GET', `${one}/:format`, { access: read, handle: (r) => download(context, r) });
  router.add('GET', '/_demo/artifacts/:token', {
    access: { kind: 'open' },
    handle: (r) => serve(context, r),
  });
}
