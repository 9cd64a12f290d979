/** What a person asked of the engine, in words: the history names each request that changed something. */
import type { InferContractRouterInputs } from '@orpc/contract';
import type { Board } from '../../shared/board.ts';
import type { contract } from '../../shared/contract.ts';
import { formatCount, formatDuration } from '../../shared/format.ts';
import type { ToldEvent } from './events.ts';

type Inputs = InferContractRouterInputs<typeof contract>;
type Sentences = {
  [Service in keyof Inputs]?: {
    [Procedure in keyof Inputs[Service]]?: (input: Inputs[Service][Procedure]) => string;
  };
};

const rerunOf = (which: 'all' | 'failed' | 'job', jobId: number | null): string =>
  which === 'job' ? `job ${jobId}` : which === 'all' ? 'all jobs' : 'the failed jobs';
const waits = (how: 'drain' | 'now'): string => (how === 'drain' ? 'after its job' : 'at once');

/**
 * A procedure that is not here is not written down. No sentence repeats what was typed: the inputs of connections, and
 * of workflows, may hold secrets.
 */
const sentences = {
  connections: {
    add: () => 'Connected with a token.',
    addGithubCli: () => 'Connected with the login of the GitHub CLI.',
    addDemo: () => 'Connected to the demo GitHub.',
    remove: () => 'Asked to forget the connection.',
  },
  repositories: {
    connect: ({ fullName }) => `Asked to watch ${fullName}.`,
    disconnect: () => 'Asked not to watch it any more.',
  },
  pools: {
    deploy: ({ count, name }) => `Asked to deploy ${formatCount(count, 'runner')} in the new pool ${name}.`,
    cancelDeploy: () => 'Asked to cancel the deploy.',
    update: ({ change }) => `Asked to change ${Object.keys(change).join(', ') || 'nothing'}.`,
    add: ({ count }) => `Asked for ${formatCount(count, 'more runner', 'more runners')}.`,
    remove: ({ how }) => `Asked to remove the pool, each runner ${waits(how)}.`,
    import: ({ dryRun }) => (dryRun ? 'Tried an import of pools.' : 'Imported pools.'),
  },
  runners: {
    retry: () => 'Asked to deploy it again.',
    cancelDeploy: () => 'Asked to cancel its deploy.',
    start: () => 'Asked to start it.',
    stop: ({ how }) => `Asked to stop it ${waits(how)}.`,
    keep: () => 'Took the waiting stop back.',
    keepFor: ({ durationMs }) => `Asked to keep it for ${formatDuration(durationMs)}.`,
    restart: () => 'Asked to restart it after its job.',
    remove: ({ how }) => `Asked to remove it ${waits(how)}.`,
  },
  leftovers: { cleanUp: () => 'Asked to clean it up.' },
  ghosts: { remove: ({ ghostIds }) => `Asked to remove ${formatCount(ghostIds.length, 'ghost')}.` },
  settings: { change: (input) => `Changed the settings: ${Object.keys(input).join(', ') || 'none'}.` },
  engine: {
    quit: ({ how }) => `Asked to quit: ${how === 'finish-jobs' ? 'finish jobs' : how.replace('-', ' ')}.`,
    cancelQuit: () => 'Took the quit back.',
  },
  workflows: {
    dispatch: ({ workflowId }) => `Started the workflow ${workflowId} by hand.`,
    setEnabled: ({ workflowId, enabled }) =>
      `${enabled ? 'Enabled' : 'Disabled'} the workflow ${workflowId}.`,
  },
  runs: {
    cancel: ({ runId, force }) =>
      `Asked to cancel run ${runId}${force ? ' although it does not answer' : ''}.`,
    rerun: ({ runId, which, jobId }) => `Asked to run ${rerunOf(which, jobId)} of run ${runId} again.`,
    review: ({ runId, approve }) => `${approve ? 'Approved' : 'Refused'} what run ${runId} waits for.`,
    saveArtifact: ({ artifactId, runId }) => `Asked to save artifact ${artifactId} of run ${runId}.`,
  },
} satisfies Sentences;

const table: Record<string, Record<string, unknown>> = sentences;

/**
 * What is to be written down of a request.
 * @param path of the procedure: `['runners', 'stop']`
 * @param board as it was before the request was done
 * @returns null for what only asks
 */
export function personEvent(path: readonly string[], input: unknown, board: Board): ToldEvent | null {
  const [service = '', procedure = ''] = path;
  const sentence = table[service]?.[procedure];
  if (typeof sentence !== 'function') return null;
  return { kind: 'person', ...subjectOf(input, board), cause: String(sentence(input)) };
}

function subjectOf(input: unknown, board: Board): Omit<ToldEvent, 'kind' | 'cause'> {
  const id = (name: string): string => {
    const value = typeof input === 'object' && input !== null ? Reflect.get(input, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  const runner = board.runners[id('runnerId')];
  const pool = board.pools[runner?.poolId ?? id('poolId')];
  const repository = board.repositories[runner?.repositoryId ?? pool?.repositoryId ?? id('repositoryId')];
  const connection = board.connections[id('connectionId')];
  const leftover = board.leftovers[id('leftoverId')];
  const named = runner?.name ?? pool?.name ?? repository?.fullName ?? connection?.login ?? leftover?.name;
  return {
    subject: named ?? 'Trackside',
    runnerId: runner?.id ?? null,
    poolId: pool?.id ?? null,
    repositoryId: repository?.id ?? null,
  };
}
