/** What a person has entered in the wizard, and what it amounts to. Nothing of it is lost by going back and forth. */
import type { DeployRequest } from '../../../shared/contract.ts';
import type { Plan, Repository } from '../../../shared/model.ts';
import { maxRunnersPerDeploy } from '../../../shared/sizes.ts';
import { type ReadTerms, readTerms, type Terms, type TermsField, termsOf } from '../pools/terms.ts';
import { readCount } from './count.ts';
import { addLabels } from './labels.ts';
import { readPrefix } from './runner-name.ts';
import { type CustomSizeText, type Preset, readSize } from './size.ts';

/** The pages of the wizard, in order. */
export const steps = ['where', 'how-many', 'how', 'review'] as const;
export type StepId = (typeof steps)[number];

export const stepTitles: Record<StepId, string> = {
  where: 'Where',
  'how-many': 'How many',
  how: 'How',
  review: 'Review',
};

export interface Draft {
  repositoryId: string | null;
  /** As typed: the runners of a pool that is fixed, the most at once of one that manages itself; null = suggested. */
  count: string | null;
  /** Null = the suggested size. */
  preset: Preset | null;
  custom: CustomSizeText;
  /** As typed; null = what is suggested. */
  name: string | null;
  labels: string[];
  /** What stands in the label field and is not a label yet. */
  labelText: string;
  terms: Terms;
  /** Whether an automatic pool starts runners at once or when the first job waits. */
  begin: 'now' | 'first-job';
  acceptPublicRisk: boolean;
}

/** Where a problem is shown: an input of the wizard. */
export type Field =
  | 'repositoryId'
  | 'count'
  | 'cores'
  | 'memory'
  | 'size'
  | 'name'
  | 'labels'
  | 'acceptPublicRisk'
  | TermsField;
export type Problems = Partial<Record<Field, string>>;

const pages: Record<Field, StepId> = {
  repositoryId: 'where',
  count: 'how-many',
  cores: 'how-many',
  memory: 'how-many',
  size: 'how-many',
  name: 'how',
  labels: 'how',
  lifecycle: 'how',
  idleMinutes: 'how',
  spares: 'how',
  scaling: 'how',
  neighbour: 'how',
  load: 'how',
  hours: 'how',
  acceptPublicRisk: 'review',
};

/** The page that shows a field; null for a word that is none (an engine newer than this panel). */
export function pageOf(field: string | null): StepId | null {
  return field !== null && isField(field) ? pages[field] : null;
}

export function isField(field: string): field is Field {
  return Object.hasOwn(pages, field);
}

/** What a link to the wizard asks for: `#/deploy?labels=gpu,large&repository=r1`. */
export interface Wanted {
  labels: string;
  repositoryId: string | null;
}

/** A fresh draft. The repository is chosen already when the link names it or there is only one. */
export function startDraft(repositories: readonly Repository[], wanted: Wanted): Draft {
  const only = repositories.length === 1 ? repositories[0] : undefined;
  const named = repositories.find(({ id }) => id === wanted.repositoryId);
  return {
    repositoryId: (named ?? only)?.id ?? null,
    count: null,
    preset: null,
    custom: { cores: '2', memory: '4' },
    name: null,
    ...pick(addLabels([], wanted.labels, [])),
    terms: termsOf(null),
    begin: 'now',
    acceptPublicRisk: false,
  };
}

const pick = ({
  labels,
  rest,
}: {
  labels: string[];
  rest: string[];
}): Pick<Draft, 'labels' | 'labelText'> => ({
  labels,
  labelText: rest.join(', '),
});

/** Turns what stands in the label field into labels; what cannot be one stays in the field. */
export function takeLabels(draft: Draft, plan: Plan | null): Draft & { note: string | null } {
  const added = addLabels(draft.labels, draft.labelText, plan?.defaultLabels ?? []);
  return { ...draft, ...pick(added), note: added.note };
}

export interface ReadDraft {
  /** What is asked for, the tick for a public repository aside; null while something else is wrong. */
  wanted: Omit<DeployRequest, 'acceptPublicRisk'> | null;
  /** Null while anything is wrong. */
  request: DeployRequest | null;
  problems: Problems;
}

/** Reads the whole draft with the plan it is measured against. */
export function readDraft(draft: Draft, plan: Plan, repository: Repository | undefined): ReadDraft {
  const count = readCount(draft.count ?? String(plan.suggestedCount));
  const size = readSize(draft.preset ?? plan.size.preset, draft.custom);
  const name = readPrefix(draft.name ?? plan.suggestedName);
  const { labels, problem: labelsProblem } = addLabels(draft.labels, draft.labelText, plan.defaultLabels);
  // A maximum that cannot be read is told at its own field; the rest is measured against the most there can be.
  const terms = readTerms(draft.terms, count.ok ? count.value : maxRunnersPerDeploy);
  const problems: Problems = { ...terms.problems };
  if (repository === undefined) problems.repositoryId = 'Choose the repository that the runners are for.';
  if (!count.ok) problems.count = count.problem;
  if (!size.ok) problems[size.field ?? 'size'] = size.problem;
  if (!name.ok) problems.name = name.problem;
  if (labelsProblem !== null) problems.labels = labelsProblem;
  const clear = Object.keys(problems).length === 0;
  if (!clear || repository === undefined || !count.ok || !size.ok || !name.ok || terms.read === null) {
    return { wanted: null, request: null, problems };
  }
  const wanted = {
    repositoryId: repository.id,
    count: startCount(draft, terms.read, plan),
    size: size.value,
    name: name.value,
    labels,
    ...terms.read,
  };
  const { acceptPublicRisk } = draft;
  if (repository.visibility === 'public' && !acceptPublicRisk) {
    problems.acceptPublicRisk = 'Tick this to deploy runners for a public repository.';
    return { wanted, request: null, problems };
  }
  return { wanted, request: { ...wanted, acceptPublicRisk }, problems };
}

/** Runners to start at once. A pool that manages itself starts no more than fit; the others come when there is room. */
function startCount({ begin }: Draft, { lifecycle, scaling }: ReadTerms, { fits }: Plan): number {
  const { minRunners, maxRunners } = scaling;
  if (lifecycle.mode === 'manual') return maxRunners;
  if (lifecycle.mode === 'ephemeral' || begin === 'first-job') return minRunners;
  return Math.max(minRunners, Math.min(maxRunners, Math.max(1, fits)));
}

/** Problems that are shown before a person has tried to leave the page: what they typed, not what they have yet to do. */
export function earlyProblems({
  repositoryId: _later,
  acceptPublicRisk: _last,
  ...typed
}: Problems): Problems {
  return typed;
}

/** The problems that one page shows. */
export function problemsOn(page: StepId, problems: Problems): Problems {
  const own = Object.entries(problems).filter(([field]) => pageOf(field) === page);
  return Object.fromEntries(own);
}
