/** What needs somebody: runners that failed, and a forge that does not answer; cause and remedy side by side. */
import { RotateCcw } from 'lucide-react';
import { useMemo } from 'react';
import type { Problem } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
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
  const client = useClient();
  const table = useBoard((board) => board.runners);
  const failed = useMemo(() => failedRunners(Object.values(table)), [table]);
  if (failed.length === 0) return null;
  return (
    <Card title="Needs you">
      <ul>
        {failed.slice(0, mostShown).map((runner) => (
          <li key={runner.id} className={styles.row}>
            <ProblemNote
              problem={{
                message: `${runner.name}: ${runner.failure?.message ?? runner.cause}`,
                remedy: runner.failure?.remedy ?? null,
              }}
              action={
                <>
                  <ButtonLink size="small" href={`#/runners/${encodeURIComponent(runner.id)}`}>
                    Show its log
                  </ButtonLink>
                  <Button
                    size="small"
                    icon={RotateCcw}
                    onClick={() =>
                      void runAction(
                        () => client.runners.retry({ runnerId: runner.id }),
                        `${runner.name} is deployed again.`,
                      )
                    }
                  >
                    Try again
                  </Button>
                </>
              }
            />
          </li>
        ))}
      </ul>
      {failed.length > mostShown && (
        <p className={styles.more}>
          <a href="#/runners?state=failed">And {(failed.length - mostShown).toLocaleString('en')} more</a>
        </p>
      )}
    </Card>
  );
}
