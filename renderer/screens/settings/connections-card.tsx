/** The logins that Trackside works with: whose, where the token is kept, how long it lasts. */
import { useState } from 'react';
import { formatList } from '../../../shared/format.ts';
import type { Connection } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Pill } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useNow } from '../../store/now.ts';
import { useBoardList, useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { expiryWords, hostOf, tokenPlace } from '../first-run/words.ts';
import styles from './settings.module.css';

export function ConnectionsCard() {
  const connections = useBoardList((board) => Object.values(board.connections));
  return (
    <Card
      title="Connections"
      actions={
        <ButtonLink href="#/connect" size="small">
          Add another
        </ButtonLink>
      }
    >
      {connections.length === 0 ? (
        <EmptyState title="Nothing is connected">
          A token, the GitHub CLI's login, or the demo will do.
        </EmptyState>
      ) : (
        <ul>
          {connections.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ConnectionRow({ connection }: { connection: Connection }) {
  const [removing, setRemoving] = useState(false);
  const { login, demo, usable, problem } = connection;
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p className={styles.name}>
          {login} <span className={styles.on}>on {demo ? 'the demo GitHub' : hostOf(connection)}</span>
          {!usable && (
            <Pill tone="fail" shape="triangle">
              Not usable
            </Pill>
          )}
        </p>
        <TokenFacts connection={connection} />
      </div>
      <Button className={styles.action} kind="quiet" size="small" onClick={() => setRemoving(true)}>
        Remove…<span className="visually-hidden"> {login}</span>
      </Button>
      {problem && (
        <ProblemNote
          className={styles.problem}
          problem={problem}
          action={
            <ButtonLink href="#/connect" size="small">
              Connect again
            </ButtonLink>
          }
        />
      )}
      {removing && <RemoveConnection connection={connection} onClose={() => setRemoving(false)} />}
    </li>
  );
}

/** Nearer than an hour nothing is said: days are what counts. */
const hourMs = 3_600_000;

function TokenFacts({ connection: { tokenStore, expiresAt, demo } }: { connection: Connection }) {
  const now = useNow(hourMs);
  if (demo) return <p className={styles.quiet}>Simulated on this machine; ends with Trackside</p>;
  const forgotten = tokenStore === 'memory' ? ', forgotten when Trackside quits' : '';
  return (
    <p className={styles.quiet}>
      Token {tokenPlace(tokenStore)}
      {forgotten} · {expiryWords(expiresAt, now)}
    </p>
  );
}

function RemoveConnection({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const client = useClient();
  const repositories = useBoardList((board) =>
    Object.values(board.repositories).filter((row) => row.connectionId === connection.id),
  );
  const { login, demo } = connection;
  return (
    <ConfirmDialog
      title={demo ? 'Leave the demo GitHub?' : `Remove the connection of ${login}?`}
      confirmLabel="Remove"
      danger
      onClose={onClose}
      onConfirm={async () => {
        await client.connections.remove({ connectionId: connection.id });
        showToast({ message: demo ? 'The demo was left.' : `The token of ${login} was forgotten.` });
      }}
    >
      <p>
        {demo ? 'Trackside leaves the simulated GitHub' : 'Trackside forgets the token'}
        {repositories.length > 0 &&
          ` and disconnects ${formatList(repositories.map(({ fullName }) => fullName))}`}
        .{' '}
        {demo
          ? 'You can look around again at any time.'
          : `Nothing changes on ${hostOf(connection)}: a token that is no longer needed is deleted there.`}
      </p>
    </ConfirmDialog>
  );
}
