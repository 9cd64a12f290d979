/** One runner's deploy: its steps, what it does now, for how long, and what can be done about it. */
import { RotateCcw, X } from 'lucide-react';
import { memo, useState } from 'react';
import { formatDuration } from '../../../shared/format.ts';
import type { DeployStep, Runner } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Bar } from '../../components/meter.tsx';
import { Pill, type Shape, type Tone } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useNow } from '../../store/now.ts';
import { runAction } from '../../store/run-action.ts';
import { useClient } from '../../store/session.ts';
import styles from './progress.module.css';
import { currentStep, type DeployPhase, deploySpan, phaseOf, stepWords } from './progress.ts';
import { StepTrack } from './step-track.tsx';

const looks: Record<DeployPhase, { tone: Tone; shape: Shape; word: string }> = {
  underway: { tone: 'busy', shape: 'half', word: 'Deploying' },
  listening: { tone: 'idle', shape: 'disc', word: 'Listening' },
  failed: { tone: 'fail', shape: 'triangle', word: 'Failed' },
  gone: { tone: 'off', shape: 'dashed', word: 'Cancelled' },
};

export const ProgressRow = memo(function ProgressRow({ runner }: { runner: Runner }) {
  const phase = phaseOf(runner);
  const { tone, shape, word } = looks[phase];
  const step = currentStep(runner.steps);
  return (
    <li className={styles.row}>
      <div className={styles.name}>
        {phase === 'gone' ? (
          runner.name
        ) : (
          <a href={`#/runners/${encodeURIComponent(runner.id)}`}>{runner.name}</a>
        )}
      </div>
      <div className={styles.state}>
        <Pill tone={tone} shape={shape}>
          {phase === 'underway' && step ? stepWord(step) : word}
        </Pill>
      </div>
      <StepTrack steps={runner.steps} />
      <div className={styles.doing}>{phase === 'underway' && step && <Doing step={step} />}</div>
      <div className={styles.elapsed}>
        <Elapsed steps={runner.steps} />
      </div>
      <div className={styles.actions}>
        <RowActions runner={runner} phase={phase} />
      </div>
      {phase === 'failed' && runner.failure && (
        <ProblemNote className={styles.failure} problem={runner.failure} />
      )}
    </li>
  );
});

function stepWord(step: DeployStep): string {
  const { active, title } = stepWords[step.id];
  return step.status === 'active' ? active : `Waits to ${title.toLowerCase()}`;
}

function Doing({ step }: { step: DeployStep }) {
  return (
    <>
      {step.detail !== null && <span className={styles.detail}>{step.detail}</span>}
      {step.progress !== null && (
        <Bar value={step.progress} label={`${stepWords[step.id].active}: ${step.detail ?? ''}`} />
      )}
    </>
  );
}

function Elapsed({ steps }: { steps: readonly DeployStep[] }) {
  const { startedAt, endedAt } = deploySpan(steps);
  if (startedAt === null) return null;
  if (endedAt !== null) return formatDuration(endedAt - startedAt);
  return <Running since={startedAt} />;
}

function Running({ since }: { since: number }) {
  return formatDuration(useNow() - since);
}

function RowActions({ runner, phase }: { runner: Runner; phase: DeployPhase }) {
  const client = useClient();
  const [working, setWorking] = useState(false);
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    setWorking(true);
    await runAction(work, null);
    setWorking(false);
  };
  const runnerId = runner.id;
  const named = <span className="visually-hidden"> {runner.name}</span>;
  if (phase === 'underway') {
    return (
      <Button
        kind="quiet"
        size="small"
        icon={X}
        busy={working}
        onClick={() => void act(() => client.runners.cancelDeploy({ runnerId }))}
      >
        Cancel{named}
      </Button>
    );
  }
  if (phase !== 'failed') return null;
  return (
    <>
      <Button
        size="small"
        icon={RotateCcw}
        busy={working}
        onClick={() => void act(() => client.runners.retry({ runnerId }))}
      >
        Try again{named}
      </Button>
      <Button
        kind="quiet"
        size="small"
        onClick={() => void act(() => client.runners.remove({ runnerId, how: 'now' }))}
      >
        Remove{named}
      </Button>
    </>
  );
}
