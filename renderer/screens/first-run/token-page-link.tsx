/** The way to the forge's page where a token is made, with what is filled in already and what is left to do by hand. */
import { ExternalLink } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TracksideClient } from '../../client/client.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { ButtonLink } from '../../components/button.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient } from '../../store/session.ts';
import styles from './first-run.module.css';

type TokenPage = Awaited<ReturnType<TracksideClient['connections']['tokenPage']>>;

export function TokenPageLink({
  apiUrl,
  host,
  repository,
}: {
  /** Null = github.com. */
  apiUrl: string | null;
  host: string;
  repository: string | null;
}) {
  const client = useClient();
  const [page, setPage] = useState<TokenPage | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    client.connections.tokenPage({ apiUrl, repository }, { signal: ending.signal }).then(
      (found) => {
        if (ending.signal.aborted) return;
        setPage(found);
        setProblem(null);
      },
      (error: unknown) => {
        if (!ending.signal.aborted) setProblem(problemOf(error));
      },
    );
    return () => ending.abort();
  }, [client, apiUrl, repository]);
  if (problem !== null) return <ProblemNote problem={problem} tone="wait" />;
  if (page === null) return <Skeleton height={96} />;
  return (
    <div className={styles.tokenPage}>
      <div>
        <ButtonLink href={page.url} target="_blank" rel="noreferrer" icon={ExternalLink}>
          Open the token page of {host}
        </ButtonLink>
      </div>
      <div className={styles.tokenSteps}>
        <PageList title="Filled in already" items={page.prefilled} />
        <PageList title="Left for you" items={page.byHand} />
      </div>
    </div>
  );
}

function PageList({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul className={styles.bullets}>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}
