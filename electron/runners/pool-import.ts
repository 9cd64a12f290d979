/** Pools from a file: what would be created and changed, told first and done then. Nothing is removed by an import. */
import { isDeepStrictEqual } from 'node:util';
import type { DeployRequest, ImportedPool, PoolChange } from '../../shared/contract.ts';
import { TracksideError } from '../../shared/errors.ts';
import type { Pool, Repository } from '../../shared/model.ts';
import { checkDeployRequest } from './deploy-request.ts';
import { type PoolInFile, readPoolFile, writePoolFile } from './pool-file.ts';
import { checkPoolFields, managesItself } from './pool-request.ts';
import type { Runners } from './runners.ts';

export interface PoolFiles {
  /** @param poolIds null = all @throws TracksideError UNKNOWN */
  export(poolIds: readonly string[] | null): string;
  /** @throws TracksideError INVALID_REQUEST when the file cannot be read; what is wrong with one pool is told with it */
  import(input: { yaml: string; dryRun: boolean; acceptPublicRisk: boolean }): Promise<ImportedPool[]>;
}

type Step = ImportedPool & { apply(): Promise<unknown> };

const changeable = ['size', 'lifecycle', 'scaling', 'neighbour', 'rerunLost', 'paused'] as const;
const words: Record<(typeof changeable)[number], string> = {
  size: 'size',
  lifecycle: 'life',
  scaling: 'scaling',
  neighbour: 'good neighbour',
  rerunLost: 'running lost jobs again',
  paused: 'pause',
};

export function createPoolFiles(options: {
  pools(): Pool[];
  repositories(): Repository[];
  runners: Pick<Runners, 'deploy' | 'updatePool'>;
}): PoolFiles {
  const { runners } = options;
  const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

  const plan = (wanted: PoolInFile, acceptPublicRisk: boolean): Step => {
    const { name, repository: fullName } = wanted;
    const told = (
      action: ImportedPool['action'],
      detail: string,
      apply = async (): Promise<unknown> => undefined,
    ) => ({
      name,
      repository: fullName,
      action,
      detail,
      apply,
    });
    const repository = options.repositories().find((row) => sameName(row.fullName, fullName));
    if (!repository) return told('refuse', `${fullName} is not connected. Connect it first.`);
    const known = options
      .pools()
      .find((pool) => pool.repositoryId === repository.id && sameName(pool.name, name));
    try {
      return known
        ? planChange(known, wanted, told)
        : planCreation(repository, wanted, acceptPublicRisk, told);
    } catch (error) {
      if (!(error instanceof TracksideError)) throw error;
      return told('refuse', [error.message, error.data.remedy].filter(Boolean).join(' '));
    }
  };
  type Tell = (action: ImportedPool['action'], detail: string, apply?: () => Promise<unknown>) => Step;

  const planChange = (known: Pool, wanted: PoolInFile, told: Tell): Step => {
    checkPoolFields(wanted);
    const labelsOf = ({ labels }: { labels: string[] }): string[] =>
      labels.map((label) => label.toLowerCase()).sort();
    if (!isDeepStrictEqual(labelsOf(known), labelsOf(wanted))) {
      return told('refuse', 'Its labels differ. Remove the pool first, or give this one another name.');
    }
    const differing = changeable.filter((key) => !isDeepStrictEqual(known[key], wanted[key]));
    if (differing.length === 0) return told('same', 'It is like that already.');
    const change: PoolChange = Object.fromEntries(differing.map((key) => [key, wanted[key]]));
    const detail = `Changes ${differing.map((key) => words[key]).join(', ')}.`;
    return told('change', detail, () => runners.updatePool(known.id, change));
  };

  const planCreation = (
    repository: Repository,
    wanted: PoolInFile,
    acceptPublicRisk: boolean,
    told: Tell,
  ): Step => {
    const { repository: _where, paused, ...terms } = wanted;
    const itself = managesItself(wanted);
    const count = itself ? 0 : wanted.scaling.maxRunners;
    const request: DeployRequest = { ...terms, repositoryId: repository.id, count, acceptPublicRisk };
    checkDeployRequest(request, repository);
    const detail = itself ? 'Starts runners when jobs wait.' : `Starts ${count} runners.`;
    return told('create', detail, async () => {
      const { pool } = await runners.deploy(request);
      if (paused) await runners.updatePool(pool.id, { paused });
    });
  };

  return {
    export(poolIds) {
      const all = options.pools();
      const unknown = poolIds?.find((id) => !all.some((pool) => pool.id === id));
      if (unknown !== undefined) {
        throw new TracksideError('UNKNOWN', 'One of these pools is not there any more.', {
          remedy: 'Choose among those there are.',
        });
      }
      const chosen = all.filter(({ id }) => poolIds === null || poolIds.includes(id));
      const names = new Map(options.repositories().map(({ id, fullName }) => [id, fullName]));
      return writePoolFile(chosen, (id) => names.get(id) ?? id);
    },
    async import({ yaml, dryRun, acceptPublicRisk }) {
      const steps = readPoolFile(yaml).map((wanted) => plan(wanted, acceptPublicRisk));
      const outcome: ImportedPool[] = [];
      for (const { apply, ...told } of steps) {
        outcome.push(dryRun ? told : await applied(told, apply));
      }
      return outcome;
    },
  };
}

/** One pool that cannot be had does not hold the others back. */
async function applied(told: ImportedPool, apply: () => Promise<unknown>): Promise<ImportedPool> {
  try {
    await apply();
    return told;
  } catch (error) {
    return { ...told, action: 'refuse', detail: error instanceof Error ? error.message : String(error) };
  }
}
