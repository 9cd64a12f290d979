/** Wizard, page 4: what will happen, what it takes, and what one has to know. */
import { type ReactNode, useId } from 'react';
import type { DeployRequest } from '../../../shared/contract.ts';
import type { Plan, Repository } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/choice.tsx';
import { Label } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard } from '../../store/session.ts';
import { lifeTitles, neighbourPhrases } from '../pools/pool-words.ts';
import type { Problems, StepId } from './draft.ts';
import { describeTakes, overcommitment } from './forecast.ts';
import { amountWords, comingAndGoing } from './review-words.ts';
import { presetWords } from './size.ts';
import styles from './wizard.module.css';

interface PageReviewProps {
  /** What is asked for, the tick for a public repository aside. */
  wanted: Omit<DeployRequest, 'acceptPublicRisk'>;
  acceptPublicRisk: boolean;
  plan: Plan;
  repository: Repository;
  names: string;
  problems: Problems;
  onAccept: (accept: boolean) => void;
  onGo: (page: StepId) => void;
}

export function PageReview(props: PageReviewProps) {
  const { wanted, plan, repository, onGo } = props;
  const memoryBytes = useBoard((board) => board.panel.host?.memoryBytes ?? null);
  const most = wanted.scaling.maxRunners;
  const takes = describeTakes(plan, wanted.size, most, memoryBytes);
  const tooMany = overcommitment(plan, most);
  const pauses = neighbourPhrases(wanted.neighbour);
  return (
    <div className={styles.stack}>
      <Lead {...props} />
      <dl className={styles.review}>
        <ReviewRow title="Life" change={() => onGo('how')} what="how long they stay">
          <strong>{lifeTitles[wanted.lifecycle.mode]}.</strong> {comingAndGoing(wanted).join(' ')}
        </ReviewRow>
        {pauses.length > 0 && (
          <ReviewRow title="Neighbours" change={() => onGo('how')} what="when it pauses">
            {capitalised(pauses.join('; '))}.
          </ReviewRow>
        )}
        <ReviewRow title="Lost jobs" change={() => onGo('how')} what="what happens to lost jobs">
          {wanted.rerunLost
            ? 'A job whose runner died under it is run again, once.'
            : 'A job whose runner died under it is told, and not run again.'}
        </ReviewRow>
        <ReviewRow title="Labels" change={() => onGo('how')} what="labels">
          <span className={styles.labels}>
            {[...plan.defaultLabels, ...wanted.labels].map((label) => (
              <Label key={label}>{label}</Label>
            ))}
          </span>
        </ReviewRow>
        <ReviewRow title="Disk">{takes.disk}</ReviewRow>
        <ReviewRow title="Cores" change={() => onGo('how-many')} what="number and size">
          {takes.cores} while{' '}
          {most === 1 ? 'it works' : most === 2 ? 'both of them work' : `all ${most} of them work`}
        </ReviewRow>
        <ReviewRow title="Memory">
          {takes.memory}. Jobs are not held to a size yet: it is what Trackside plans with.
        </ReviewRow>
      </dl>
      {tooMany !== null && <ProblemNote tone="wait" problem={{ message: tooMany, remedy: null }} />}
      {repository.visibility === 'public' && <PublicWarning {...props} />}
    </div>
  );
}

const capitalised = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

function Lead({ wanted, repository, names }: PageReviewProps) {
  const most = wanted.scaling.maxRunners;
  const size = presetWords[wanted.size.preset].title.toLowerCase();
  const runners = (
    <strong>
      {amountWords(wanted)} {size} {most === 1 ? 'runner' : 'runners'}
    </strong>
  );
  const where = <strong>{repository.fullName}</strong>;
  if (wanted.lifecycle.mode !== 'manual') {
    return (
      <p className={styles.lead}>
        Trackside makes the pool <strong>{wanted.name}</strong> for {where}: {runners} at once on this
        machine, registered as {names}. Jobs run here with your own rights.
      </p>
    );
  }
  const them = most === 1 ? 'it' : 'them';
  return (
    <p className={styles.lead}>
      Trackside installs {runners} on this machine, registers {them} with {where} as {names}, and starts{' '}
      {them}. Jobs run here with your own rights until you stop {them}.
    </p>
  );
}

function ReviewRow({
  title,
  change,
  what,
  children,
}: {
  title: string;
  change?: () => void;
  /** What "Change" changes, for readers that hear it alone. */
  what?: string;
  children: ReactNode;
}) {
  return (
    <div className={styles.reviewRow}>
      <dt>{title}</dt>
      <dd>{children}</dd>
      {change && (
        <dd className={styles.reviewChange}>
          <Button kind="quiet" size="small" onClick={change}>
            Change<span className="visually-hidden"> {what}</span>
          </Button>
        </dd>
      )}
    </div>
  );
}

function PublicWarning({ repository, wanted, acceptPublicRisk, problems, onAccept }: PageReviewProps) {
  const problemId = useId();
  const problem = problems.acceptPublicRisk;
  return (
    <div className={styles.publicWarning}>
      <h3>{repository.fullName} is public</h3>
      <p>
        Anyone can open a pull request from a fork. Its workflow could run any code on this machine, with your
        rights: read your files, use your network, stay after the job has ended. GitHub advises against
        self-hosted runners for public repositories.
      </p>
      <p>
        If you go on, set <em>Require approval for all outside collaborators</em> under the repository's
        Settings › Actions › General, and read a pull request before you approve its run.
      </p>
      <Checkbox
        checked={acceptPublicRisk}
        onChange={(event) => onAccept(event.target.checked)}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
      >
        I know this and want {amountWords(wanted)} {wanted.scaling.maxRunners === 1 ? 'runner' : 'runners'}{' '}
        for it on this machine.
      </Checkbox>
      <div aria-live="polite">
        {problem !== undefined && (
          <p className={styles.problem} id={problemId}>
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}
