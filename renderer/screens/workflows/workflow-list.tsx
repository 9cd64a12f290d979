/** The workflows of a repository: how each one's last run went, a button that starts it, and what is wrong with it. */
import { Ellipsis, ExternalLink, FileCheck2, FilePlus2, Play, Power, PowerOff } from 'lucide-react';
import { formatAgo } from '../../../shared/format.ts';
import type { Repository, Run, Workflow } from '../../../shared/model.ts';
import { Button, ButtonLink, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { classNames } from '../../components/class-names.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Menu, type MenuAction } from '../../components/menu.tsx';
import { StateShape } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import tones from '../../components/tone.module.css';
import { navigate } from '../../router.ts';
import { openDialog } from '../../store/dialogs.ts';
import { useNow } from '../../store/now.ts';
import { runAction } from '../../store/run-action.ts';
import { useClient } from '../../store/session.ts';
import { addressOf, type RunFilter, runsPath } from '../runs/run-filter.ts';
import { runLook } from '../runs/run-words.ts';
import type { Workflows } from './use-workflows.ts';
import styles from './workflow-list.module.css';

interface WorkflowListProps {
  repository: Repository;
  workflows: Workflows;
  /** The latest run of each, by the workflow's id. */
  latest: ReadonlyMap<number, Run>;
  filter: RunFilter;
}

export function WorkflowList({ repository, workflows: list, latest, filter }: WorkflowListProps) {
  const { workflows, problem } = list;
  return (
    <Card
      title="Workflows"
      note={workflows === null ? undefined : workflows.length.toLocaleString('en')}
      className={styles.card}
      footer={<WorkflowLinks repositoryId={repository.id} />}
    >
      {problem && (
        <ProblemNote
          className={styles.problemNote}
          problem={problem}
          action={
            <Button size="small" onClick={list.retry}>
              Try again
            </Button>
          }
        />
      )}
      {workflows === null && problem === null && (
        <div className={styles.loading}>
          <Skeleton height={120} />
        </div>
      )}
      {workflows?.length === 0 && <NoWorkflows repository={repository} />}
      {workflows !== null && workflows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={styles.scroll} tabIndex={0} aria-label="List of workflows">
          <ul>
            {workflows.map((workflow) => (
              <WorkflowRow
                key={workflow.id}
                workflow={workflow}
                repositoryId={repository.id}
                last={latest.get(workflow.id)}
                filter={filter}
                onChanged={list.retry}
              />
            ))}
          </ul>
        </section>
      )}
    </Card>
  );
}

function WorkflowLinks({ repositoryId }: { repositoryId: string }) {
  const at = (path: string): string => `#${addressOf(path, [['repository', repositoryId]])}`;
  return (
    <div className={styles.links}>
      <ButtonLink size="small" kind="quiet" icon={FileCheck2} href={at('/workflows/check')}>
        Check them
      </ButtonLink>
      <ButtonLink size="small" kind="quiet" icon={FilePlus2} href={at('/workflows/new')}>
        Write one
      </ButtonLink>
    </div>
  );
}

function NoWorkflows({ repository }: { repository: Repository }) {
  return (
    <EmptyState title="It has no workflows">
      <a href={`#${addressOf('/workflows/new', [['repository', repository.id]])}`}>Write one</a> for the
      runners that exist.
    </EmptyState>
  );
}

interface WorkflowRowProps {
  workflow: Workflow;
  repositoryId: string;
  last: Run | undefined;
  filter: RunFilter;
  onChanged: () => void;
}

function WorkflowRow({ workflow, repositoryId, last, filter, onChanged }: WorkflowRowProps) {
  const { id, name, path, inputs, state, problem } = workflow;
  const chosen = filter.workflowId === id;
  const actions = useWorkflowActions(workflow, repositoryId, onChanged);
  const isOff = state === 'disabled';
  return (
    <li className={classNames(styles.row, chosen && styles.chosen, isOff && styles.disabled)}>
      <LastState last={last} />
      <div className={styles.words}>
        <a
          className={styles.name}
          href={`#${runsPath(repositoryId, { ...filter, workflowId: chosen ? null : id })}`}
          aria-current={chosen ? 'true' : undefined}
          title={path}
        >
          {name}
        </a>
        {problem === null || inputs === null ? (
          <p className={styles.sub}>{isOff ? 'Disabled' : <LastRun last={last} />}</p>
        ) : (
          <p className={styles.problem}>{problem}</p>
        )}
        {inputs === null && problem !== null && <p className={styles.problem}>{problem}</p>}
      </div>
      <div className={styles.actions}>
        {inputs !== null && !isOff && (
          <IconButton
            icon={Play}
            label={`Run ${name}…`}
            size="small"
            onClick={() => openDialog({ kind: 'run-workflow', repositoryId, workflowId: id })}
          />
        )}
        <Menu
          trigger={<IconButton icon={Ellipsis} label={`More for ${name}`} size="small" />}
          actions={actions}
        />
      </div>
    </li>
  );
}

function LastState({ last }: { last: Run | undefined }) {
  const look = last === undefined ? null : runLook(last);
  return (
    <span className={classNames(styles.state, tones[look?.tone ?? 'off'])}>
      <StateShape shape={look?.shape ?? 'dashed'} size={11} />
      <span className="visually-hidden">{look === null ? 'Not run lately' : `Last run: ${look.word}`}</span>
    </span>
  );
}

function LastRun({ last }: { last: Run | undefined }) {
  const now = useNow(30_000);
  if (last === undefined) return 'Not run lately';
  return (
    <>
      {runLook(last).word} {formatAgo(now - last.createdAt)}
    </>
  );
}

function useWorkflowActions(
  { id, name, path, url, state }: Workflow,
  repositoryId: string,
  onChanged: () => void,
): MenuAction[] {
  const client = useClient();
  const setEnabled = async (enabled: boolean): Promise<void> => {
    const done = enabled ? `${name} can run again.` : `${name} was disabled: nothing starts it any more.`;
    const work = () => client.workflows.setEnabled({ repositoryId, workflowId: id, enabled });
    const undo = enabled ? undefined : { label: 'Enable', run: () => void setEnabled(true) };
    if (await runAction(work, done, undo)) onChanged();
  };
  const off = state === 'disabled';
  return [
    ...(url === null
      ? []
      : [
          { label: 'Open its file', icon: ExternalLink, run: () => window.open(url, '_blank', 'noreferrer') },
        ]),
    {
      label: 'Check its jobs',
      icon: FileCheck2,
      run: () =>
        navigate(
          addressOf('/workflows/check', [
            ['repository', repositoryId],
            ['file', path],
          ]),
        ),
    },
    {
      label: off ? 'Enable' : 'Disable',
      icon: off ? Power : PowerOff,
      separated: true,
      run: () => void setEnabled(off),
    },
  ];
}
