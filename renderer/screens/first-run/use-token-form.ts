/** The state of the token form. The token itself stays in its input element and only passes through here. */
import { type FormEvent, useRef, useState } from 'react';
import type { Connection } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';
import { readRepositoryName } from './repository-name.ts';
import { readServer } from './server.ts';
import { type Credentials, useTokenCheck } from './use-token-check.ts';

/** @param repository what was named in the form, as owner/name; null = nothing */
export type OnConnected = (connection: Connection, repository: string | null) => void;

export type TokenFormState = ReturnType<typeof useTokenForm>;

export function useTokenForm(onConnected: OnConnected) {
  const input = useRef<HTMLInputElement>(null);
  const [serverText, setServerText] = useState('');
  const [repositoryText, setRepositoryText] = useState('');
  const [tokenProblem, setTokenProblem] = useState<string | null>(null);
  const check = useTokenCheck();
  const keeping = useKeep((connection, repository) => {
    if (input.current) input.current.value = '';
    onConnected(connection, repository);
  });
  const server = readServer(serverText);
  const repository = readRepositoryName(repositoryText);
  const ready = check.report?.sufficient === true && !check.running;

  /** What to check or connect with; null, with the problem told, while something is wrong. */
  const credentials = (): Credentials | null => {
    const token = input.current?.value.trim() ?? '';
    const wrong = tokenTrouble(token);
    setTokenProblem(wrong);
    if (wrong !== null) input.current?.focus();
    if (wrong !== null || !server.ok || !repository.ok) return null;
    return { token, apiUrl: server.apiUrl, repository: repository.fullName };
  };
  const edited = (): void => {
    check.reset();
    setTokenProblem(null);
    keeping.forget();
  };
  const checkNow = (): void => {
    const asked = credentials();
    keeping.forget();
    if (asked !== null) void check.start(asked);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (keeping.working || check.running) return;
    const asked = ready ? credentials() : null;
    if (asked !== null) void keeping.keep(asked);
    else if (!ready) checkNow();
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
    problem: keeping.problem,
    connecting: keeping.working,
    ready,
    check,
    edited,
    checkNow,
    submit,
  };
}

/** Hands the token to the engine, which keeps it. */
function useKeep(onKept: OnConnected) {
  const client = useClient();
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const keep = async (credentials: Credentials): Promise<void> => {
    setWorking(true);
    setProblem(null);
    try {
      onKept(await client.connections.add(credentials), credentials.repository);
    } catch (error) {
      setProblem(problemOf(error));
      setWorking(false);
    }
  };
  return { working, problem, keep, forget: () => setProblem(null) };
}

/** What is plainly wrong with a token before anybody is asked. Never quotes it. */
function tokenTrouble(token: string): string | null {
  if (token === '') return 'Paste the token here first.';
  if (/\s/.test(token)) return 'A token is one word without spaces. Copy it again, alone.';
  return null;
}
