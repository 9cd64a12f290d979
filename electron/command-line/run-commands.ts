/** `trackside runs …` and `trackside workflows run`: starts workflows, follows runs, and keeps what they made. */
import { type Command, InvalidArgumentError } from 'commander';
import { TracksideError } from '../../shared/errors.ts';
import { formatBytes, formatDuration } from '../../shared/format.ts';
import type { Run as ForgeRun, RunDetail, RunJob, SavedArtifact } from '../../shared/model.ts';
import type { LocalClient } from '../doors/local-client.ts';
import type { Call, ProgramHost, Run } from './host.ts';
import { repositoryNamed } from './repository-named.ts';
import { plain, table } from './tables.ts';

interface Where {
  repository?: string;
}

const whereOption = ['--repository <owner/name>', 'where several are connected'] as const;

function readId(text: string): number {
  const id = Number(text);
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new InvalidArgumentError('It is a number, as in the address of its page.');
}

function readInput(text: string, before: Record<string, string> = {}): Record<string, string> {
  const sign = text.indexOf('=');
  if (sign < 1) throw new InvalidArgumentError('Write NAME=VALUE.');
  return { ...before, [text.slice(0, sign)]: text.slice(sign + 1) };
}

/** How it is or how it ended: `in_progress`, `failure`. */
const stateOf = ({ status, conclusion }: Pick<RunJob, 'conclusion'> & { status: string }): string =>
  conclusion ?? status;

export function describeRuns(runs: readonly ForgeRun[], now: number): string {
  if (runs.length === 0) return 'No runs.';
  return table(
    runs.map((run) => [
      String(run.id),
      stateOf(run),
      run.workflow,
      run.branch ?? '',
      run.event,
      `${formatDuration(now - run.createdAt)} ago`,
      run.title,
    ]),
  );
}

/** What has changed of a run since the detail before, a line for each job. */
export function describeChange(before: RunDetail | null, { run, jobs, problem }: RunDetail): string[] {
  const known = new Map(before?.jobs.map((job) => [job.key, stateOf(job)]));
  const lines = jobs
    .filter((job) => job.id !== null && known.get(job.key) !== stateOf(job))
    .map((job) => `${plain(job.name)}: ${stateOf(job)}${job.runnerName ? ` on ${job.runnerName}` : ''}`);
  const told = before?.problem?.message;
  const trouble = problem && problem.message !== told ? [problem.message] : [];
  const isOver = run.status === 'completed' && before?.run.status !== 'completed';
  return [...lines, ...trouble, ...(isOver ? [`Run ${run.id} has ended: ${run.conclusion}.`] : [])];
}

/** @throws Error when it did not end well, so that a script stops */
async function follow({ client, tell }: Call, where: { repositoryId: string; runId: number }): Promise<void> {
  let last: RunDetail | null = null;
  for await (const detail of await client.runs.watch(where)) {
    const lines = describeChange(last, detail);
    if (lines.length > 0) tell(detail, () => lines.join('\n'));
    last = detail;
  }
  if (last?.run.conclusion === 'success') return;
  const end = last?.run.conclusion ?? last?.problem?.message ?? 'unknown';
  throw new Error(`Run ${where.runId} did not succeed: ${end}`);
}

/** Adds `run` to the commands about workflows. */
export function addStartCommand(workflows: Command, run: Run): void {
  workflows
    .command('run')
    .description('starts a workflow by hand')
    .argument('<workflow>', 'its name, file or id')
    .option('--ref <ref>', 'a branch or tag; else the default branch')
    .option('--input <name=value>', 'once for each input', readInput, {})
    .option('--watch', 'stays until it has ended; ends with 1 when it did not succeed')
    .option(...whereOption)
    .action(
      (name: string, options: Where & { ref?: string; input: Record<string, string>; watch?: boolean }) =>
        run(async (call) => {
          const { client, board, tell } = call;
          const { id: repositoryId } = repositoryNamed(board, options.repository);
          const workflowId = await workflowNamed(client, repositoryId, name);
          const { ref = null, input: inputs } = options;
          const started = await client.workflows.dispatch({ repositoryId, workflowId, ref, inputs });
          const { runId } = started;
          tell(started, describeStarted);
          if (options.watch && runId !== null) await follow(call, { repositoryId, runId });
        }),
    );
}

function describeStarted({ runId, runUrl }: { runId: number | null; runUrl: string | null }): string {
  if (runId === null) return 'Started; its run is not shown yet.';
  return `Started run ${runId}${runUrl ? `: ${runUrl}` : ''}`;
}

async function workflowNamed(client: LocalClient, repositoryId: string, name: string): Promise<number> {
  const all = await client.workflows.list({ repositoryId });
  const wanted = name.toLowerCase();
  const found = all.filter((workflow) =>
    [workflow.name, workflow.path, workflow.path.split('/').at(-1), String(workflow.id)].some(
      (known) => known?.toLowerCase() === wanted,
    ),
  );
  const [only] = found;
  if (only && found.length === 1) return only.id;
  const names = all.map((workflow) => workflow.name).join(', ');
  throw new TracksideError(
    'UNKNOWN',
    only ? `${found.length} workflows are called “${name}”.` : `There is no workflow “${name}”.`,
    { remedy: only ? 'Use its file or its id.' : `There are: ${names || 'none'}.` },
  );
}

export function addRunCommands(program: Command, host: Pick<ProgramHost, 'now'>, run: Run): void {
  const runs = program.command('runs').description('runs of workflows');
  const about = (name: string, description: string): Command =>
    runs
      .command(name)
      .description(description)
      .argument('<run>', 'its id', readId)
      .option(...whereOption);
  const refOf = ({ board }: Call, runId: number, { repository }: Where) => ({
    repositoryId: repositoryNamed(board, repository).id,
    runId,
  });
  runs
    .command('list', { isDefault: true })
    .description('the latest runs')
    .option('--branch <name>')
    .option('--limit <number>', 'how many', Number, 20)
    .option(...whereOption)
    .action(({ repository, branch, limit }: Where & { branch?: string; limit: number }) =>
      run(async ({ client, board, tell }) => {
        const listed = await client.runs.list({
          ...{ repositoryId: repositoryNamed(board, repository).id, page: 1, perPage: limit },
          branch: branch ?? null,
          ...{ workflowId: null, status: null, event: null, actor: null },
        });
        tell(listed.runs, (shown) => describeRuns(shown, host.now()));
      }),
    );
  about('watch', 'follows a run to its end; ends with 1 when it did not succeed').action(
    (runId: number, where: Where) => run((call) => follow(call, refOf(call, runId, where))),
  );
  about('cancel', 'cancels a run')
    .option('--force', 'also when it does not answer')
    .action((runId: number, { force = false, ...where }: Where & { force?: boolean }) =>
      run(async (call) => {
        await call.client.runs.cancel({ ...refOf(call, runId, where), force });
        call.tell({ runId }, () => `Run ${runId} is being cancelled.`);
      }),
    );
  about('rerun', 'runs all jobs again')
    .option('--failed', 'only those that failed')
    .option('--job <id>', 'only this one and those that need it', readId)
    .action((runId: number, { failed, job, ...where }: Where & { failed?: boolean; job?: number }) =>
      run(async (call) => {
        const which = job !== undefined ? 'job' : failed ? 'failed' : 'all';
        await call.client.runs.rerun({ ...refOf(call, runId, where), which, jobId: job ?? null });
        call.tell({ runId }, () => `Run ${runId} runs again.`);
      }),
    );
  about('download', 'saves an artifact, or all, on the engine’s machine')
    .option('--name <name>', 'only the artifact of this name')
    .action((runId: number, { name, ...where }: Where & { name?: string }) =>
      run(async (call) => {
        const saved = await download(call.client, refOf(call, runId, where), name);
        call.tell(saved, (all) => all.map(describeSaved).join('\n'));
      }),
    );
}

type Saved = NonNullable<SavedArtifact['saved']> & { sizeBytes: number };

async function download(
  client: LocalClient,
  where: { repositoryId: string; runId: number },
  name: string | undefined,
): Promise<Saved[]> {
  const details = await client.runs.watch(where);
  const first = await details.next();
  await details.return?.();
  const artifacts = first.done ? [] : first.value.artifacts;
  const wanted = artifacts.filter((artifact) => name === undefined || artifact.name === name);
  if (wanted.length === 0) {
    const names = artifacts.map((artifact) => artifact.name).join(', ');
    throw new TracksideError('UNKNOWN', `Run ${where.runId} has no such artifact.`, {
      remedy: `It has ${names || 'none'}.`,
    });
  }
  const saved: Saved[] = [];
  for (const { id } of wanted) {
    for await (const state of await client.runs.saveArtifact({ ...where, artifactId: id })) {
      if (state.saved) saved.push({ ...state.saved, sizeBytes: state.receivedBytes });
    }
  }
  return saved;
}

function describeSaved({ path, sizeBytes, entries, refused, verified }: Saved): string {
  const digest = verified ? 'as its digest says' : 'its digest is not known';
  const warning =
    refused.length === 0
      ? ''
      : `\n  Careful: ${refused.length} of its ${entries} entries would leave the folder they are unpacked to.`;
  return `${path} (${formatBytes(sizeBytes)}, ${digest})${warning}`;
}
