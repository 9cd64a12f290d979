/** Connecting with a pasted token: make one, paste it, see what it may do, connect. */
import { useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { Card, CardBody } from '../../components/card.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard } from '../../store/session.ts';
import { CheckList } from './check-list.tsx';
import styles from './first-run.module.css';
import { TokenInput } from './token-input.tsx';
import { TokenPageLink } from './token-page-link.tsx';
import { type OnConnected, type TokenFormState, useTokenForm } from './use-token-form.ts';
import { tokenPromise } from './words.ts';

export function TokenForm({ onConnected }: { onConnected: OnConnected }) {
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
