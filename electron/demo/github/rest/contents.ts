/** Branches, references and files of a repository, as far as workflows need them. */
import type { components } from '@octokit/openapi-types';
import { type DemoRouter, type Request, repositoryOf } from '../context.ts';
import { blobSha, treeSha } from '../git-objects.ts';
import { ApiError, notFound, type Reply } from '../http.ts';
import { pageOf } from '../paging.ts';
import type { Repository } from '../repositories.ts';

type ContentFile = components['schemas']['content-file'];
type DirectoryItem = components['schemas']['content-directory'][number];

function assertRef(repository: Repository, ref: string | null): void {
  const known = [
    null,
    repository.defaultBranch,
    `refs/heads/${repository.defaultBranch}`,
    repository.head.sha,
  ];
  if (!known.includes(ref)) throw new ApiError(404, `No commit found for the ref ${ref}`);
}

function addressesOf(
  request: Request,
  repository: Repository,
  path: string,
  kind: 'blob' | 'tree',
  sha: string,
) {
  const { api, html } = request.addresses;
  const self = `${api}/repos/${repository.fullName}/contents/${path}?ref=${repository.defaultBranch}`;
  const git = `${api}/repos/${repository.fullName}/git/${kind}s/${sha}`;
  const web = `${html}/${repository.fullName}/${kind}/${repository.defaultBranch}/${path}`;
  const download_url =
    kind === 'blob' ? `${html}/raw/${repository.fullName}/${repository.defaultBranch}/${path}` : null;
  return { url: self, html_url: web, git_url: git, download_url, _links: { self, git, html: web } };
}

function directoryItems(request: Request, repository: Repository, folder: string): DirectoryItem[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = repository.files.filter((file) => file.path.startsWith(prefix));
  const names = new Set(inside.map((file) => file.path.slice(prefix.length).split('/')[0] ?? ''));
  return [...names].map((name) => {
    const path = `${prefix}${name}`;
    const file = inside.find((candidate) => candidate.path === path);
    const under = inside
      .filter((candidate) => candidate.path.startsWith(`${path}/`))
      .map((candidate) => ({ ...candidate, path: candidate.path.slice(path.length + 1) }));
    const sha = file ? blobSha(file.content) : treeSha(under);
    const urls = addressesOf(request, repository, path, file ? 'blob' : 'tree', sha);
    return { type: file ? 'file' : 'dir', size: file?.content.length ?? 0, name, path, sha, ...urls };
  });
}

function contents(request: Request): Reply {
  const repository = repositoryOf(request);
  assertRef(repository, request.query.get('ref'));
  const path = (request.params.path ?? '').replace(/\/+$/, '');
  const file = repository.files.find((candidate) => candidate.path === path);
  if (!file) {
    const items = directoryItems(request, repository, path);
    if (items.length === 0) throw new ApiError(404, path === '' ? 'This repository is empty.' : 'Not Found');
    return { status: 200, body: items };
  }
  if (/\braw\b/.test(request.headers.accept ?? '')) {
    return {
      status: 200,
      raw: file.content,
      headers: { 'Content-Type': 'application/vnd.github.raw; charset=utf-8' },
    };
  }
  const sha = blobSha(file.content);
  const body: ContentFile = {
    name: path.split('/').at(-1) ?? path,
    path,
    sha,
    size: file.content.length,
    ...addressesOf(request, repository, path, 'blob', sha),
    type: 'file',
    content: file.content.toString('base64').replace(/(.{60})/g, '$1\n'),
    encoding: 'base64',
  };
  return { status: 200, body };
}

function branches(request: Request): Reply {
  const repository = repositoryOf(request);
  const { sha } = repository.head;
  const url = `${request.addresses.api}/repos/${repository.fullName}/commits/${sha}`;
  const all: components['schemas']['short-branch'][] =
    repository.files.length === 0
      ? []
      : [{ name: repository.defaultBranch, commit: { sha, url }, protected: false }];
  const page = pageOf(request, all);
  return { status: 200, body: page.items, headers: page.headers };
}

function reference(request: Request): Reply {
  const repository = repositoryOf(request);
  if (request.params.ref !== `heads/${repository.defaultBranch}` || repository.files.length === 0)
    throw notFound();
  const root = `${request.addresses.api}/repos/${repository.fullName}/git`;
  const ref = `refs/heads/${repository.defaultBranch}`;
  const { sha } = repository.head;
  const body: components['schemas']['git-ref'] = {
    ref,
    node_id: Buffer.from(`${repository.id}:${ref}`).toString('base64'),
    url: `${root}/${ref}`,
    object: { sha, type: 'commit', url: `${root}/commits/${sha}` },
  };
  return { status: 200, body };
}

/** Adds branches, the reference of the default branch, and contents. */
export function addContentRoutes(router: DemoRouter): void {
  const access = { kind: 'repository', permission: ['contents', 'read'] } as const;
  router.add('GET', '/repos/:owner/:repo/branches', { access, handle: branches });
  router.add('GET', '/repos/:owner/:repo/git/ref/*ref', { access, handle: reference });
  router.add('GET', '/repos/:owner/:repo/contents/*path', { access, handle: contents });
}
