/** The board's rows of runners that this engine did not create: those of the repository, and those of groups above it. */
import type { ForeignRunner } from '../../../shared/model.ts';
import type { RepositorySight } from '../../forges/watch.ts';

/** @param isOurs whether this engine created the runner of that name */
export function foreignRunnerRows(
  repositoryId: string,
  { runners, groups }: Pick<RepositorySight, 'runners' | 'groups'>,
  isOurs: (name: string) => boolean,
): ForeignRunner[] {
  const own = runners
    .filter(({ name }) => !isOurs(name))
    .map(({ id, name, labels, status, busy }) => ({
      id: `${repositoryId}/${id}`,
      ...{ repositoryId, name, labels, status, busy, group: null, excluded: null },
    }));
  // A group's runners are counted by the group's owner: their ids may be those of others here.
  const grouped = (groups ?? []).flatMap((group) =>
    group.runners.map(({ id, name, labels, status, busy }) => ({
      id: `${repositoryId}/${group.name}/${id}`,
      ...{ repositoryId, name, labels, status, busy, group: group.name, excluded: group.excluded },
    })),
  );
  return [...own, ...grouped];
}
