/** The runs of a repository with its workflows beside them: what ran, what runs, and what can be started. */
import { Play } from 'lucide-react';
import { useMemo } from 'react';
import { useSearch } from 'wouter';
import type { Repository, Run } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { navigate } from '../../router.ts';
import { openDialog } from '../../store/dialogs.ts';
import { useBoardList } from '../../store/session.ts';
import { useWorkflows } from '../workflows/use-workflows.ts';
import { WorkflowList } from '../workflows/workflow-list.tsx';
import { NoRepository } from './no-repository.tsx';
import { RepositoryChoice } from './repository-choice.tsx';
import { allRuns, filterFrom, isNarrowed, repositoryFrom, runsPath } from './run-filter.ts';
import { RunFilterBar } from './run-filter-bar.tsx';
import { RunList } from './run-list.tsx';
import { latestByWorkflow } from './run-pages.ts';
import { runsHeadline } from './run-words.ts';
import styles from './runs-screen.module.css';
import { useRuns } from './use-runs.ts';

export function RunsScreen() {
  const wanted = repositoryFrom(useSearch());
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const repository = repositories.find(({ id }) => id === wanted) ?? repositories[0];
  return repository === undefined ? <NoRepository /> : <RunsOf key={repository.id} repository={repository} />;
}

function RunsOf({ repository }: { repository: Repository }) {
  const address = useSearch();
  const filter = useMemo(() => filterFrom(address), [address]);
  const narrowed = isNarrowed(filter);
  const workflows = useWorkflows(repository.id);
  const all = useRuns(repository.id, allRuns);
  const fitting = useRuns(repository.id, narrowed ? filter : null);
  const latest = useMemo(() => latestByWorkflow(all.runs ?? []), [all.runs]);
  return (
    <>
      <RunsHeader repository={repository} runs={all.runs} />
      <div className={styles.columns}>
        <WorkflowList repository={repository} workflows={workflows} latest={latest} filter={filter} />
        <div className={styles.runs}>
          <RunFilterBar
            filter={filter}
            runs={all.runs ?? []}
            workflows={workflows.workflows ?? []}
            onChange={(part) => navigate(runsPath(repository.id, { ...filter, ...part }), { replace: true })}
          />
          <RunList
            repository={repository}
            runs={narrowed ? fitting : all}
            narrowed={narrowed}
            canRun={workflows.workflows?.some(({ inputs }) => inputs !== null) ?? false}
          />
        </div>
      </div>
    </>
  );
}

function RunsHeader({ repository, runs }: { repository: Repository; runs: readonly Run[] | null }) {
  return (
    <PageHeader
      title={runsHeadline(runs ?? [])}
      documentTitle="Runs"
      sub={<RepositoryChoice chosen={repository} pathOf={(id) => runsPath(id)} />}
      actions={
        <Button
          kind="primary"
          icon={Play}
          onClick={() => openDialog({ kind: 'run-workflow', repositoryId: repository.id })}
        >
          Run a workflow…
        </Button>
      }
    />
  );
}
