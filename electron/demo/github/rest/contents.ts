/** Files of a repository on its branches and tags. */
import type { components } from '@octokit/openapi-types';
import { type DemoRouter, type Request, repositoryOf } from '../context.ts';
import { blobSha, treeSha } from '../git-objects.ts';
import { ApiError, type Reply } from '../http.ts';
import { findRevision, type Repository, type Revision } from '../repositories.ts';

type ContentFile = components['schemas']['content-file'];
type DirectoryItem = components['schemas']['content-directory'][number];

/** The revision that a reference names, the default branch without one; `null` while the repository is empty. */
function revisionOf(repository: Repository, ref: string | null): Revision | null {
  const found = findRevision(repository, ref ?? repository.defaultBranch);
  const isDefault = ref === null || ref.replace(/^refs\/heads\//, '') === repository.defaultBranch;
  if (!found && !isDefault) throw new ApiError(404, `No commit found for the ref ${ref}`);
  return found ?? null;
}

/** A file or folder of a revision. */
interface Place {
  repository: Repository;
  revision: Revision;
  path: string;
}

function addressesOf(request: Request, place: Place, kind: 'blob' | 'tree', sha: string) {
  const { api, html } = request.addresses;
  const { fullName } = place.repository;
  const { name } = place.revision;
  const self = `${api}/repos/${fullName}/contents/${place.path}?ref=${encodeURIComponent(name)}`;
  const git = `${api}/repos/${fullName}/git/${kind}s/${sha}`;
  const web = `${html}/${fullName}/${kind}/${name}/${place.path}`;
  const download_url = kind === 'blob' ? `${html}/raw/${fullName}/${name}/${place.path}` : null;
  return { url: self, html_url: web, git_url: git, download_url, _links: { self, git, html: web } };
}

function directoryItems(request: Request, place: Place): DirectoryItem[] {
  const prefix = place.path === '' ? '' : `${place.path}/`;
  const inside = place.revision.files.filter((file) => file.path.startsWith(prefix));
  const names = new Set(inside.map((file) => file.path.slice(prefix.length).split('/')[0] ?? ''));
  return [...names].map((name) => {
    const path = `${prefix}${name}`;
    const file = inside.find((candidate) => candidate.path === path);
    const under = inside
      .filter((candidate) => candidate.path.startsWith(`${path}/`))
      .map((candidate) => ({ ...candidate, path: candidate.path.slice(path.length + 1) }));
    const sha = file ? blobSha(file.content) : treeSha(under);
    const urls = addressesOf(request, { ...place, path }, file ? 'blob' : 'tree', sha);
    return { type: file ? 'file' : 'dir', size: file?.content.length ?? 0, name, path, sha, ...urls };
  });
}

function contents(request: Request): Reply {
  const repository = repositoryOf(request);
  const revision = revisionOf(repository, request.query.get('ref'));
  const path = (request.params.path ?? '').replace(/\/+$/, '');
  const place = revision && { repository, revision, path };
  const file = revision?.files.find((candidate) => candidate.path === path);
  if (!file || !place) {
    const items = place ? directoryItems(request, place) : [];
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
    ...addressesOf(request, place, 'blob', sha),
    type: 'file',
    content: file.content.toString('base64').replace(/(.{60})/g, '$1\n'),
    encoding: 'base64',
  };
  return { status: 200, body };
}

/** Adds contents. */
export function addContentRoutes(router: DemoRouter): void {
  const access = { kind: 'repository', permission: ['contents', 'read'] } as const;
  router.add('GET', '/repos/:owner/:repo/contents/*path', { access, handle: contents });
}
