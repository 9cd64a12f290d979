/** The one thing to do next: deploys the suggested set at once. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { DeployRequest } from '../../../shared/contract.ts';
import { formatCount } from '../../../shared/format.ts';
import type { Plan, Repository } from '../../../shared/model.ts';
import { Button, ButtonLink, type ButtonSize } from '../../components/button.tsx';
import { runAction } from '../../store/run-action.ts';
import { useClient } from '../../store/session.ts';

/** What the plan suggests, as a request; never for a public repository, which needs a person's word first. */
export function suggestedDeploy(plan: Plan, repository: Repository): DeployRequest | null {
  if (plan.refusal !== null || plan.suggestedCount < 1 || repository.visibility === 'public') return null;
  return {
    repositoryId: repository.id,
    count: plan.suggestedCount,
    name: plan.suggestedName,
    labels: [],
    size: plan.size,
    lifecycle: { mode: 'manual' },
    acceptPublicRisk: false,
  };
}

export function DeployButton({
  plan,
  repository,
  size,
}: {
  plan: Plan | null;
  /** Null when there are several to choose from. */
  repository: Repository | null;
  size?: ButtonSize;
}) {
  const client = useClient();
  const [working, setWorking] = useState(false);
  const request = plan && repository ? suggestedDeploy(plan, repository) : null;
  if (request === null) {
    const count = plan !== null && repository !== null && plan.refusal === null ? plan.suggestedCount : 0;
    return (
      <ButtonLink kind="primary" size={size} icon={Plus} href="#/deploy">
        {count > 0 ? `Deploy ${formatCount(count, 'runner')}…` : 'Deploy runners…'}
      </ButtonLink>
    );
  }
  const deploy = async (): Promise<void> => {
    setWorking(true);
    await runAction(() => client.pools.deploy(request), null);
    setWorking(false);
  };
  return (
    <Button kind="primary" size={size} icon={Plus} busy={working} onClick={() => void deploy()}>
      Deploy {formatCount(request.count, 'runner')}
    </Button>
  );
}
