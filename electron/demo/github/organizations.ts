/** Organisations: who owns them, and the groups in which their runners are. */
import type { RunnerRecord } from './model.ts';
import type { Repository, Role } from './repositories.ts';

export interface RunnerGroup {
  id: number;
  name: string;
  visibility: 'all' | 'selected' | 'private';
  isDefault: boolean;
  allowsPublicRepositories: boolean;
  /** `owner/name` of the repositories that a group with the visibility `selected` serves. */
  selected: string[];
}

export interface Organization {
  login: string;
  /** Role by login; owners are `admin`. */
  roles: Record<string, Role>;
  groups: RunnerGroup[];
}

const organizations: readonly Organization[] = [
  {
    login: 'acme-corp',
    roles: { octo: 'admin', mona: 'read' },
    groups: [
      {
        ...{ id: 1, name: 'Default', visibility: 'all', isDefault: true },
        ...{ allowsPublicRepositories: false, selected: [] },
      },
      {
        ...{ id: 2, name: 'Vault only', visibility: 'selected', isDefault: false },
        ...{ allowsPublicRepositories: false, selected: ['acme-corp/vault'] },
      },
      {
        ...{ id: 3, name: 'Open source', visibility: 'all', isDefault: false },
        ...{ allowsPublicRepositories: true, selected: [] },
      },
    ],
  },
];

/** Looks it up as GitHub does, whatever the login's case. */
export function findOrganization(login: string): Organization | undefined {
  return organizations.find((organization) => organization.login.toLowerCase() === login.toLowerCase());
}

/** Whether runners of the group take jobs of a repository of the organisation. */
export function groupServes(
  group: RunnerGroup,
  repository: Pick<Repository, 'fullName' | 'private'>,
): boolean {
  if (!repository.private && !group.allowsPublicRepositories) return false;
  if (group.visibility === 'private') return repository.private;
  return group.visibility === 'all' || group.selected.includes(repository.fullName);
}

/** The group of a runner; a repository's own runners are in one that they do not share. */
export function groupOf(runner: RunnerRecord): Pick<RunnerGroup, 'id' | 'name'> {
  const groups = findOrganization(runner.repository)?.groups;
  return groups?.find(({ id }) => id === runner.groupId) ?? { id: 1, name: 'Default' };
}

/** Whether a runner is there for jobs of a repository. */
export function mayServe(runner: RunnerRecord, repository: Repository): boolean {
  if (runner.repository === repository.fullName) return true;
  if (runner.repository !== repository.owner) return false;
  const group = findOrganization(runner.repository)?.groups.find(({ id }) => id === runner.groupId);
  return group !== undefined && groupServes(group, repository);
}
