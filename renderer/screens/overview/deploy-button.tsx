/** The one thing to do next: deploys the suggested set at once. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { DeployRequest } from '../../../shared/contract.ts';
import { formatCount } from '../../../shared/format.ts';
import type { Plan, Repository } from '../../../shared/model.ts';
import { defaultIdleTimeoutMs, defaultNeighbour, defaultScaling } from '../../../shared/pool-defaults.ts';
import { Button, ButtonLink, type ButtonSize } from '../../components/button.tsx';
import { runAction } from '../../store/run-action.ts';
import { useClient } from '../../store/session.ts';

/**
 * What the plan suggests, as a request. Null where a person has to look first: a public repository, or runners beside
 * which no more fit.
 */
export function suggestedDeploy(plan: Plan, repository: Repository, first: boolean): DeployRequest | null {
  if (plan.refusal !== null || plan.suggestedCount < 1 || repository.visibility === 'public') return null;
  if (!first && plan.fits < plan.suggestedCount) return null;
  return {
    repositoryId: repository.id,
    count: plan.suggestedCount,
    name: plan.suggestedName,
    labels: [],
    size: plan.size,
    lifecycle: { mode: 'auto', idleTimeoutMs: defaultIdleTimeoutMs },
    scaling: { ...defaultScaling, maxRunners: plan.suggestedCount },
    neighbour: defaultNeighbour,
    rerunLost: true,
    acceptPublicRisk: false,
  };
}

export function DeployButton({
  plan,
  repository,
  first,
  size,
}: {
  plan: Plan | null;
  /** Null when there are several to choose from. */
  repository: Repository | null;
  /** Whether no runners are there yet. */
  first: boolean;
  size?: ButtonSize;
}) {
  const client = useClient();
  const [working, setWorking] = useState(false);
  const request = plan && repository ? suggestedDeploy(plan, repository, first) : null;
  if (request === null) {
    const count = repository?.visibility === 'public' && plan?.refusal === null ? plan.suggestedCount : 0;
    return (
      <ButtonLink kind={first || count > 0 ? 'primary' : 'secondary'} size={size} icon={Plus} href="#/deploy">
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
