/** `#/deploy/:poolId`: a deploy at work, a row per runner, and what to do when it is done. */
import { ArrowLeft, Play } from 'lucide-react';
import { useState } from 'react';
import { formatDuration } from '../../../shared/format.ts';
import type { Pool, Repository, Runner } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card, CardBody } from '../../components/card.tsx';
import { CodeBlock } from '../../components/code.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { openDialog } from '../../store/dialogs.ts';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useClient } from '../../store/session.ts';
import styles from './progress.module.css';
import { type DeploySummary, readyAfter, summariseDeploy } from './progress.ts';
import { ProgressRow } from './progress-row.tsx';
import { useSeenRunners } from './use-seen-runners.ts';

export function DeployProgressScreen({ poolId }: { poolId: string }) {
  const pool = useBoard((board) => board.pools[poolId]);
  const runners = useSeenRunners(poolId);
  const repositoryId = pool?.repositoryId ?? runners[0]?.repositoryId ?? '';
  const repository = useBoard((board) => board.repositories[repositoryId]);
  const summary = summariseDeploy(runners, repository);
  if (runners.length === 0) return <NothingHere pool={pool} />;
  return (
    <>
      <PageHeader
        documentTitle={summary.headline}
        title={summary.headline}
        sub={aboutSummary(summary, runners)}
        actions={<HeaderActions poolId={poolId} summary={summary} repositoryId={repositoryId} />}
      />
      <div className={styles.screen}>
        <Card title="Runners" note={summary.finished ? undefined : 'They go on when you leave this page.'}>
          <ul className={styles.rows}>
            {runners.map((runner) => (
              <ProgressRow key={runner.id} runner={runner} />
            ))}
          </ul>
        </Card>
        {summary.counts.listening > 0 && <NextStep runners={runners} repository={repository} />}
      </div>
    </>
  );
}

function aboutSummary({ counts, finished }: DeploySummary, runners: readonly Runner[]): string {
  if (!finished) {
    const parts = [`${counts.listening} of ${runners.length} listening`];
    if (counts.failed > 0) parts.push(`${counts.failed} failed`);
    if (counts.gone > 0) parts.push(`${counts.gone} cancelled`);
    return parts.join(' · ');
  }
  if (counts.failed > 0) return 'What failed says why below, and can be tried again.';
  if (counts.listening === 0) return 'Neither here nor on the forge.';
  const tookMs = readyAfter(runners);
  const ready = tookMs === null ? 'Jobs can come.' : `Ready after ${formatDuration(tookMs)}. Jobs can come.`;
  return counts.gone > 0 ? `${ready} ${counts.gone} cancelled; nothing is left of them.` : ready;
}

function HeaderActions({
  poolId,
  summary,
  repositoryId,
}: {
  poolId: string;
  summary: DeploySummary;
  repositoryId: string;
}) {
  const client = useClient();
  const [working, setWorking] = useState(false);
  const cancelAll = async (): Promise<void> => {
    setWorking(true);
    await runAction(() => client.pools.cancelDeploy({ poolId }), null);
    setWorking(false);
  };
  if (!summary.finished) {
    return (
      <Button busy={working} onClick={() => void cancelAll()}>
        Cancel all
      </Button>
    );
  }
  if (summary.counts.listening === 0) {
    return (
      <ButtonLink href="#/deploy" kind="primary">
        Deploy again
      </ButtonLink>
    );
  }
  return (
    <>
      <ButtonLink href="#/">See them on the track</ButtonLink>
      <Button kind="primary" icon={Play} onClick={() => openDialog({ kind: 'run-workflow', repositoryId })}>
        Run a workflow
      </Button>
    </>
  );
}

function NextStep({
  runners,
  repository,
}: {
  runners: readonly Runner[];
  repository: Repository | undefined;
}) {
  const labels = runners[0]?.labels ?? [];
  return (
    <Card title="Send them jobs">
      <CardBody className={styles.next}>
        <p>
          A job runs here when its workflow{repository === undefined ? '' : ` in ${repository.fullName}`} asks
          for these labels, or for some of them:
        </p>
        <CodeBlock text={`runs-on: [${labels.join(', ')}]`} />
      </CardBody>
    </Card>
  );
}

function NothingHere({ pool }: { pool: Pool | undefined }) {
  return (
    <>
      <PageHeader
        documentTitle="Deploy"
        before={<a href="#/deploy">Deploy</a>}
        title={pool === undefined ? 'This deploy is not here any more' : `No runner of ${pool.name} is left`}
      />
      <Card>
        <EmptyState
          title="Nothing is left of it"
          action={
            <>
              <ButtonLink href="#/runners" icon={ArrowLeft}>
                Runners
              </ButtonLink>
              <ButtonLink href="#/deploy" kind="primary">
                Deploy again
              </ButtonLink>
            </>
          }
        >
          Its runners were cancelled or removed since.
        </EmptyState>
      </Card>
    </>
  );
}
