/** The connected repositories. */
import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import type { Repository } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Pill } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard, useBoardList, useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { hostOf } from '../first-run/words.ts';
import styles from './settings.module.css';

export function RepositoriesCard() {
  const repositories = useBoardList((board) => Object.values(board.repositories));
  return (
    <Card
      title="Repositories"
      actions={
        <ButtonLink href="#/connect" size="small">
          Connect another
        </ButtonLink>
      }
    >
      {repositories.length === 0 ? (
        <EmptyState title="No repository is connected">Runners belong to a repository.</EmptyState>
      ) : (
        <ul>
          {repositories.map((repository) => (
            <RepositoryRow key={repository.id} repository={repository} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function RepositoryRow({ repository }: { repository: Repository }) {
  const [leaving, setLeaving] = useState(false);
  const connection = useBoard((board) => board.connections[repository.connectionId]);
  const { fullName, visibility, webUrl, problem } = repository;
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p className={styles.name}>
          <a href={webUrl} target="_blank" rel="noreferrer">
            {fullName} <ExternalLink aria-hidden="true" />
          </a>
          {visibility === 'public' && (
            <Pill tone="wait" shape="triangle">
              public
            </Pill>
          )}
        </p>
        <p className={styles.quiet}>
          {visibility === 'public' ? "Strangers' pull requests could run code on this machine" : visibility}
          {connection &&
            ` · through ${connection.login} on ${connection.demo ? 'the demo GitHub' : hostOf(connection)}`}
        </p>
      </div>
      <Button className={styles.action} kind="quiet" size="small" onClick={() => setLeaving(true)}>
        Disconnect…<span className="visually-hidden"> {fullName}</span>
      </Button>
      {problem && <ProblemNote className={styles.problem} problem={problem} />}
      {leaving && <LeaveRepository repository={repository} onClose={() => setLeaving(false)} />}
    </li>
  );
}

function LeaveRepository({ repository, onClose }: { repository: Repository; onClose: () => void }) {
  const client = useClient();
  const { id, fullName } = repository;
  return (
    <ConfirmDialog
      title={`Disconnect ${fullName}?`}
      confirmLabel="Disconnect"
      danger
      onClose={onClose}
      onConfirm={async () => {
        await client.repositories.disconnect({ repositoryId: id });
        showToast({ message: `${fullName} was disconnected.` });
      }}
    >
      <p>
        Trackside stops watching its queue and its runners. Nothing changes on the forge, and the token stays.
      </p>
    </ConfirmDialog>
  );
}
