/** What a person has entered on a pool's page, and the change it amounts to. */
import type { PoolChange } from '../../../shared/contract.ts';
import type { Pool } from '../../../shared/model.ts';
import { gigabyte, maxRunnersPerDeploy } from '../../../shared/sizes.ts';
import { readCount } from '../deploy/count.ts';
import { type CustomSizeText, type Preset, readSize } from '../deploy/size.ts';
import { readTerms, type Terms, type TermsProblems, termsOf } from './terms.ts';

export interface PoolDraft {
  preset: Preset;
  custom: CustomSizeText;
  /** As typed. */
  maximum: string;
  terms: Terms;
}

export type PoolProblems = TermsProblems & {
  maximum?: string;
  size?: string;
  cores?: string;
  memory?: string;
};

/** All that the page can change. */
export type PoolShape = Pick<Pool, 'size' | 'lifecycle' | 'scaling' | 'neighbour' | 'rerunLost'>;

/** The fields as the pool is. */
export function poolDraftOf(pool: PoolShape): PoolDraft {
  const { preset, cores, memoryBytes } = pool.size;
  return {
    preset,
    custom: { cores: String(cores), memory: String(Math.round((memoryBytes / gigabyte) * 100) / 100) },
    maximum: String(pool.scaling.maxRunners),
    terms: termsOf(pool),
  };
}

/** Reads the fields; `shape` is null while something is wrong. */
export function readPoolDraft(draft: PoolDraft): { shape: PoolShape | null; problems: PoolProblems } {
  const maximum = readCount(draft.maximum);
  const size = readSize(draft.preset, draft.custom);
  const terms = readTerms(draft.terms, maximum.ok ? maximum.value : maxRunnersPerDeploy);
  const problems: PoolProblems = { ...terms.problems };
  if (!maximum.ok) problems.maximum = maximum.problem;
  if (!size.ok) problems[size.field ?? 'size'] = size.problem;
  if (!maximum.ok || !size.ok || terms.read === null) return { shape: null, problems };
  return { shape: { size: size.value, ...terms.read }, problems };
}

/** The fields that differ from the pool; null when none does. */
export function changeOf(pool: PoolShape, shape: PoolShape): PoolChange | null {
  const change: PoolChange = {
    ...(differ(pool.size, shape.size) && { size: shape.size }),
    ...(differ(pool.lifecycle, shape.lifecycle) && { lifecycle: shape.lifecycle }),
    ...(differ(pool.scaling, shape.scaling) && { scaling: shape.scaling }),
    ...(differ(pool.neighbour, shape.neighbour) && { neighbour: shape.neighbour }),
    ...(pool.rerunLost !== shape.rerunLost && { rerunLost: shape.rerunLost }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/** Compares plain values; the order of an object's fields does not count. */
function differ(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one !== other;
  const [first, second] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const keys = new Set([...first.keys(), ...second.keys()]);
  return [...keys].some((key) => differ(first.get(key), second.get(key)));
}
