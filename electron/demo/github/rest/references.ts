/** Branches, tags and references of a repository. */
import type { components } from '@octokit/openapi-types';
import { type DemoRouter, type Request, repositoryOf } from '../context.ts';
import { notFound, type Reply } from '../http.ts';
import { pageOf } from '../paging.ts';
import type { Repository, Revision } from '../repositories.ts';

type Reference = components['schemas']['git-ref'];

function ofType(repository: Repository, type: Revision['type']): Revision[] {
  return repository.revisions.filter((revision) => revision.type === type);
}

function commitOf(request: Request, { head: { sha } }: Revision): { sha: string; url: string } {
  return { sha, url: `${request.addresses.api}/repos/${repositoryOf(request).fullName}/commits/${sha}` };
}

function branches(request: Request): Reply {
  const page = pageOf(request, ofType(repositoryOf(request), 'branch'));
  const body: components['schemas']['short-branch'][] = page.items.map((branch) => ({
    name: branch.name,
    commit: commitOf(request, branch),
    protected: false,
  }));
  return { status: 200, body, headers: page.headers };
}

function tags(request: Request): Reply {
  const repository = repositoryOf(request);
  const root = `${request.addresses.api}/repos/${repository.fullName}`;
  const page = pageOf(request, ofType(repository, 'tag'));
  const body: components['schemas']['tag'][] = page.items.map((tag) => ({
    name: tag.name,
    zipball_url: `${root}/zipball/refs/tags/${tag.name}`,
    tarball_url: `${root}/tarball/refs/tags/${tag.name}`,
    commit: commitOf(request, tag),
    node_id: Buffer.from(`${repository.id}:refs/tags/${tag.name}`).toString('base64'),
  }));
  return { status: 200, body, headers: page.headers };
}

/** `heads/main`, `tags/v1` */
function shortName({ type, name }: Revision): string {
  return `${type === 'branch' ? 'heads' : 'tags'}/${name}`;
}

function referenceBody(request: Request, revision: Revision): Reference {
  const repository = repositoryOf(request);
  const root = `${request.addresses.api}/repos/${repository.fullName}/git`;
  const ref = `refs/${shortName(revision)}`;
  const { sha } = revision.head;
  return {
    ref,
    node_id: Buffer.from(`${repository.id}:${ref}`).toString('base64'),
    url: `${root}/${ref}`,
    object: { sha, type: 'commit', url: `${root}/commits/${sha}` },
  };
}

function reference(request: Request): Reply {
  const wanted = request.params.ref ?? '';
  const found = repositoryOf(request).revisions.find((revision) => shortName(revision) === wanted);
  if (!found) throw notFound();
  return { status: 200, body: referenceBody(request, found) };
}

/** All references whose names start with what is asked for. */
function matchingReferences(request: Request): Reply {
  const wanted = request.params.ref ?? '';
  const body = repositoryOf(request)
    .revisions.filter((revision) => shortName(revision).startsWith(wanted))
    .map((revision) => referenceBody(request, revision));
  return { status: 200, body };
}

/** Adds `branches`, `tags`, `git/ref` and `git/matching-refs`. */
export function addReferenceRoutes(router: DemoRouter): void {
  const access = { kind: 'repository', permission: ['contents', 'read'] } as const;
  const root = '/repos/:owner/:repo';
  router.add('GET', `${root}/branches`, { access, handle: branches });
  router.add('GET', `${root}/tags`, { access, handle: tags });
  router.add('GET', `${root}/git/ref/*ref`, { access, handle: reference });
  router.add('GET', `${root}/git/matching-refs/*ref`, { access, handle: matchingReferences });
}
