/** Wizard, page 1: the repository that the runners are for. */
import { Plus } from 'lucide-react';
import type { Connection, Repository } from '../../../shared/model.ts';
import { ButtonLink } from '../../components/button.tsx';
import { RadioCards, type RadioChoice } from '../../components/choice.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard } from '../../store/session.ts';
import styles from './wizard.module.css';

export function PageWhere({
  repositories,
  repositoryId,
  problem,
  onChoose,
}: {
  repositories: readonly Repository[];
  repositoryId: string | null;
  problem: string | undefined;
  onChoose: (repositoryId: string) => void;
}) {
  const connections = useBoard((board) => board.connections);
  const choices = repositories.map((repository) =>
    toChoice(repository, connections[repository.connectionId]),
  );
  return (
    <div className={styles.stack}>
      {problem !== undefined && <ProblemNote problem={{ message: problem, remedy: null }} />}
      <RadioCards label="Repository" value={repositoryId} onChange={onChoose} choices={choices} columns={2} />
      <div>
        <ButtonLink href="#/connect" kind="quiet" size="small" icon={Plus}>
          Connect another repository
        </ButtonLink>
      </div>
    </div>
  );
}

function toChoice(repository: Repository, connection: Connection | undefined): RadioChoice<string> {
  const unusable = connection?.usable === false;
  const through = connection === undefined ? '' : ` · ${connection.login} on ${hostOf(connection.webUrl)}`;
  return {
    value: repository.id,
    title: repository.fullName,
    detail: unusable
      ? (connection.problem?.message ?? `The token of ${connection.login} cannot be used at the moment.`)
      : `${repository.visibility}${through}${connection?.demo ? ' (demo)' : ''}`,
    disabled: unusable,
  };
}

function hostOf(webUrl: string): string {
  return URL.canParse(webUrl) ? new URL(webUrl).host : webUrl;
}
