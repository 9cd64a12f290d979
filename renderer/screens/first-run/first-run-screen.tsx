/** `#/connect`: from nothing to a connected repository, then straight to deploying. */
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Connection, Repository } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { navigate } from '../../router.ts';
import { useBoardList, useBoardReader, useClient } from '../../store/session.ts';
import styles from './first-run.module.css';
import { Methods } from './methods.tsx';
import { RepositoryPicker } from './repository-picker.tsx';
import { TokenForm } from './token-form.tsx';
import { hostOf } from './words.ts';

/** Which repository to choose, of whom. */
interface Choosing {
  connection: Connection;
  search: string;
  /** Why the repository named before could not be connected; null when none was. */
  problem: ShownProblem | null;
}

export function FirstRunScreen() {
  const [search] = useSearchParams();
  const readBoard = useBoardReader();
  const client = useClient();
  const [choosing, setChoosing] = useState<Choosing | null>(() => {
    const connection = readBoard()?.connections[search.get('connection') ?? ''];
    return connection === undefined ? null : { connection, search: '', problem: null };
  });
  const finish = (repository: Repository): void =>
    navigate(`/deploy?repository=${encodeURIComponent(repository.id)}`);
  const onConnected = async (connection: Connection, fullName: string | null): Promise<void> => {
    if (fullName === null) return setChoosing({ connection, search: '', problem: null });
    try {
      finish(await client.repositories.connect({ connectionId: connection.id, fullName }));
    } catch (error) {
      setChoosing({ connection, search: fullName, problem: problemOf(error) });
    }
  };
  return choosing === null ? (
    <ChooseMethod
      onChoose={(connection) => setChoosing({ connection, search: '', problem: null })}
      onConnected={(connection, fullName) => void onConnected(connection, fullName)}
      onDemo={finish}
    />
  ) : (
    <ChooseRepository choosing={choosing} onBack={() => setChoosing(null)} onChosen={finish} />
  );
}

function ChooseMethod({
  onChoose,
  onConnected,
  onDemo,
}: {
  onChoose: (connection: Connection) => void;
  onConnected: (connection: Connection, repository: string | null) => void;
  onDemo: (repository: Repository) => void;
}) {
  const [tokenOpen, setTokenOpen] = useState(false);
  const connections = useBoardList((board) => Object.values(board.connections).filter((row) => row.usable));
  return (
    <>
      <PageHeader
        documentTitle="Connect"
        title={connections.length === 0 ? 'Connect Trackside to GitHub' : 'Connect another repository'}
        sub={
          <p className={styles.purpose}>
            A token lets Trackside act for you on the repositories you choose: register and remove runners,
            see which jobs wait, start workflows. It stays on this machine, and this page never gets it back.
          </p>
        }
      />
      <div className={styles.screen}>
        {connections.length > 0 && <Known connections={connections} onChoose={onChoose} />}
        <Methods
          tokenOpen={tokenOpen}
          onToken={() => setTokenOpen(true)}
          onConnected={onConnected}
          onDemo={onDemo}
        />
        {tokenOpen && <TokenForm onConnected={onConnected} />}
      </div>
    </>
  );
}

function Known({
  connections,
  onChoose,
}: {
  connections: readonly Connection[];
  onChoose: (connection: Connection) => void;
}) {
  return (
    <Card title="With a login that is connected already">
      <ul className={styles.known}>
        {connections.map((connection) => (
          <li key={connection.id}>
            <span>
              <strong>{connection.login}</strong> on{' '}
              {connection.demo ? 'the demo GitHub' : hostOf(connection)}
            </span>
            <Button size="small" onClick={() => onChoose(connection)}>
              Choose a repository
              <span className="visually-hidden">
                {' '}
                of {connection.login} on {hostOf(connection)}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function ChooseRepository({
  choosing: { connection, search, problem },
  onBack,
  onChosen,
}: {
  choosing: Choosing;
  onBack: () => void;
  onChosen: (repository: Repository) => void;
}) {
  return (
    <>
      <PageHeader
        key="repository"
        documentTitle="Choose a repository"
        before={
          <Button className={styles.back} kind="quiet" size="small" icon={ArrowLeft} onClick={onBack}>
            Other ways to connect
          </Button>
        }
        title="Which repository are the runners for?"
        sub={`Connected as ${connection.login} on ${connection.demo ? 'the demo GitHub' : hostOf(connection)}. You can connect more later.`}
      />
      <RepositoryPicker connection={connection} search={search} problem={problem} onChosen={onChosen} />
    </>
  );
}
