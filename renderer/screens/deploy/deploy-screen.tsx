/** `#/deploy`: runners for a repository, in four pages. `?labels=a,b&repository=id` fills in a part. */
import { Plug } from 'lucide-react';
import { useSearchParams } from 'wouter';
import type { Connection, Repository } from '../../../shared/model.ts';
import { ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useBoard, useBoardList } from '../../store/session.ts';
import { useWizard } from './use-wizard.ts';
import { Wizard } from './wizard.tsx';

export function DeployScreen() {
  const repositories = useBoardList((board) => Object.values(board.repositories));
  return repositories.length === 0 ? <NothingConnected /> : <DeployWizard repositories={repositories} />;
}

function DeployWizard({ repositories }: { repositories: readonly Repository[] }) {
  const [search] = useSearchParams();
  const wanted = { labels: search.get('labels') ?? '', repositoryId: search.get('repository') };
  const wizard = useWizard(repositories, wanted);
  const { repository } = wizard;
  const connection = useBoard((board) => board.connections[repository?.connectionId ?? '']);
  return (
    <>
      <PageHeader
        documentTitle="Deploy"
        title={repository === undefined ? 'Deploy runners' : `Deploy runners to ${repository.fullName}`}
        sub={repository === undefined ? 'Choose a repository first' : aboutRepository(repository, connection)}
      />
      <Wizard wizard={wizard} repositories={repositories} />
    </>
  );
}

function aboutRepository(repository: Repository, connection: Connection | undefined): string {
  const kind = `${repository.visibility} repository`;
  if (connection === undefined) return kind;
  if (connection.demo) return `${kind} on the demo GitHub`;
  if (connection.expiresAt === null) return `${kind} · connected as ${connection.login}`;
  const day = new Date(connection.expiresAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
  return `${kind} · the token of ${connection.login} is good until ${day}`;
}

function NothingConnected() {
  return (
    <>
      <PageHeader documentTitle="Deploy" title="Connect a repository first" />
      <Card>
        <EmptyState
          icon={Plug}
          title="No repository is connected"
          action={
            <ButtonLink kind="primary" href="#/connect">
              Connect a repository
            </ButtonLink>
          }
        >
          Runners belong to a repository. Connect one, or look around with the demo GitHub.
        </EmptyState>
      </Card>
    </>
  );
}
