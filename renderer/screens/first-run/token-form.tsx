/** Connecting with a pasted token: make one, paste it, see what it may do, connect. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Connection } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { Card, CardBody } from '../../components/card.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard, useClient } from '../../store/session.ts';
import { CheckList } from './check-list.tsx';
import styles from './first-run.module.css';
import { readRepositoryName } from './repository-name.ts';
import { readServer } from './server.ts';
import { TokenInput } from './token-input.tsx';
import { TokenPageLink } from './token-page-link.tsx';
import { type Credentials, useTokenCheck } from './use-token-check.ts';
import { tokenPromise } from './words.ts';

interface TokenFormProps {
  onConnected: (connection: Connection, repository: string | null) => void;
}

export function TokenForm({ onConnected }: TokenFormProps) {
  const store = useBoard((board) => board.panel.tokenStore);
  const form = useTokenForm(onConnected);
  const { server, repository, check } = form;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <form onSubmit={form.submit} noValidate>
      <Card
        footer={
          <>
            <Button onClick={form.checkNow} busy={check.running}>
              {check.report === null ? 'Check the token' : 'Check again'}
            </Button>
            <Button
              type="submit"
              kind="primary"
              busy={form.connecting}
              aria-disabled={!form.ready || undefined}
              title={form.ready ? undefined : 'Possible once the check has passed'}
            >
              Connect
            </Button>
          </>
        }
      >
        <CardBody className={styles.form}>
          <h2 ref={heading} tabIndex={-1} className={styles.heading}>
            Paste a token
          </h2>
          <Field
            label="Repository"
            optional
            help="As owner/name. With it, the check tells whether the token may add runners there."
            problem={repository.ok ? null : repository.problem}
          >
            <TextInput
              value={form.repositoryText}
              placeholder="octo/forge"
              onChange={(event) => form.setRepositoryText(event.target.value)}
            />
          </Field>
          <AnotherServer form={form} />
          {server.ok && (
            <TokenPageLink
              apiUrl={server.apiUrl}
              host={server.host}
              repository={repository.ok ? repository.fullName : null}
            />
          )}
          <Field label="Token" problem={form.tokenProblem} help={tokenPromise(store)}>
            <TokenInput ref={form.input} onEdit={form.edited} onPasted={form.checkNow} />
          </Field>
          {(check.running || check.report !== null || check.problem !== null) && <CheckList check={check} />}
          {form.problem && <ProblemNote problem={form.problem} />}
        </CardBody>
      </Card>
    </form>
  );
}

function AnotherServer({ form }: { form: TokenFormState }) {
  const { server, serverText } = form;
  return (
    <details className={styles.another} open={serverText !== '' || undefined}>
      <summary>Another server</summary>
      <Field
        label="Address of the server"
        optional
        help="GitHub Enterprise Server or ghe.com. Empty means github.com."
        problem={server.ok ? null : server.problem}
      >
        <TextInput
          value={serverText}
          inputMode="url"
          placeholder="github.example.com"
          onChange={(event) => form.setServerText(event.target.value)}
        />
      </Field>
    </details>
  );
}

type TokenFormState = ReturnType<typeof useTokenForm>;

function useTokenForm(onConnected: TokenFormProps['onConnected']) {
  const client = useClient();
  const input = useRef<HTMLInputElement>(null);
  const [serverText, setServerText] = useState('');
  const [repositoryText, setRepositoryText] = useState('');
  const [tokenProblem, setTokenProblem] = useState<string | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [connecting, setConnecting] = useState(false);
  const check = useTokenCheck();
  const server = readServer(serverText);
  const repository = readRepositoryName(repositoryText);
  const ready = check.report?.sufficient === true && !check.running;

  const edited = (): void => {
    check.reset();
    setTokenProblem(null);
    setProblem(null);
  };
  /** What to check or connect with; null, with the problem told, while something is wrong. */
  const credentials = (): Credentials | null => {
    const token = input.current?.value.trim() ?? '';
    const wrong = tokenTrouble(token);
    setTokenProblem(wrong);
    if (wrong !== null) input.current?.focus();
    if (wrong !== null || !server.ok || !repository.ok) return null;
    return { token, apiUrl: server.apiUrl, repository: repository.fullName };
  };
  const checkNow = (): void => {
    const asked = credentials();
    setProblem(null);
    if (asked !== null) void check.start(asked);
  };
  const connect = async (asked: Credentials): Promise<void> => {
    setConnecting(true);
    setProblem(null);
    try {
      const connection = await client.connections.add(asked);
      if (input.current) input.current.value = '';
      onConnected(connection, asked.repository);
    } catch (error) {
      setProblem(problemOf(error));
      setConnecting(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (connecting || check.running) return;
    if (!ready) {
      checkNow();
      return;
    }
    const asked = credentials();
    if (asked !== null) void connect(asked);
  };
  const change = (set: (text: string) => void) => (text: string) => {
    edited();
    set(text);
  };
  return {
    input,
    serverText,
    setServerText: change(setServerText),
    repositoryText,
    setRepositoryText: change(setRepositoryText),
    server,
    repository,
    tokenProblem,
    problem,
    connecting,
    ready,
    check,
    edited,
    checkNow,
    submit,
  };
}

/** What is plainly wrong with a token before anybody is asked. Never quotes it. */
function tokenTrouble(token: string): string | null {
  if (token === '') return 'Paste the token here first.';
  if (/\s/.test(token)) return 'A token is one word without spaces. Copy it again, alone.';
  return null;
}
