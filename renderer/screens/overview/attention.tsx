/** What needs somebody: runners that failed, incidents that go on, and a forge that does not answer; cause and remedy side by side. */
import { RotateCcw, ScrollText, X } from 'lucide-react';
import { useMemo } from 'react';
import type { Incident, Problem, Runner } from '../../../shared/model.ts';
import { Button, ButtonLink, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { StateShape } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { plainSentence } from '../../components/sentence-parts.ts';
import { useNow } from '../../store/now.ts';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useBoardList, useClient } from '../../store/session.ts';
import { RepairButtons } from '../queue/repair-buttons.tsx';
import styles from './attention.module.css';
import { failedRunners } from './headline.ts';
import { incidentWords, untoldIncidents } from './incidents.ts';

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

/** Runners that failed, and incidents that go on and are told nowhere else. */
export function NeedsYou() {
  const runners = useBoard((board) => board.runners);
  const failed = useMemo(() => failedRunners(Object.values(runners)), [runners]);
  const incidents = useUntoldIncidents();
  if (failed.length === 0 && incidents.length === 0) return null;
  const more = failed.length - mostShown;
  return (
    <Card
      title="Needs you"
      note={more > 0 ? <a href="#/runners?state=failed">all {failed.length} failed runners</a> : undefined}
    >
      <ul>
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
        {failed.slice(0, mostShown).map((runner) => (
          <FailedRunner key={runner.id} runner={runner} />
        ))}
      </ul>
    </Card>
  );
}

function useUntoldIncidents(): Incident[] {
  const incidents = useBoard((board) => board.incidents);
  const waits = useBoard((board) => board.waits);
  const runners = useBoard((board) => board.runners);
  const shifts = useBoard((board) => board.shifts);
  const connections = useBoard((board) => board.connections);
  const repositories = useBoard((board) => board.repositories);
  const now = useNow(30_000);
  return useMemo(
    () => untoldIncidents({ incidents, waits, runners, shifts, connections, repositories }, now),
    [incidents, waits, runners, shifts, connections, repositories, now],
  );
}

function IncidentRow({ incident }: { incident: Incident }) {
  const client = useClient();
  const { id, title, sentence, repairs } = incident;
  const dismiss = (): void => void runAction(() => client.incidents.dismiss({ incidentId: id }), null);
  return (
    <li className={styles.row}>
      <span className={styles.lostShape}>
        <StateShape shape="triangle" size={12} />
      </span>
      <div className={styles.lostWords}>
        <p>
          <strong>
            <Sentence text={title} />
          </strong>
        </p>
        <p className="muted">
          <Sentence text={sentence} /> <IncidentAge incident={incident} />
        </p>
      </div>
      <div className={styles.actions}>
        <RepairButtons repairs={repairs} subject={plainSentence(title)} />
        <IconButton icon={X} size="small" label={`Put away: ${plainSentence(title)}`} onClick={dismiss} />
      </div>
    </li>
  );
}

function IncidentAge({ incident }: { incident: Incident }) {
  return `For ${incidentWords(incident, useNow(10_000))}.`;
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
