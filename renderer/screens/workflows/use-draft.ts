/** The workflow that the engine writes for a form, again each time the form has changed. */
import { useEffect, useMemo, useState } from 'react';
import type { WorkflowDraft } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';
import { type DraftForm, draftRequest } from './draft-form.ts';

/** While somebody types, the engine is not asked for every letter. */
const typingPauseMs = 250;

export function useDraft(repositoryId: string, form: DraftForm) {
  const client = useClient();
  const [draft, setDraft] = useState<WorkflowDraft | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const request = useMemo(() => draftRequest(repositoryId, form), [repositoryId, form]);
  const isFirst = draft === null;
  useEffect(() => {
    if (request === null) return;
    const ending = new AbortController();
    const ask = (): void => {
      client.workflows.draft(request, { signal: ending.signal }).then(
        (written) => {
          if (ending.signal.aborted) return;
          setDraft(written);
          setProblem(null);
        },
        (error: unknown) => !ending.signal.aborted && setProblem(problemOf(error)),
      );
    };
    const timer = setTimeout(ask, isFirst ? 0 : typingPauseMs);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [client, request, isFirst]);
  return { draft, problem, stale: request === null };
}
