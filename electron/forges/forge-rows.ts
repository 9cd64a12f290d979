/** What the forge lists, as rows of the board. */
import type { ForeignRunner, Job, Repository, Runner } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { WaitRunner } from '../workflows/waiting.ts';
import type { ForgeJob, ForgeRunner } from './forge.ts';

const coming: readonly Runner['state'][] = ['deploying', 'starting', 'reconnecting'];

/**
 * The runners that a job could wait for: the forge's list, corrected by what this machine knows better (a runner that
 * runs a job is busy, whatever the forge says), and our own that are still to come.
 */
export function waitRunners(
  board: BoardPublisher,
  repositoryId: string,
  listed: ForgeRunner[],
): WaitRunner[] {
  const own = Object.values(board.current().runners).filter((row) => row.repositoryId === repositoryId);
  const known = listed.map(({ name, labels, status, busy }): WaitRunner => {
    const ours = own.find((row) => row.name === name);
    const isComing = status === 'offline' && ours !== undefined && coming.includes(ours.state);
    return { name, labels, status: isComing ? 'starting' : status, busy: busy || ours?.state === 'busy' };
  });
  const unlisted = own.filter(
    ({ name, state }) => coming.includes(state) && !listed.some((row) => row.name === name),
  );
  return [
    ...known,
    ...unlisted.map(({ name, labels }) => ({ name, labels, status: 'starting', busy: false }) as const),
  ];
}

/** The board's rows of the queue, each queued job with the reason of its wait. */
export function jobRows(repository: Repository, listed: ForgeJob[], _runners: WaitRunner[]): Job[] {
  return listed.map((job) => ({
    id: `${repository.id}/${job.id}`,
    repositoryId: repository.id,
    runId: job.runId,
    jobId: job.id,
    name: job.name,
    workflow: job.workflow,
    workflowPath: job.workflowPath,
    branch: job.branch,
    event: job.event,
    actor: job.actor,
    labels: job.labels,
    status: job.status,
    queuedAt: job.queuedAt,
    startedAt: job.startedAt,
    runnerName: job.runnerName,
    url: job.url,
    waitId: null,
    position: null,
    estimate: null,
  }));
}

/** The board's rows of runners that this engine did not create. */
export function foreignRunnerRows(
  repositoryId: string,
  listed: ForgeRunner[],
  isOurs: (repositoryId: string, name: string) => boolean,
): ForeignRunner[] {
  return listed
    .filter(({ name }) => !isOurs(repositoryId, name))
    .map(({ id, name, labels, status, busy }) => ({
      id: `${repositoryId}/${id}`,
      repositoryId,
      name,
      labels,
      status,
      busy,
      group: null,
      excluded: null,
    }));
}
