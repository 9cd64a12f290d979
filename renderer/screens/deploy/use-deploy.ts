/** Sends the request; what the engine refuses is told at the field it names. */
import { useState } from 'react';
import type { DeployRequest } from '../../../shared/contract.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { navigate } from '../../router.ts';
import { useClient } from '../../store/session.ts';
import { isField, type Problems, pageOf, type StepId } from './draft.ts';

interface Refusal {
  /** At the fields that the engine named. */
  fields: Problems;
  /** What belongs to no field. */
  rest: ShownProblem | null;
}

const none: Refusal = { fields: {}, rest: null };

export interface DeployState {
  refusal: Refusal;
  working: boolean;
  deploy: (request: DeployRequest) => Promise<void>;
  /** Forgets the refusal, because something was changed. */
  forget: () => void;
}

/** @param go shows the page of a refused field */
export function useDeploy(go: (page: StepId) => void): DeployState {
  const client = useClient();
  const [refusal, setRefusal] = useState(none);
  const [working, setWorking] = useState(false);
  const deploy = async (request: DeployRequest): Promise<void> => {
    if (working) return;
    setWorking(true);
    setRefusal(none);
    try {
      const { pool, runnerIds } = await client.pools.deploy(request);
      // Without a runner there is no progress to watch, only a pool that waits.
      const place = runnerIds.length === 0 ? 'pools' : 'deploy';
      navigate(`/${place}/${encodeURIComponent(pool.id)}`, { replace: true });
    } catch (error) {
      const problem = problemOf(error);
      setRefusal(toRefusal(problem));
      setWorking(false);
      const page = pageOf(problem.field);
      if (page !== null) go(page);
    }
  };
  return { refusal, working, deploy, forget: () => setRefusal(none) };
}

function toRefusal(problem: ShownProblem): Refusal {
  const { field, message, remedy } = problem;
  if (field === null || !isField(field)) return { fields: {}, rest: problem };
  return { fields: { [field]: remedy === null ? message : `${message} ${remedy}` }, rest: null };
}
