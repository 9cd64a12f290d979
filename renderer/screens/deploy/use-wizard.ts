/** The wizard's state: one draft, the plan it is measured against, and where one is. */
import { useMemo, useState } from 'react';
import type { Repository } from '../../../shared/model.ts';
import {
  type Draft,
  earlyProblems,
  type Problems,
  problemsOn,
  type ReadDraft,
  readDraft,
  type StepId,
  startDraft,
  steps,
  takeLabels,
  type Wanted,
} from './draft.ts';
import { readSize } from './size.ts';
import { type DeployState, useDeploy } from './use-deploy.ts';
import { type Pages, usePages } from './use-pages.ts';
import { type PlanState, usePlan } from './use-plan.ts';

export interface WizardState {
  draft: Draft;
  pages: Pages;
  planning: PlanState;
  repository: Repository | undefined;
  read: ReadDraft | null;
  /** What the present page shows beside its fields. */
  problems: Problems;
  /** What was done with typed labels; null = nothing worth a word. */
  note: string | null;
  deploying: DeployState;
  change: (changes: Partial<Draft>) => void;
  takeTypedLabels: () => void;
  /** Goes on, deploys, or stays because something is wrong; returns false when it stays. */
  next: () => boolean;
  /** Goes to any page seen before, or to the first one in between that needs attention. */
  goTo: (page: StepId) => void;
}

export function useWizard(repositories: readonly Repository[], wanted: Wanted): WizardState {
  const [draft, setDraft] = useState<Draft>(() => startDraft(repositories, wanted));
  const [note, setNote] = useState<string | null>(null);
  const [tried, setTried] = useState<ReadonlySet<StepId>>(new Set());
  const pages = usePages(draft.repositoryId === null ? 'where' : 'how-many');
  const deploying = useDeploy(pages.go);
  const repository = repositories.find(({ id }) => id === draft.repositoryId);
  const { preset, custom } = draft;
  const size = useMemo(() => {
    const chosen = preset === null ? null : readSize(preset, custom);
    return chosen?.ok ? chosen.value : null;
  }, [preset, custom]);
  const planning = usePlan(repository?.id ?? null, size);
  const read = planning.plan === null ? null : readDraft(draft, planning.plan, repository);

  const isStuck = (page: StepId): boolean => {
    if (page === 'where') return repository === undefined;
    if (read === null || planning.plan?.refusal) return true;
    return Object.keys(problemsOn(page, read.problems)).length > 0;
  };
  const takeTypedLabels = (): void => {
    const { note: said, ...taken } = takeLabels(draft, planning.plan);
    setDraft(taken);
    setNote(said);
  };
  const goTo = (target: StepId): void => {
    const passed = steps.slice(0, steps.indexOf(target));
    const stuck = passed.find(isStuck);
    if (stuck !== undefined) setTried((before) => new Set(before).add(stuck));
    pages.go(stuck ?? target);
  };
  return {
    draft,
    pages,
    planning,
    repository,
    read,
    problems: { ...pageProblems(pages.page, read, tried), ...deploying.refusal.fields },
    note,
    deploying,
    change(changes) {
      setDraft((before) => ({ ...before, ...changes }));
      setNote(null);
      deploying.forget();
    },
    takeTypedLabels,
    next() {
      const { page } = pages;
      setTried((before) => new Set(before).add(page));
      if (isStuck(page)) return false;
      if (page === 'review') {
        if (read?.request) void deploying.deploy(read.request);
        return true;
      }
      takeTypedLabels();
      goTo(steps[steps.indexOf(page) + 1] ?? page);
      return true;
    },
    goTo,
  };
}

function pageProblems(page: StepId, read: ReadDraft | null, tried: ReadonlySet<StepId>): Problems {
  if (read === null) {
    const unchosen = { repositoryId: 'Choose the repository that the runners are for.' };
    return page === 'where' && tried.has(page) ? unchosen : {};
  }
  const own = problemsOn(page, read.problems);
  return tried.has(page) ? own : earlyProblems(own);
}
