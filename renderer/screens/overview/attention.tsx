/** What needs somebody: runners that failed, and a forge that does not answer; cause and remedy side by side. */
import { RotateCcw, ScrollText } from 'lucide-react';
import { useMemo } from 'react';
import type { Problem, Runner } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { StateShape } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useBoardList, useClient } from '../../store/session.ts';
import styles from './attention.module.css';
import { failedRunners } from './headline.ts';

const mostShown = 4;

/** Problems that the connections and repositories have, each said once. */
export function ForgeProblems() {
  const connections = useBoardList((board) => Object.values(board.connections));
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const problems = useMemo(() => {
    const all = [...connections, ...repositories].flatMap(({ problem }) => problem ?? []);
    return [...new Map(all.map((problem) => [problem.message, problem])).values()];
  }, [connections, repositories]);
  return problems.map((problem) => (
    <ProblemNote
      key={problem.message}
      problem={problem}
      tone={isPassing(problem) ? 'wait' : 'fail'}
      action={
        problem.code === 'TOKEN_REFUSED' ? <ButtonLink href="#/connect">Connect again</ButtonLink> : undefined
      }
    />
  ));
}

const isPassing = ({ code }: Problem): boolean => code === 'FORGE_UNREACHABLE' || code === 'RATE_LIMITED';

export function FailedRunners() {
  const table = useBoard((board) => board.runners);
  const failed = useMemo(() => failedRunners(Object.values(table)), [table]);
  if (failed.length === 0) return null;
  const more = failed.length - mostShown;
  return (
    <Card
      title="Needs you"
      note={more > 0 ? <a href="#/runners?state=failed">all {failed.length}</a> : undefined}
    >
      <ul>
        {failed.slice(0, mostShown).map((runner) => (
          <FailedRunner key={runner.id} runner={runner} />
        ))}
      </ul>
    </Card>
  );
}

function FailedRunner({ runner }: { runner: Runner }) {
  const client = useClient();
  const { id, name, failure, cause } = runner;
  const retry = (): void =>
    void runAction(() => client.runners.retry({ runnerId: id }), `${name} is deployed again.`);
  return (
    <li className={styles.row}>
      <span className={styles.shape}>
        <StateShape shape="triangle" size={12} />
      </span>
      <div className={styles.words}>
        <p>
          <strong>{name}</strong> {failure?.message ?? cause}
        </p>
        {failure?.remedy && <p className="muted">{failure.remedy}</p>}
      </div>
      <div className={styles.actions}>
        <ButtonLink size="small" kind="quiet" icon={ScrollText} href={`#/runners/${encodeURIComponent(id)}`}>
          Its log
        </ButtonLink>
        <Button size="small" icon={RotateCcw} onClick={retry}>
          Try again
        </Button>
      </div>
    </li>
  );
}
