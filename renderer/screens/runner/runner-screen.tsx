/** One runner: its state and why, its logs, its facts. */
import { Tabs } from '@base-ui/react/tabs';
import { ChevronLeft, Ellipsis, Server } from 'lucide-react';
import { useState } from 'react';
import { useSearch } from 'wouter';
import { formatAgo, formatClock } from '../../../shared/format.ts';
import type { LogSource, Runner } from '../../../shared/model.ts';
import { Button, ButtonLink, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LogViewer } from '../../components/log-viewer/log-viewer.tsx';
import { Menu } from '../../components/menu.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { needsSomebody } from '../../components/runner-state.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { type AskedAction, RunnerDialog } from '../runners/runner-dialog.tsx';
import { stayOf } from '../runners/stay.ts';
import { StayWords } from '../runners/stay-words.tsx';
import { useRunnerActions } from '../runners/use-runner-actions.ts';
import { AvailabilityCard } from './availability-card.tsx';
import { HealthCard } from './health-card.tsx';
import { RunnerEvents } from './runner-events.tsx';
import { DeploySteps, Facts, RecentJobs } from './runner-facts.tsx';
import styles from './runner-screen.module.css';

export function RunnerScreen({ runnerId }: { runnerId: string }) {
  const runner = useBoard((board) => board.runners[runnerId]);
  const [asked, setAsked] = useState<AskedAction | null>(null);
  if (runner === undefined) return <GoneRunner runnerId={runnerId} />;
  const deployed = runner.steps.every(({ status }) => status === 'done');
  return (
    <>
      <PageHeader
        before={
          <a className={styles.back} href="#/runners">
            <ChevronLeft aria-hidden="true" />
            Runners
          </a>
        }
        title={
          <span className={styles.title}>
            {runner.name} <StateBadge runner={runner} />
          </span>
        }
        documentTitle={runner.name}
        sub={<SubLine runner={runner} />}
        actions={<Actions runner={runner} onAsk={setAsked} />}
      />
      {runner.failure && needsSomebody(runner) && (
        <ProblemNote className={styles.failure} problem={runner.failure} />
      )}
      <div className={styles.columns}>
        <div className={styles.stack}>
          {!deployed && <DeploySteps runner={runner} />}
          <Logs runner={runner} />
          <RunnerEvents runnerId={runnerId} />
        </div>
        <div className={styles.stack}>
          {deployed && <HealthCard runner={runner} />}
          <AvailabilityCard runner={runner} />
          <Facts runner={runner} />
          <RecentJobs runnerId={runnerId} />
          {deployed && <DeploySteps runner={runner} />}
        </div>
      </div>
      {asked && <RunnerDialog asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function GoneRunner({ runnerId }: { runnerId: string }) {
  return (
    <>
      <PageHeader title="This runner is gone" documentTitle="Runner" />
      <Card>
        <EmptyState
          icon={Server}
          title="It was removed, or it never existed"
          action={<ButtonLink href="#/runners">See the runners</ButtonLink>}
        />
      </Card>
      <div className={styles.goneEvents}>
        <RunnerEvents runnerId={runnerId} />
      </div>
    </>
  );
}

function SubLine({ runner }: { runner: Runner }) {
  const now = useNow();
  const { job } = runner;
  const stay = stayOf(runner, now);
  if (stay !== null) return <StayWords stay={stay} />;
  if (job === null) {
    return (
      <>
        {runner.cause} · {formatAgo(now - runner.stateSince)}
      </>
    );
  }
  return (
    <>
      Runs{' '}
      {job.url === null ? (
        <strong>{job.name}</strong>
      ) : (
        <a href={job.url} target="_blank" rel="noreferrer">
          {job.name}
        </a>
      )}{' '}
      for {formatClock(now - job.startedAt)}.{runner.draining && ` ${runner.cause}`}
    </>
  );
}

/** Actions that stand beside the name; the others are in the menu. */
const mostButtons = 2;

function Actions({ runner, onAsk }: { runner: Runner; onAsk: (asked: AskedAction) => void }) {
  const actions = useRunnerActions(onAsk)(runner);
  const shown = actions.filter(({ danger }) => !danger).slice(0, mostButtons);
  const rest = actions.filter((action) => !shown.includes(action));
  return (
    <>
      {shown.map(({ label, icon, says, run }) => (
        <Button key={label} icon={icon} title={says} onClick={run}>
          {label}
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu trigger={<IconButton icon={Ellipsis} label={`More for ${runner.name}`} />} actions={rest} />
      )}
    </>
  );
}

type LogKind = Exclude<LogSource['kind'], 'job'>;

const logs: readonly { kind: LogKind; tab: string; title: (runner: string) => string }[] = [
  { kind: 'runner-job', tab: 'Job', title: (runner) => `Log of the job on ${runner}` },
  { kind: 'listener', tab: 'Listener', title: (runner) => `Log of ${runner}’s listener` },
];

function Logs({ runner }: { runner: Runner }) {
  const wanted = new URLSearchParams(useSearch()).get('log');
  const isJob = wanted === 'job' || (wanted === null && runner.job !== null);
  const [kind, setKind] = useState<LogKind>(isJob ? 'runner-job' : 'listener');
  return (
    <Card className={styles.logs}>
      <Tabs.Root
        value={kind}
        onValueChange={(value) => setKind(value === 'listener' ? 'listener' : 'runner-job')}
      >
        <div className={styles.logHead}>
          <h2>Log</h2>
          <Tabs.List className={styles.tabs} aria-label="Which log">
            {logs.map((log) => (
              <Tabs.Tab key={log.kind} value={log.kind} className={styles.tab}>
                {log.tab}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </div>
        {logs.map((log) => (
          <Tabs.Panel key={log.kind} value={log.kind} className={styles.panel}>
            <LogViewer source={{ kind: log.kind, runnerId: runner.id }} title={log.title(runner.name)} />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </Card>
  );
}
