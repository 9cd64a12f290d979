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
  files: SourceFile[];
  head: { sha: string; tree: string; message: string; committedAtMs: number; author: Account };
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
  account(login: string): Account | undefined;
  workflows(repository: Repository): Workflow[];
}

export const accounts: readonly Account[] = [
  { id: 1001, login: 'octo', name: 'Octo Forge', type: 'User', email: 'octo@example.com' },
  { id: 1002, login: 'mona', name: 'Mona', type: 'User', email: 'mona@example.com' },
  { id: 1003, login: 'acme-corp', name: 'Acme Corporation', type: 'Organization', email: 'it@example.com' },
];

type Described = Pick<
  Repository,
  'id' | 'owner' | 'name' | 'description' | 'private' | 'language' | 'roles'
> & {
  ssoRequired?: boolean;
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

function load(folder: string, facts: Described, source = facts.name): Repository {
  const files = filesUnder(join(folder, facts.owner, source));
  const author = ownerOf('octo');
  const tree = treeSha(files);
  const message = `Start ${facts.name}`;
  const sha = commitSha(tree, `${author.name} <${author.email}>`, committedAtMs / 1000, message);
  return {
    ssoRequired: false,
    ...facts,
    fullName: `${facts.owner}/${facts.name}`,
    defaultBranch: 'main',
    files,
    head: { sha, tree, message, committedAtMs, author },
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
  };
}

/**
 * Reads the repositories from their folder.
 * @param more names of further private repositories of octo, each with the files of octo/forge
 */
export function loadRepositories(folder: string, more: readonly string[] = []): Repositories {
  const further = more.map((name, index) => load(folder, describedMore(name, index), 'forge'));
  const all = [...described.map((facts) => load(folder, facts)), ...further];
  const byFullName: Repositories['byFullName'] = (fullName) =>
    all.find((repository) => repository.fullName.toLowerCase() === fullName.toLowerCase());
  return {
    all,
    byFullName,
    find: (owner, name) => byFullName(`${owner}/${name}`),
    account: (login) => accounts.find((account) => account.login.toLowerCase() === login.toLowerCase()),
    workflows: (repository) =>
      repository.files
        .filter(({ path }) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
        .map(({ path, content }) => ({
          id: workflowId(repository, path),
          repository,
          path,
          text: content.toString('utf8'),
        })),
  };
}
