/** One run as it goes: its jobs in time, what it waits for, a job's steps and log, its artifacts. */
import { ChevronLeft, Workflow } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useSearch } from 'wouter';
import type { RunDetail, RunJob } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { ScreenSkeleton } from '../../components/skeleton.tsx';
import { navigate } from '../../router.ts';
import { useBoard } from '../../store/session.ts';
import { addressOf, runsPath } from '../runs/run-filter.ts';
import { runPath } from '../runs/run-words.ts';
import { ArtifactsCard } from './artifacts-card.tsx';
import { GateNotes } from './gate-notes.tsx';
import { JobCard } from './job-card.tsx';
import { jobToOpen } from './job-to-open.ts';
import { RunHeader } from './run-header.tsx';
import styles from './run-screen.module.css';
import { TimelineCard } from './timeline-card.tsx';
import { useRun } from './use-run.ts';
import { WaitNotes } from './wait-notes.tsx';

export function RunScreen({ repositoryId, runId }: { repositoryId: string; runId: number }) {
  const { detail, problem, follow } = useRun(repositoryId, runId);
  const known = useBoard((board) => repositoryId in board.repositories);
  if (!known || !Number.isSafeInteger(runId)) return <NoSuchRun />;
  if (detail === null) {
    return problem === null ? (
      <ScreenSkeleton />
    ) : (
      <>
        <PageHeader
          before={<Back repositoryId={repositoryId} />}
          title="This run cannot be shown"
          documentTitle="Run"
        />
        <ProblemNote problem={problem} action={<Button onClick={follow}>Try again</Button>} />
      </>
    );
  }
  return (
    <>
      <RunHeader detail={detail} before={<Back repositoryId={repositoryId} />} onChanged={follow} />
      <div className={styles.stack}>
        {problem && (
          <ProblemNote tone="wait" problem={problem} action={<Button onClick={follow}>Try again</Button>} />
        )}
        {problem === null && detail.problem && <ProblemNote tone="wait" problem={detail.problem} />}
        <RunBody detail={detail} onChanged={follow} />
      </div>
    </>
  );
}

function RunBody({ detail, onChanged }: { detail: RunDetail; onChanged: () => void }) {
  const { run, jobs } = detail;
  const wanted = new URLSearchParams(useSearch()).get('job');
  // What is known when the run is first shown decides; later nothing opens by itself, so that nothing jumps.
  const [first] = useState(() => jobToOpen(jobs));
  const opened = useMemo(() => openedJob(jobs, wanted, first), [jobs, wanted, first]);
  const open = (key: string | null): void =>
    navigate(addressOf(runPath(run.repositoryId, run.id), [['job', key ?? 'none']]), { replace: true });
  return (
    <>
      <WaitNotes detail={detail} />
      <GateNotes detail={detail} onChanged={onChanged} />
      <TimelineCard detail={detail} opened={opened?.key ?? null} onOpen={open} />
      {opened && (
        <JobCard key={opened.key} run={run} job={opened} onClose={() => open(null)} onChanged={onChanged} />
      )}
      <ArtifactsCard detail={detail} />
    </>
  );
}

/** The job that the address names, by its key, or by the forge's id where a link from elsewhere leads here. */
function openedJob(jobs: readonly RunJob[], wanted: string | null, first: string | null): RunJob | null {
  const key = wanted ?? first;
  return jobs.find((job) => job.key === key) ?? jobs.find((job) => String(job.id) === key) ?? null;
}

function Back({ repositoryId }: { repositoryId: string }) {
  return (
    <a className={styles.back} href={`#${runsPath(repositoryId)}`}>
      <ChevronLeft aria-hidden="true" />
      Runs
    </a>
  );
}

function NoSuchRun() {
  return (
    <>
      <PageHeader title="There is no such run" documentTitle="Run" />
      <Card>
        <EmptyState
          icon={Workflow}
          title="Its repository is not connected, or the address is wrong"
          action={<ButtonLink href="#/runs">See the runs</ButtonLink>}
        />
      </Card>
    </>
  );
}
