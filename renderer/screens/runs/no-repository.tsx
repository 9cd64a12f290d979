/** What a screen about a repository shows while none is connected. */
import { GitBranch } from 'lucide-react';
import { ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';

export function NoRepository() {
  return (
    <>
      <PageHeader title="No repository is connected" documentTitle="Runs" />
      <Card>
        <EmptyState
          icon={GitBranch}
          title="Workflows and their runs belong to a repository"
          action={
            <ButtonLink kind="primary" href="#/connect">
              Connect a repository…
            </ButtonLink>
          }
        >
          Connect one, and they are here.
        </EmptyState>
      </Card>
    </>
  );
}
