/** `trackside workflows …`: whether jobs of workflow files would find a runner, and starting them. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatCount } from '../../shared/format.ts';
import type { CheckedJob, CheckedWorkflow } from '../../shared/model.ts';
import type { ProgramHost, Run } from './host.ts';
import { repositoryNamed } from './repository-named.ts';
import { addStartCommand } from './run-commands.ts';
import { table } from './tables.ts';

/** The change of a line, as in a patch. */
function patchLines({ patch }: CheckedJob): string[] {
  return patch ? [`    - ${patch.before.trim()}`, `    + ${patch.after.trim()}`] : [];
}

/** Each file with its jobs: verdict, line and why. */
export function describeChecked(workflows: readonly CheckedWorkflow[]): string {
  if (workflows.length === 0) return 'There are no workflow files.';
  return workflows
    .flatMap(({ path, jobs, problems }) => [
      path,
      ...problems.map(({ line, column, message }) => `  ${path}:${line}:${column} ${message}`),
      ...table(
        jobs.map(({ key, line, verdict, sentence }) => [`  ${verdict}`, key, `line ${line}`, sentence]),
      )
        .split('\n')
        .flatMap((row, index) => [row, ...(jobs[index] ? patchLines(jobs[index]) : [])])
        .filter((row) => row !== ''),
    ])
    .join('\n');
}

/** What keeps the jobs from running, in one sentence; null when nothing does. */
export function findTrouble(workflows: readonly CheckedWorkflow[]): string | null {
  const jobs = workflows.flatMap((workflow) => workflow.jobs);
  const hanging = jobs.filter(({ verdict }) => verdict === 'nobody').length;
  const broken = workflows.filter(({ problems }) => problems.length > 0).length;
  const told = [
    ...(hanging > 0
      ? [`${hanging} of ${formatCount(jobs.length, 'job')} would wait for a runner that does not exist.`]
      : []),
    ...(broken > 0
      ? [
          `${broken} of ${formatCount(workflows.length, 'file')} ${broken === 1 ? 'has a fault' : 'have faults'}.`,
        ]
      : []),
  ];
  return told.length > 0 ? told.join(' ') : null;
}

export function addWorkflowCommands(program: Command, host: ProgramHost, run: Run): void {
  const workflows = program.command('workflows').description('the workflow files of a repository');
  addStartCommand(workflows, run);
  workflows
    .command('check')
    .description('who would take each job; ends with 1 when one would hang or a file is at fault')
    .argument('[folder]', 'a folder of this machine; else the default branch on the forge')
    .option('--repository <owner/name>', 'whose runners are asked for, where several are connected')
    .action((folder: string | undefined, { repository }: { repository?: string }) =>
      run(async ({ client, board, tell }) => {
        const { id } = repositoryNamed(board, repository);
        const checked = await client.workflows.check({
          repositoryId: id,
          folder: folder === undefined ? null : resolve(host.folder, folder),
        });
        tell(checked, describeChecked);
        const trouble = findTrouble(checked);
        if (trouble !== null) throw new Error(trouble);
      }),
    );
}
