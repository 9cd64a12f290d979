/** Accounts and repositories as GitHub's REST API shows them. */
import type { components } from '@octokit/openapi-types';
import type { Addresses } from '../http.ts';
import type { Account, Repository, Role } from '../repositories.ts';

type SimpleUser = components['schemas']['simple-user'];
type PrivateUser = components['schemas']['private-user'];
type MinimalRepository = components['schemas']['minimal-repository'];
type ListedRepository = components['schemas']['repository'];
type FullRepository = components['schemas']['full-repository'];

const createdAt = '2026-01-05T08:00:00Z';

/** An opaque id like GitHub's `node_id`. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

/** Time as GitHub writes it: seconds, `Z`. */
export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Short form of an account. */
export function userBody(account: Account, { api, html }: Addresses): SimpleUser {
  const url = `${api}/users/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'User' ? 'U' : 'O', account.id),
    avatar_url: `${html}/_demo/avatars/${account.id}.svg`,
    gravatar_id: '',
    url,
    html_url: `${html}/${account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
    user_view_type: 'public',
  };
}

/** The account of the token's owner. @param repositories those that it owns */
export function privateUserBody(
  account: Account,
  repositories: Repository[],
  addresses: Addresses,
): PrivateUser {
  const hidden = repositories.filter((repository) => repository.private).length;
  return {
    ...userBody(account, addresses),
    user_view_type: 'private',
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    notification_email: account.email,
    public_repos: repositories.length - hidden,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: createdAt,
    updated_at: createdAt,
    private_gists: 0,
    total_private_repos: hidden,
    owned_private_repos: hidden,
    disk_usage: 12,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: 'pro', space: 976_562_499, collaborators: 0, private_repos: 9999 },
  };
}

function links(url: string) {
  return {
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

/** A repository as it stands inside other answers. @param owner its owner's account */
export function minimalRepositoryBody(
  repository: Repository,
  owner: Account,
  addresses: Addresses,
): MinimalRepository {
  const url = `${addresses.api}/repos/${repository.fullName}`;
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: userBody(owner, addresses),
    html_url: `${addresses.html}/${repository.fullName}`,
    description: repository.description,
    fork: false,
    url,
    ...links(url),
  };
}

/** What the role allows, as the `permissions` of a repository. */
function permissionsOf(role: Role | undefined) {
  const push = role === 'admin' || role === 'write';
  return {
    admin: role === 'admin',
    maintain: role === 'admin',
    push,
    triage: push,
    pull: role !== undefined,
  };
}

/** A repository of a list, with what the caller may do there. */
export function listedRepositoryBody(
  repository: Repository,
  { owner, role }: { owner: Account; role: Role | undefined },
  addresses: Addresses,
): ListedRepository {
  const web = `${addresses.html}/${repository.fullName}`;
  const at = timestamp(repository.head.committedAtMs);
  const host = new URL(addresses.html).host;
  return {
    ...minimalRepositoryBody(repository, owner, addresses),
    owner: userBody(owner, addresses),
    license: null,
    created_at: createdAt,
    updated_at: at,
    pushed_at: at,
    git_url: `git://${host}/${repository.fullName}.git`,
    ssh_url: `git@${host}:${repository.fullName}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    homepage: null,
    size: Math.ceil(repository.files.reduce((sum, file) => sum + file.content.length, 0) / 1024),
    stargazers_count: 0,
    watchers_count: 0,
    language: repository.language,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 0,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: repository.defaultBranch,
    permissions: permissionsOf(role),
  };
}

/** A repository on its own. */
export function fullRepositoryBody(
  repository: Repository,
  owner: { owner: Account; role: Role | undefined },
  addresses: Addresses,
): FullRepository {
  const { code_search_index_status: _, ...listed } = listedRepositoryBody(repository, owner, addresses);
  return {
    ...listed,
    created_at: listed.created_at ?? createdAt,
    updated_at: listed.updated_at ?? createdAt,
    pushed_at: listed.pushed_at ?? createdAt,
    has_discussions: false,
    temp_clone_token: '',
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    allow_update_branch: false,
    network_count: 0,
    subscribers_count: 1,
  };
}
