// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells are read, their links and buttons take the focus
// biome-ignore-all lint/a11y/useSemanticElements: a real table cannot leave out the rows that are not seen
/** One runner of the list: a row of a table on wide screens, a card on narrow ones. */
import { Ellipsis, LogOut, RotateCcw, ScrollText, Undo2 } from 'lucide-react';
import { memo } from 'react';
import {
  formatBytes,
  formatClock,
  formatCoreCount,
  formatCores,
  formatRoughly,
} from '../../../shared/format.ts';
import type { ForeignRunner, Runner } from '../../../shared/model.ts';
import { Button, ButtonLink, IconButton } from '../../components/button.tsx';
import { Checkbox } from '../../components/choice.tsx';
import { classNames } from '../../components/class-names.ts';
import { Menu } from '../../components/menu.tsx';
import { Pill } from '../../components/pill.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { StepSegments } from '../../components/steps.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { currentStep } from '../deploy/progress.ts';
import { deployRows, describeStep } from './deploy-rows.ts';
import styles from './runner-row.module.css';
import { stayOf } from './stay.ts';
import { StayWords } from './stay-words.tsx';
import type { ActionsOf, RunnerMenuAction } from './use-runner-actions.ts';

function runnerHref(runnerId: string): string {
  return `#/runners/${encodeURIComponent(runnerId)}`;
}

export const RunnerRow = memo(function RunnerRow({
  runner,
  selected,
  onSelect,
  actions,
  index,
}: {
  runner: Runner;
  selected: boolean;
  onSelect: (runnerId: string, selected: boolean) => void;
  actions: ActionsOf;
  index: number;
}) {
  return (
    <div className={classNames(styles.row, selected && styles.selected)} role="row" aria-rowindex={index}>
      <div className={styles.select} role="cell">
        <Checkbox
          aria-label={`Select ${runner.name}`}
          checked={selected}
          onChange={(event) => onSelect(runner.id, event.target.checked)}
        />
      </div>
      <div className={styles.runner} role="rowheader">
        <a className={styles.name} href={runnerHref(runner.id)} data-row="">
          {runner.name}
        </a>
        <div className={styles.labels} title={runner.labels.join(', ')}>
          {runner.labels.join(' · ') || 'no labels yet'}
        </div>
      </div>
      <div className={styles.state} role="cell">
        <StateBadge runner={runner} />
        <Since runner={runner} />
      </div>
      <div className={styles.doing} role="cell">
        <Doing runner={runner} actions={actions} />
      </div>
      <UsageCells runner={runner} />
      <div className={styles.actions} role="cell">
        <RowActions runner={runner} actions={actions(runner)} />
      </div>
    </div>
  );
});

function RowActions({ runner, actions }: { runner: Runner; actions: RunnerMenuAction[] }) {
  return (
    <>
      <ButtonLink
        kind="quiet"
        size="small"
        icon={ScrollText}
        href={`${runnerHref(runner.id)}?log=${runner.job === null ? 'listener' : 'job'}`}
        aria-label={`Log of ${runner.name}`}
      >
        Log
      </ButtonLink>
      {actions.length > 0 && (
        <Menu
          trigger={<IconButton icon={Ellipsis} size="small" label={`What to do with ${runner.name}`} />}
          actions={actions}
        />
      )}
    </>
  );
}

/** How long it has been so. */
function Since({ runner }: { runner: Runner }) {
  const now = useNow();
  if (runner.state === 'deploying' || runner.state === 'starting' || runner.state === 'failed') return null;
  const running = runner.startedAt !== null && (runner.state === 'busy' || runner.state === 'idle');
  const sinceMs = now - (running ? (runner.startedAt ?? now) : runner.stateSince);
  return (
    <div className={styles.since}>
      {running ? 'up' : 'for'} {formatRoughly(sinceMs)}
    </div>
  );
}

/** What it does: its job, its deploy's step, or why it does nothing. */
function Doing({ runner, actions }: { runner: Runner; actions: ActionsOf }) {
  if (runner.job !== null) return <JobWords runner={runner} actions={actions} />;
  if (stayOf(runner, 0) !== null) return <Staying runner={runner} actions={actions} />;
  if (runner.state === 'deploying' || runner.state === 'starting') return <DeployWords runner={runner} />;
  if (runner.state === 'failed') {
    const retry = actions(runner).find(({ action }) => action === 'retry');
    return (
      <div className={styles.beside}>
        <p className={styles.failure} title={runner.failure?.remedy ?? undefined}>
          {runner.failure?.message ?? runner.cause}
        </p>
        {retry && (
          <Button size="small" icon={RotateCcw} onClick={retry.run}>
            {retry.label}
          </Button>
        )}
      </div>
    );
  }
  return <p className={styles.cause}>{runner.cause}</p>;
}

/** What it will do by itself, and what a person can do about it. */
function Staying({ runner, actions }: { runner: Runner; actions: ActionsOf }) {
  // The seconds are counted where they are shown; here only a person's wish may pass.
  const stay = stayOf(runner, useNow(10_000));
  if (stay === null) return null;
  const offered = actions(runner);
  const keep = offered.find(({ action }) => action === 'keep-for' || action === 'retry');
  const leave = offered.find(({ action }) => action === 'leave');
  return (
    <div className={styles.staying}>
      <StayWords stay={stay} />
      <span className={styles.stayActions}>
        {keep && (
          <Button size="small" title={keep.says} onClick={keep.run}>
            {keep.label}
          </Button>
        )}
        {stay.kind === 'leaves' && leave && (
          <IconButton
            className={styles.wideOnly}
            size="small"
            icon={leave.icon ?? LogOut}
            label={`${leave.label}: ${runner.name}`}
            title={`${leave.label}. ${leave.says ?? ''}`}
            onClick={leave.run}
          />
        )}
      </span>
    </div>
  );
}

function JobWords({ runner, actions }: { runner: Runner; actions: ActionsOf }) {
  const { job } = runner;
  if (job === null) return null;
  const keep = runner.draining ? actions(runner).find(({ action }) => action === 'keep') : undefined;
  return (
    <div className={styles.beside}>
      <div>
        <p className={styles.job}>
          {job.url === null ? (
            job.name
          ) : (
            <a href={job.url} target="_blank" rel="noreferrer">
              {job.name}
            </a>
          )}
        </p>
        <p className={styles.cause}>
          <Elapsed since={job.startedAt} />
          {runner.draining && <span> · {runner.cause}</span>}
        </p>
      </div>
      {keep && (
        <Button size="small" icon={Undo2} onClick={keep.run}>
          Keep
        </Button>
      )}
    </div>
  );
}

function Elapsed({ since }: { since: number }) {
  const now = useNow();
  return <span>{formatClock(now - since)}</span>;
}

function DeployWords({ runner }: { runner: Runner }) {
  const step = currentStep(runner.steps);
  const words = step === null ? runner.cause : describeStep(step);
  return (
    <div className={styles.deploy}>
      <p className={styles.cause}>{words}</p>
      <StepSegments steps={deployRows(runner.steps)} label={`Deploy of ${runner.name}: ${words}`} />
    </div>
  );
}

function UsageCells({ runner }: { runner: Runner }) {
  const usage = useBoard((board) => board.usage[runner.id]);
  const cores = useBoard((board) => board.pools[runner.poolId]?.size.cores) ?? 1;
  return (
    <>
      <div className={styles.cpu} role="cell">
        {usage && (
          <>
            <Sparkline
              values={usage.cpuHistory}
              top={cores}
              width={54}
              label={`CPU: ${formatCoreCount(usage.cpuCores)} in use`}
            />
            <span aria-hidden="true">{formatCores(usage.cpuCores)}</span>
          </>
        )}
      </div>
      <div className={styles.memory} role="cell">
        {usage && formatBytes(usage.memoryBytes)}
      </div>
    </>
  );
}

/** A runner of the repository that somebody else set up. */
export function ForeignRow({ runner, index }: { runner: ForeignRunner; index: number }) {
  const look = foreignLook(runner);
  return (
    <div className={classNames(styles.row, styles.foreign)} role="row" aria-rowindex={index}>
      <div className={styles.select} role="cell" />
      <div className={styles.runner} role="rowheader">
        <span className={styles.name}>{runner.name}</span>
        <div className={styles.labels} title={runner.labels.join(', ')}>
          {runner.labels.join(' · ')}
        </div>
      </div>
      <div className={styles.state} role="cell">
        <Pill tone={look.tone} shape={look.shape}>
          {look.word}
        </Pill>
      </div>
      <div className={styles.doing} role="cell">
        <p className={styles.cause}>Not managed here</p>
      </div>
      <div className={styles.cpu} role="cell" />
      <div className={styles.memory} role="cell" />
      <div className={styles.actions} role="cell" />
    </div>
  );
}

function foreignLook({ status, busy }: ForeignRunner) {
  if (status === 'offline') return { tone: 'off', shape: 'dashed', word: 'Offline' } as const;
  return busy
    ? ({ tone: 'busy', shape: 'square', word: 'Busy' } as const)
    : ({ tone: 'idle', shape: 'disc', word: 'Online' } as const);
}
