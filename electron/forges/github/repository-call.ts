/** Calls about one repository: how they are addressed, and what their errors say. */

import { parseRepository } from './addresses.ts';
import type { Permission } from './answers.ts';
import type { Call } from './errors.ts';

export interface RepositoryCall {
  owner: string;
  repo: string;
  fullName: string;
  call: Call;
}

/**
 * @param doing up to the repository's name: `list the runners of`
 * @param more `subject` also up to the name: `Runner 5 of`; the repository itself without it
 * @throws TracksideError INVALID_REQUEST for what is no name of a repository
 */
export function repositoryCall(
  repository: string,
  doing: string,
  permission: Permission,
  more: Partial<Call> = {},
): RepositoryCall {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const { subject = 'The repository', ...rest } = more;
  const call = { doing: `${doing} ${fullName}`, subject: `${subject} ${fullName}`, permission, ...rest };
  return { owner, repo, fullName, call };
}

export const actionsRead = { name: 'actions', level: 'read' } as const;
export const actionsWrite = { name: 'actions', level: 'write' } as const;
export const contentsRead = { name: 'contents', level: 'read' } as const;
