/** Who would take each job of the workflow files: looked at before anything hangs. */
import { ChevronLeft, FileCheck2, FolderSearch, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useSearch } from 'wouter';
import { formatCount } from '../../../shared/format.ts';
import type { CheckedWorkflow, Repository } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Segmented } from '../../components/choice.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StateShape } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { ScreenSkeleton } from '../../components/skeleton.tsx';
import tones from '../../components/tone.module.css';
import { navigate } from '../../router.ts';
import { useBoardList } from '../../store/session.ts';
import { NoRepository } from '../runs/no-repository.tsx';
import { RepositoryChoice } from '../runs/repository-choice.tsx';
import { addressOf, repositoryFrom, runsPath } from '../runs/run-filter.ts';
import styles from './check-screen.module.css';
import { CheckedFile } from './checked-file.tsx';
import { useCheck } from './use-check.ts';
import { checkHeadline, countVerdicts, troubledFirst, verdictLooks } from './verdict-words.ts';

export function CheckScreen() {
  const address = useSearch();
  const wanted = repositoryFrom(address);
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const repository = repositories.find(({ id }) => id === wanted) ?? repositories[0];
  if (repository === undefined) return <NoRepository />;
  const asked = new URLSearchParams(address);
  const folder = asked.get('folder');
  return <CheckOf key={repository.id} repository={repository} folder={folder} only={asked.get('file')} />;
}

const checkPath = (repositoryId: string, folder: string | null = null, file: string | null = null): string =>
  addressOf('/workflows/check', [
    ['repository', repositoryId],
    ['folder', folder],
    ['file', file],
  ]);

interface CheckOfProps {
  repository: Repository;
  folder: string | null;
  /** Path of the one file that is shown; null = all. */
  only: string | null;
}

function CheckOf({ repository, folder, only }: CheckOfProps) {
  const { files, problem, working, again } = useCheck(repository.id, folder);
  const chosen = files?.filter(({ path }) => path === only) ?? [];
  const shown = chosen.length > 0 ? chosen : (files ?? []);
  const headline = files === null ? null : checkHeadline(shown);
  return (
    <>
      <PageHeader
        before={<BackToRuns repositoryId={repository.id} />}
        title={
          <span className={headline?.tone === 'wait' ? tones.wait : undefined}>
            {headline?.words ?? 'Check workflows'}
          </span>
        }
        documentTitle="Check workflows"
        sub={<RepositoryChoice chosen={repository} pathOf={(id) => checkPath(id)} />}
        actions={
          <Button icon={RefreshCw} busy={working} onClick={again}>
            Check again
          </Button>
        }
      />
      <Where
        repository={repository}
        folder={folder}
        problem={problem?.field === 'folder' ? problem.message : null}
      />
      {problem && problem.field !== 'folder' && <ProblemNote problem={problem} />}
      {files === null && problem === null && <ScreenSkeleton />}
      {files !== null && (
        <div className={styles.stack}>
          <VerdictStrip files={shown} />
          {chosen.length > 0 && files.length > 1 && (
            <p>
              <a href={`#${checkPath(repository.id, folder)}`}>Show all {files.length} files</a>
            </p>
          )}
          {files.length === 0 && <NoFiles folder={folder} repository={repository} />}
          {troubledFirst(shown).map((file) => (
            <CheckedFile key={file.path} file={file} />
          ))}
        </div>
      )}
    </>
  );
}

export function BackToRuns({ repositoryId }: { repositoryId: string }) {
  return (
    <a className={styles.back} href={`#${runsPath(repositoryId)}`}>
      <ChevronLeft aria-hidden="true" />
      Runs
    </a>
  );
}

/** The files of the forge, or those in a folder that are not pushed yet. */
function Where({
  repository,
  folder,
  problem,
}: {
  repository: Repository;
  folder: string | null;
  problem: string | null;
}) {
  const [local, setLocal] = useState(folder !== null);
  const [typed, setTyped] = useState(folder ?? '');
  const look = (): void => {
    if (typed.trim() !== '') navigate(checkPath(repository.id, typed.trim()));
  };
  const choose = (value: 'forge' | 'folder'): void => {
    setLocal(value === 'folder');
    if (value === 'forge') navigate(checkPath(repository.id));
  };
  return (
    <div className={styles.where}>
      <Segmented
        label="Which files"
        value={local ? 'folder' : 'forge'}
        onChange={choose}
        choices={[
          { value: 'forge', title: `On ${repository.defaultBranch}` },
          { value: 'folder', title: 'In a folder here' },
        ]}
      />
      {local && (
        <form
          className={styles.folder}
          onSubmit={(event) => {
            event.preventDefault();
            look();
          }}
        >
          <Field label={<span className="visually-hidden">Folder of this machine</span>} problem={problem}>
            <TextInput
              value={typed}
              placeholder="/home/me/project"
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
          <Button type="submit" icon={FolderSearch}>
            Check it
          </Button>
        </form>
      )}
    </div>
  );
}

/** All jobs side by side, by who would take them. */
function VerdictStrip({ files }: { files: readonly CheckedWorkflow[] }) {
  const counts = countVerdicts(files);
  if (counts.length === 0) return null;
  return (
    <div>
      <div className={styles.strip} aria-hidden="true">
        {counts.map(({ verdict, count }) => (
          <span key={verdict} className={tones[verdictLooks[verdict].tone]} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className={styles.legend}>
        {counts.map(({ verdict, count }) => {
          const { tone, shape, word } = verdictLooks[verdict];
          return (
            <li key={verdict}>
              <span className={tones[tone]}>
                <StateShape shape={shape} />
              </span>
              {count} {word.toLowerCase()}
            </li>
          );
        })}
        <li className="muted">{formatCount(files.length, 'file')}</li>
      </ul>
    </div>
  );
}

function NoFiles({ folder, repository }: { folder: string | null; repository: Repository }) {
  return (
    <Card>
      <EmptyState icon={FileCheck2} title="There are no workflow files">
        {folder === null
          ? `${repository.fullName} has none under .github/workflows on ${repository.defaultBranch}.`
          : `There are none under .github/workflows in ${folder}.`}
      </EmptyState>
    </Card>
  );
}
