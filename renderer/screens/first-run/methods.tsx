/** The ways to connect, as equals: the GitHub CLI's login, a token, the demo. */
import { FlaskConical, KeyRound, type LucideIcon, SquareTerminal } from 'lucide-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import type { Connection, Repository } from '../../../shared/model.ts';
import type { TracksideClient } from '../../client/client.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard, useClient } from '../../store/session.ts';
import styles from './first-run.module.css';

type GithubCli = Awaited<ReturnType<TracksideClient['connections']['githubCli']>>;

interface MethodsProps {
  tokenOpen: boolean;
  onToken: () => void;
  onConnected: (connection: Connection, repository: string | null) => void;
  onDemo: (repository: Repository) => void;
}

export function Methods({ tokenOpen, onToken, onConnected, onDemo }: MethodsProps) {
  const cli = useGithubCli();
  const inDemo = useBoard((board) => Object.values(board.connections).some((row) => row.demo && row.usable));
  return (
    <div className={styles.methods}>
      {cli?.available && <CliMethod cli={cli} onConnected={onConnected} />}
      <Method
        icon={KeyRound}
        title="Paste a token"
        action={
          <Button onClick={onToken} aria-expanded={tokenOpen}>
            Paste a token
          </Button>
        }
      >
        For the repositories that you choose, and for other servers. The page where you make it is filled in
        for you.
      </Method>
      {!inDemo && <DemoMethod onDemo={onDemo} />}
    </div>
  );
}

/** Null until it is known. */
function useGithubCli(): GithubCli | null {
  const client = useClient();
  const [cli, setCli] = useState<GithubCli | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    const none = { available: false, host: null, login: null };
    client.connections.githubCli(undefined, { signal: ending.signal }).then(
      (found) => !ending.signal.aborted && setCli(found),
      // A way that cannot be found is a way that is not offered.
      () => !ending.signal.aborted && setCli(none),
    );
    return () => ending.abort();
  }, [client]);
  return cli;
}

function CliMethod({ cli, onConnected }: { cli: GithubCli; onConnected: MethodsProps['onConnected'] }) {
  const client = useClient();
  const { work, working, problem } = useWork(async () => {
    onConnected(await client.connections.addGithubCli({ repository: null }), null);
  });
  return (
    <Method
      icon={SquareTerminal}
      title="Use the GitHub CLI's login"
      problem={problem}
      action={
        <Button onClick={() => void work()} busy={working}>
          Connect{cli.login === null ? '' : ` as ${cli.login}`}
        </Button>
      }
    >
      You are logged in
      {cli.login !== null && (
        <>
          {' '}
          as <strong>{cli.login}</strong>
        </>
      )}{' '}
      on {cli.host ?? 'github.com'} with <code>gh</code>. Trackside uses that login, with all the rights it
      has.
    </Method>
  );
}

function DemoMethod({ onDemo }: { onDemo: MethodsProps['onDemo'] }) {
  const client = useClient();
  const { work, working, problem } = useWork(async () => {
    onDemo((await client.connections.addDemo({})).repository);
  });
  return (
    <Method
      icon={FlaskConical}
      title="Look around with the demo GitHub"
      problem={problem}
      action={
        <Button onClick={() => void work()} busy={working}>
          Start the demo
        </Button>
      }
    >
      No token, no network: GitHub is simulated on this machine, and the runners and their jobs are real.
    </Method>
  );
}

/** Work that a card starts; its problem stays at the card. */
function useWork(run: () => Promise<void>): {
  work: () => Promise<void>;
  working: boolean;
  problem: ShownProblem | null;
} {
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const work = async (): Promise<void> => {
    setWorking(true);
    setProblem(null);
    try {
      await run();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setWorking(false);
  };
  return { work, working, problem };
}

function Method({
  icon: Icon,
  title,
  action,
  problem = null,
  children,
}: {
  icon: LucideIcon;
  title: string;
  action: ReactNode;
  problem?: ShownProblem | null;
  children: ReactNode;
}) {
  const titleId = useId();
  return (
    <section className={styles.method} aria-labelledby={titleId}>
      <Icon className={styles.methodIcon} aria-hidden="true" />
      <h2 id={titleId} className={styles.methodTitle}>
        {title}
      </h2>
      <p className={styles.methodWords}>{children}</p>
      {problem && <ProblemNote problem={problem} />}
      <div>{action}</div>
    </section>
  );
}
