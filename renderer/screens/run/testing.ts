/** Runs for tests: plausible, and overridden where a test looks. */
import type { Run, RunJob } from '../../../shared/model.ts';

export function runRow(over: Partial<Run> = {}): Run {
  return {
    id: 1,
    repositoryId: 'r1',
    number: 1,
    attempt: 1,
    title: 'Add a wheel',
    workflowId: 7,
    workflow: 'CI',
    path: '.github/workflows/ci.yml',
    event: 'push',
    branch: 'main',
    headSha: '0123456789abcdef0123456789abcdef01234567',
    actor: 'octo',
    status: 'completed',
    conclusion: 'success',
    createdAt: 0,
    startedAt: 0,
    updatedAt: 0,
    url: 'https://github.com/octo/forge/actions/runs/1',
    ...over,
  };
}

/** A job that ended well, called as its key. */
export function runJobRow(key: string, over: Partial<RunJob> = {}): RunJob {
  return {
    key,
    id: 1,
    name: key,
    status: 'completed',
    conclusion: 'success',
    labels: ['self-hosted'],
    needs: [],
    queuedAt: 0,
    startedAt: 0,
    endedAt: 1000,
    runnerName: null,
    runnerId: null,
    url: null,
    steps: [],
    ...over,
  };
}
