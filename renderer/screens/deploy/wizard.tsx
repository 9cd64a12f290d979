/** The deploy wizard: four pages around one draft. Going back and forth keeps everything; Enter goes on. */
import { type FormEvent, useRef } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { Repository } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useBoard } from '../../store/session.ts';
import { type StepId, steps } from './draft.ts';
import { PageHow } from './page-how.tsx';
import { PageHowMany } from './page-how-many.tsx';
import { PageReview } from './page-review.tsx';
import { PageWhere } from './page-where.tsx';
import { describeNames } from './runner-name.ts';
import type { WizardState } from './use-wizard.ts';
import styles from './wizard.module.css';
import { WizardNav } from './wizard-nav.tsx';

const questions: Record<StepId, string> = {
  where: 'Which repository are they for?',
  'how-many': 'How many, and how large?',
  how: 'How do jobs find them, and how long do they stay?',
  review: 'Is this right?',
};

interface WizardProps {
  wizard: WizardState;
  repositories: readonly Repository[];
}

export function Wizard({ wizard, repositories }: WizardProps) {
  const form = useRef<HTMLFormElement>(null);
  const { pages, deploying } = wizard;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (wizard.next()) return;
    // After the problems have been rendered.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Card footer={<WizardFooter wizard={wizard} />}>
        <WizardNav page={pages.page} reached={pages.reached} onGo={wizard.goTo} />
        <div className={styles.body}>
          <h2 ref={pages.heading} tabIndex={-1} className={styles.question}>
            {questions[pages.page]}
          </h2>
          {deploying.refusal.rest && <ProblemNote problem={deploying.refusal.rest} />}
          <WizardPage wizard={wizard} repositories={repositories} />
        </div>
      </Card>
    </form>
  );
}

function WizardFooter({ wizard: { pages, read, deploying } }: { wizard: WizardState }) {
  const before = steps[steps.indexOf(pages.page) - 1];
  const count = read?.wanted?.count;
  const deployWords = count === undefined ? 'Deploy' : deedOf(count);
  return (
    <>
      {before !== undefined && <Button onClick={() => pages.go(before)}>Back</Button>}
      <Button type="submit" kind="primary" busy={deploying.working}>
        {pages.page === 'review' ? deployWords : 'Next'}
      </Button>
    </>
  );
}

/** What the last button does: a pool may begin without a runner. */
function deedOf(count: number): string {
  return count === 0 ? 'Create the pool' : `Deploy ${formatCount(count, 'runner')}`;
}

function WizardPage({ wizard, repositories }: WizardProps) {
  const { draft, pages, planning, problems, repository, read, change } = wizard;
  const taken = useBoard((board) => board.runners);
  if (pages.page === 'where') {
    return (
      <PageWhere
        repositories={repositories}
        repositoryId={draft.repositoryId}
        problem={problems.repositoryId}
        onChoose={(repositoryId) => change({ repositoryId, acceptPublicRisk: false })}
      />
    );
  }
  const { plan } = planning;
  if (plan === null) return <PlanAwaited wizard={wizard} />;
  const wanted = read?.wanted ?? null;
  const runnerNames = Object.values(taken).map(({ name }) => name);
  const names = wanted === null ? null : describeNames(wanted.name, wanted.scaling.maxRunners, runnerNames);
  const shared = { draft, plan, problems, onChange: change };
  if (pages.page === 'how-many')
    return <PageHowMany {...shared} stale={planning.problem} onRetry={planning.retry} />;
  if (pages.page === 'how') {
    return (
      <PageHow
        {...shared}
        maximumProblem={read?.problems.count}
        names={names}
        note={wizard.note}
        onTakeLabels={wizard.takeTypedLabels}
      />
    );
  }
  if (wanted === null || names === null || repository === undefined) return null;
  return (
    <PageReview
      wanted={wanted}
      acceptPublicRisk={draft.acceptPublicRisk}
      plan={plan}
      repository={repository}
      names={names}
      problems={problems}
      onAccept={(acceptPublicRisk) => change({ acceptPublicRisk })}
      onGo={wizard.goTo}
    />
  );
}

function PlanAwaited({ wizard: { planning } }: { wizard: WizardState }) {
  if (planning.problem === null) {
    return (
      <div role="status" aria-label="Looking at this machine">
        <Skeleton height={220} />
      </div>
    );
  }
  return (
    <ProblemNote
      problem={planning.problem}
      action={
        <Button size="small" onClick={planning.retry}>
          Try again
        </Button>
      }
    />
  );
}
