/** The demo GitHub's users and repositories; their files are read from `resources/demo/repositories`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { blobSha, commitSha, type SourceFile, treeSha } from './git-objects.ts';

export type Role = 'admin' | 'write' | 'read';

export interface Account {
  id: number;
  login: string;
  name: string;
  type: 'User' | 'Organization';
  email: string;
}

interface Commit {
  sha: string;
  tree: string;
  message: string;
  committedAtMs: number;
  author: Account;
}

/** A branch or tag, and the files at its commit. */
export interface Revision {
  type: 'branch' | 'tag';
  name: string;
  head: Commit;
  files: SourceFile[];
}

export interface Repository {
  id: number;
  owner: string;
  name: string;
  /** `owner/name` */
  fullName: string;
  description: string;
  private: boolean;
  language: string | null;
  defaultBranch: string;
  /** Role by login. */
  roles: Record<string, Role>;
  /** Whether its organisation only accepts tokens authorised for single sign-on. */
  ssoRequired: boolean;
  /** Files and commit of the default branch. */
  files: SourceFile[];
  head: Commit;
  /** Branches, the default one first, then tags; none while it is empty. */
  revisions: Revision[];
  environments: InitialEnvironment[];
}

/** An environment that a repository has from the beginning. */
interface InitialEnvironment {
  name: string;
  /** Logins. */
  reviewers: string[];
  waitTimerMinutes: number;
}

export interface Workflow {
  id: number;
  repository: Repository;
  /** `.github/workflows/build.yml` */
  path: string;
  text: string;
}

export interface Repositories {
  all: readonly Repository[];
  /** Looks names up as GitHub does, whatever their case. */
  find(owner: string, name: string): Repository | undefined;
  /** By `owner/name`. */
  byFullName(fullName: string): Repository | undefined;
  accounts: readonly Account[];
  account(login: string): Account | undefined;
  /** Workflows whose files are on the default branch, or at another revision. */
  workflows(repository: Repository, revision?: Revision): Workflow[];
}

/** The revision that a name, a full reference (`refs/heads/main`) or a commit's hash stands for. */
export function findRevision(repository: Repository, ref: string): Revision | undefined {
  const full = ({ type, name }: Revision) => `${type === 'branch' ? 'heads' : 'tags'}/${name}`;
  const short = ref.replace(/^refs\//, '');
  return (
    repository.revisions.find(({ name }) => name === ref) ??
    repository.revisions.find((revision) => full(revision) === short) ??
    repository.revisions.find(({ head }) => head.sha === ref)
  );
}

const accounts: readonly Account[] = [
  { id: 1001, login: 'octo', name: 'Octo Forge', type: 'User', email: 'octo@example.com' },
  { id: 1002, login: 'mona', name: 'Mona', type: 'User', email: 'mona@example.com' },
  { id: 1003, login: 'acme-corp', name: 'Acme Corporation', type: 'Organization', email: 'it@example.com' },
];

type Described = Pick<
  Repository,
  'id' | 'owner' | 'name' | 'description' | 'private' | 'language' | 'roles'
> & {
  ssoRequired?: boolean;
  /** Beside `main`, with the folder of the files in which it differs from it. */
  branches?: { name: string; folder: string }[];
  /** At the commit of `main`. */
  tags?: string[];
  environments?: InitialEnvironment[];
};

const forge = {
  branches: [{ name: 'feature/lamp', folder: 'forge@feature-lamp' }],
  tags: ['v1.0.0'],
  environments: [
    { name: 'production', reviewers: ['octo', 'mona'], waitTimerMinutes: 0 },
    { name: 'staging', reviewers: [], waitTimerMinutes: 1 },
    { name: 'preview', reviewers: [], waitTimerMinutes: 0 },
  ],
};

const described: Described[] = [
  {
    id: 20_001,
    owner: 'octo',
    name: 'forge',
    description:
      'A workshop to try self-hosted runners in: builds, a nightly that needs a GPU, a quick check',
    private: true,
    language: 'Shell',
    roles: { octo: 'admin', mona: 'write' },
    ...forge,
  },
  {
    id: 20_002,
    owner: 'octo',
    name: 'open-forge',
    description: 'The same workshop, open to everybody: think twice before you put a self-hosted runner here',
    private: false,
    language: 'Shell',
    roles: { octo: 'admin' },
  },
  {
    id: 20_003,
    owner: 'octo',
    name: 'empty',
    description: 'A repository without workflows',
    private: true,
    language: null,
    roles: { octo: 'admin' },
  },
  {
    id: 20_004,
    owner: 'acme-corp',
    name: 'vault',
    description: 'A repository of an organisation with single sign-on',
    private: true,
    language: null,
    roles: { octo: 'admin' },
    ssoRequired: true,
  },
  {
    id: 20_005,
    owner: 'acme-corp',
    name: 'workshop',
    description: 'A private repository of an organisation that shares its runners',
    private: true,
    language: 'Shell',
    roles: { octo: 'admin' },
  },
  {
    id: 20_006,
    owner: 'acme-corp',
    name: 'showcase',
    description: 'A public repository of the same organisation: most of its runners are not for it',
    private: false,
    language: 'Shell',
    roles: { octo: 'admin' },
  },
];

const committedAtMs = Date.UTC(2026, 9, 1, 9, 30);

/** Finds `resources/demo/repositories` above this module, in the source tree and in a packaged application. */
export function findRepositoriesFolder(start = import.meta.dirname): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'resources', 'demo', 'repositories');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) {
      throw new Error(`The demo repositories are missing: no resources/demo/repositories above ${start}.`);
    }
  }
}

/** Names on disk: packagers leave `.github` out, so it lies there as `dot-github`. */
function nameInRepository(name: string): string {
  return name.replace(/^dot-/, '.');
}

function filesUnder(folder: string, prefix = ''): SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const onDisk = join(folder, entry.name);
      const path = `${prefix}${nameInRepository(entry.name)}`;
      return entry.isDirectory() ? filesUnder(onDisk, `${path}/`) : [{ path, content: readFileSync(onDisk) }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function ownerOf(login: string): Account {
  const account = accounts.find((candidate) => candidate.login === login);
  if (!account) throw new Error(`The demo repository's owner ${login} is not described.`);
  return account;
}

function commit(files: SourceFile[], message: string): Commit {
  const author = ownerOf('octo');
  const tree = treeSha(files);
  const sha = commitSha(tree, `${author.name} <${author.email}>`, committedAtMs / 1000, message);
  return { sha, tree, message, committedAtMs, author };
}

function load(folder: string, described: Described, source = described.name): Repository {
  const { branches = [], tags = [], ...facts } = described;
  const files = filesUnder(join(folder, facts.owner, source));
  const head = commit(files, `Start ${facts.name}`);
  const main: Revision = { type: 'branch', name: 'main', head, files };
  const others = branches.map((branch): Revision => {
    const changed = filesUnder(join(folder, facts.owner, branch.folder));
    const isSame = (file: SourceFile) => changed.some(({ path }) => path === file.path);
    const all = [...files.filter((file) => !isSame(file)), ...changed];
    const sorted = all.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { type: 'branch', name: branch.name, head: commit(sorted, `Try ${branch.name}`), files: sorted };
  });
  const tagged = tags.map((name): Revision => ({ ...main, type: 'tag', name }));
  return {
    ssoRequired: false,
    environments: [],
    ...facts,
    fullName: `${facts.owner}/${facts.name}`,
    defaultBranch: main.name,
    files,
    head,
    revisions: files.length === 0 ? [] : [main, ...others, ...tagged],
  };
}

/** A stable id for a workflow, from the repository and its path. */
function workflowId(repository: Repository, path: string): number {
  return (
    100_000_000 +
    (Number.parseInt(blobSha(Buffer.from(`${repository.fullName}/${path}`)).slice(0, 6), 16) % 9e7)
  );
}

/** One more repository of octo, for whoever needs many. */
function describedMore(name: string, index: number): Described {
  return {
    id: 21_001 + index,
    owner: 'octo',
    name,
    description: `The workshop again, as ${name}`,
    private: true,
    language: 'Shell',
    roles: { octo: 'admin' },
    ...forge,
  };
}

/**
 * Reads the repositories from their folder.
 * @param more names of further private repositories of octo, each with the files of octo/forge
 */
export function loadRepositories(folder: string, more: readonly string[] = []): Repositories {
  const further = more.map((name, index) => load(folder, describedMore(name, index), 'forge'));
  const all = [...described.map((facts) => load(folder, facts)), ...further];
  const byName = new Map(all.map((repository) => [repository.fullName.toLowerCase(), repository]));
  const byFullName: Repositories['byFullName'] = (fullName) => byName.get(fullName.toLowerCase());
  return {
    all,
    accounts,
    byFullName,
    find: (owner, name) => byFullName(`${owner}/${name}`),
    account: (login) => accounts.find((account) => account.login.toLowerCase() === login.toLowerCase()),
    workflows: (repository, revision) =>
      (revision ?? repository).files
        .filter(({ path }) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
        .map(({ path, content }) => ({
          id: workflowId(repository, path),
          repository,
          path,
          text: content.toString('utf8'),
        })),
  };
}
