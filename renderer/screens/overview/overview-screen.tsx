/** The first screen: is everything all right, what runs, what waits and why. */
import { Eye, Play } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { formatBytes, formatCoreCount, formatCount } from '../../../shared/format.ts';
import type { Plan, Repository } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { openDialog } from '../../store/dialogs.ts';
import { useBoard, useBoardList } from '../../store/session.ts';
import { usePlan } from '../deploy/use-plan.ts';
import { managesItself } from '../runners/stay.ts';
import { Activity } from './activity.tsx';
import { ForgeProblems, NeedsYou } from './attention.tsx';
import { CheckedAgo } from './checked-ago.tsx';
import { Clauses } from './clauses.tsx';
import { DeployButton } from './deploy-button.tsx';
import { GhostTrack } from './ghost-track.tsx';
import { headlineOf } from './headline.ts';
import { LeftBehindNote } from './left-behind-note.tsx';
import { LostJobs } from './lost-jobs-card.tsx';
import { Machine } from './machine.tsx';
import styles from './overview.module.css';
import { Running } from './running.tsx';
import { Track } from './track.tsx';
import { Waiting } from './waiting.tsx';

export function OverviewScreen() {
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const runnerCount = useBoard((board) => Object.keys(board.runners).length);
  const repository = repositories.length === 1 ? (repositories[0] ?? null) : null;
  const plan = useCurrentPlan(repositories[0] ?? null, runnerCount);
  const connected = repositories.length > 0;
  const managed = useBoard((board) => Object.values(board.pools).some(managesItself));
  const tracked = runnerCount > 0 || managed;
  return (
    <>
      <PageHeader
        title={<Headline />}
        documentTitle="Overview"
        sub={<SubLine />}
        actions={connected && tracked && <Actions plan={plan} repository={repository} />}
      />
      <div className={styles.stack}>
        <ForgeProblems />
        <NeedsYou />
        <LostJobs />
        {tracked ? <Track /> : <Start connected={connected} plan={plan} repository={repository} />}
        <div className={styles.columns}>
          <div className={styles.stack}>
            {connected && <Waiting />}
            {tracked && <Running />}
            <Activity />
          </div>
          <div className={styles.stack}>
            <Machine plan={plan} />
            <LeftBehindNote />
          </div>
        </div>
      </div>
    </>
  );
}

/** The plan of the machine as it is now: asked again when runners came or went. */
function useCurrentPlan(repository: Repository | null, runnerCount: number): Plan | null {
  const { plan, retry } = usePlan(repository?.id ?? null, null);
  const planned = useRef(runnerCount);
  useEffect(() => {
    if (planned.current === runnerCount) return;
    planned.current = runnerCount;
    retry();
  }, [runnerCount, retry]);
  return plan;
}

function Headline() {
  const panel = useBoard((board) => board.panel);
  const connections = useBoard((board) => board.connections);
  const repositories = useBoard((board) => board.repositories);
  const runners = useBoard((board) => board.runners);
  const jobs = useBoard((board) => board.jobs);
  const waits = useBoard((board) => board.waits);
  const pools = useBoard((board) => board.pools);
  const poolStates = useBoard((board) => board.poolStates);
  const clauses = useMemo(
    () => headlineOf({ panel, connections, repositories, runners, jobs, waits, pools, poolStates }),
    [panel, connections, repositories, runners, jobs, waits, pools, poolStates],
  );
  return <Clauses clauses={clauses} />;
}

function SubLine() {
  const host = useBoard((board) => board.panel.host);
  const machine = host && [
    host.hostname,
    `${host.architecture}, ${formatCoreCount(host.cores)}, ${formatBytes(host.memoryBytes)}`,
  ];
  return (
    <>
      {machine ? machine.join(' · ') : 'Looking at this machine…'}
      <CheckedAgo />
    </>
  );
}

function Actions({ plan, repository }: { plan: Plan | null; repository: Repository | null }) {
  const deploying = useBoard(
    (board) => Object.values(board.runners).find(({ state }) => state === 'deploying')?.poolId ?? null,
  );
  return (
    <>
      <RunWorkflowButton repository={repository} />
      {deploying === null ? (
        <DeployButton plan={plan} repository={repository} first={false} />
      ) : (
        <ButtonLink icon={Eye} href={`#/deploy/${encodeURIComponent(deploying)}`}>
          Watch the deploy
        </ButtonLink>
      )}
    </>
  );
}

function RunWorkflowButton({ repository }: { repository: Repository | null }) {
  return (
    <Button
      icon={Play}
      onClick={() => openDialog({ kind: 'run-workflow', repositoryId: repository?.id ?? null })}
    >
      Run a workflow…
    </Button>
  );
}

function Start({
  connected,
  plan,
  repository,
}: {
  connected: boolean;
  plan: Plan | null;
  repository: Repository | null;
}) {
  if (!connected) {
    return (
      <Card>
        <EmptyState
          picture={<GhostTrack />}
          title="Your machine can run your repository’s jobs"
          action={
            <ButtonLink kind="primary" size="large" href="#/connect">
              Connect a repository
            </ButtonLink>
          }
        >
          Connect a repository of yours, or look around with the demo GitHub first. It takes a minute.
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card>
      <EmptyState
        picture={<GhostTrack />}
        title="The track of your runners appears here"
        action={
          <>
            <DeployButton plan={plan} repository={repository} first size="large" />
            <ButtonLink size="large" href="#/deploy">
              Choose how many…
            </ButtonLink>
          </>
        }
      >
        {plan?.refusal === null && plan.suggestedCount > 0
          ? `${formatCount(plan.suggestedCount, 'runner')} of ${formatCoreCount(plan.size.cores)} and ` +
            `${formatBytes(plan.size.memoryBytes)} each suit this machine; ` +
            `${formatCoreCount(plan.reservedCores)} ${plan.reservedCores === 1 ? 'stays' : 'stay'} for you.`
          : 'A runner is a program on this machine that takes one job at a time.'}
      </EmptyState>
    </Card>
  );
}
