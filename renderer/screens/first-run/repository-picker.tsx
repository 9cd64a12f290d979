/** Choosing the repository: those that the token sees, administered ones first, or any by its name. */
import { type FormEvent, useEffect, useState } from 'react';
import type { Connection, Repository, RepositoryChoice } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { classNames } from '../../components/class-names.ts';
import { Field, TextInput } from '../../components/field.tsx';
import { Pill } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useBoardList, useClient } from '../../store/session.ts';
import { readRepositoryName } from './repository-name.ts';
import styles from './repository-picker.module.css';

/** Rows drawn at once; a search finds the others. */
const mostShown = 100;
const searchPauseMs = 250;

interface RepositoryPickerProps {
  connection: Connection;
  /** What to search for first. */
  search: string;
  /** Why that one could not be connected; null when it was not tried. */
  problem: ShownProblem | null;
  onChosen: (repository: Repository) => void;
}

export function RepositoryPicker({
  connection,
  search: first,
  problem: before,
  onChosen,
}: RepositoryPickerProps) {
  const [search, setSearch] = useState(first);
  const found = useChoices(connection.id, search);
  const { connect, connecting, problem } = useConnect(connection.id, before, onChosen);
  const name = readRepositoryName(search);
  const typed = name.ok ? name.fullName : null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed !== null) void connect(typed);
  };
  return (
    <Card>
      <form className={styles.search} onSubmit={submit} noValidate>
        <Field label="Repository" help="Search, or type any repository as owner/name.">
          <TextInput
            type="search"
            value={search}
            placeholder="owner/name"
            onChange={(event) => setSearch(event.target.value)}
          />
        </Field>
        {problem && <ProblemNote problem={problem} />}
        {found.problem && (
          <ProblemNote
            problem={found.problem}
            action={
              <Button size="small" onClick={found.retry}>
                Try again
              </Button>
            }
          />
        )}
      </form>
      <Choices
        choices={found.choices}
        connectionId={connection.id}
        typed={typed}
        connecting={connecting}
        onConnect={(fullName) => void connect(fullName)}
      />
    </Card>
  );
}

function useChoices(connectionId: string, search: string) {
  const client = useClient();
  const [choices, setChoices] = useState<readonly RepositoryChoice[] | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    const ending = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const found = await client.repositories.choices({ connectionId, search }, { signal: ending.signal });
        if (ending.signal.aborted) return;
        setChoices(found);
        setProblem(null);
      } catch (error) {
        if (!ending.signal.aborted) setProblem(problemOf(error));
      }
    };
    const timer = setTimeout(() => void ask(), search === '' ? 0 : searchPauseMs);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [client, connectionId, search, attempt]);
  return { choices, problem, retry: () => setAttempt((count) => count + 1) };
}

function useConnect(
  connectionId: string,
  before: ShownProblem | null,
  onChosen: (repository: Repository) => void,
) {
  const client = useClient();
  const [connecting, setConnecting] = useState<string | null>(null);
  const [problem, setProblem] = useState(before);
  const connect = async (fullName: string): Promise<void> => {
    if (connecting !== null) return;
    setConnecting(fullName);
    setProblem(null);
    try {
      onChosen(await client.repositories.connect({ connectionId, fullName }));
    } catch (error) {
      setProblem(problemOf(error));
    }
    setConnecting(null);
  };
  return { connect, connecting, problem };
}

interface ChoicesProps {
  /** Null until the first answer. */
  choices: readonly RepositoryChoice[] | null;
  connectionId: string;
  /** A repository named by hand; null when the search is no name. */
  typed: string | null;
  /** The one being connected. */
  connecting: string | null;
  onConnect: (fullName: string) => void;
}

function Choices({ choices, connectionId, typed, connecting, onConnect }: ChoicesProps) {
  const connected = useBoardList((board) =>
    Object.values(board.repositories)
      .filter((row) => row.connectionId === connectionId)
      .map((row) => row.fullName.toLowerCase()),
  );
  if (choices === null) return <ChoicesAwaited />;
  const same = (name: string): boolean => typed?.toLowerCase() === name.toLowerCase();
  const byHand = typed !== null && !choices.some(({ fullName }) => same(fullName)) ? typed : null;
  const rest = choices.length - mostShown;
  return (
    <>
      <ul className={styles.choices} aria-label="Repositories">
        {byHand !== null && (
          <li className={styles.choice}>
            <ChoiceWords name={byHand}>Not in the list; named by hand.</ChoiceWords>
            <ConnectButton name={byHand} connecting={connecting} onConnect={onConnect} />
          </li>
        )}
        {choices.slice(0, mostShown).map((choice) => (
          <ChoiceRow
            key={choice.fullName}
            choice={choice}
            connected={connected.includes(choice.fullName.toLowerCase())}
            connecting={connecting}
            onConnect={onConnect}
          />
        ))}
      </ul>
      {choices.length === 0 && byHand === null && (
        <p className={styles.none}>
          The token sees no such repository. A fine-grained token sees only those chosen when it was made.
        </p>
      )}
      {rest > 0 && (
        <p className={styles.none}>{rest.toLocaleString('en')} more: search for a part of the name.</p>
      )}
    </>
  );
}

function ChoicesAwaited() {
  return (
    <div className={styles.awaited} role="status" aria-label="Looking for repositories">
      {[220, 180, 260, 200].map((width) => (
        <Skeleton key={width} width={width} height={18} />
      ))}
    </div>
  );
}

function ChoiceRow({
  choice: { fullName, visibility, admin },
  connected,
  connecting,
  onConnect,
}: Pick<ChoicesProps, 'connecting' | 'onConnect'> & { choice: RepositoryChoice; connected: boolean }) {
  return (
    <li className={classNames(styles.choice, !admin && styles.notAdmin)}>
      <ChoiceWords name={fullName} visibility={visibility}>
        {choiceWords(admin, visibility)}
      </ChoiceWords>
      {connected && <span className={styles.connected}>Connected</span>}
      {admin && !connected && <ConnectButton name={fullName} connecting={connecting} onConnect={onConnect} />}
    </li>
  );
}

function choiceWords(admin: boolean, visibility: RepositoryChoice['visibility']): string | null {
  if (!admin) return 'Only its administrators may add runners, and you are none of them.';
  return visibility === 'public' ? "Strangers' pull requests could run code on this machine." : null;
}

function ChoiceWords({
  name,
  visibility,
  children,
}: {
  name: string;
  visibility?: RepositoryChoice['visibility'];
  children: string | null;
}) {
  return (
    <div className={styles.words}>
      <p className={styles.name}>
        {name}
        {visibility === 'public' && (
          <Pill tone="wait" shape="triangle">
            public
          </Pill>
        )}
        {visibility !== undefined && visibility !== 'public' && (
          <span className={styles.kind}>{visibility}</span>
        )}
      </p>
      {children !== null && <p className={styles.why}>{children}</p>}
    </div>
  );
}

function ConnectButton({
  name,
  connecting,
  onConnect,
}: { name: string } & Pick<ChoicesProps, 'connecting' | 'onConnect'>) {
  return (
    <Button size="small" busy={connecting === name} onClick={() => onConnect(name)}>
      Connect<span className="visually-hidden"> {name}</span>
    </Button>
  );
}
