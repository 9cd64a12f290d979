/** Fills a state with much of everything: repositories, runners, a history of runs, and a long queue with its problems. */
import type { AttemptRecord, Conclusion, JobRecord, RunnerRecord, RunRecord, SeedSize } from './model.ts';
import { poseRunner } from './posed-runners.ts';
import type { Repositories, Repository, Workflow } from './repositories.ts';
import type { Store } from './store.ts';
import { githubContext } from './workflow/contexts.ts';
import { addJob, endJob } from './workflow/job-records.ts';
import { newAttempt } from './workflow/new-run.ts';
import { planJobs } from './workflow/plan.ts';
import { parseWorkflow } from './workflow/workflow-file.ts';

/** What the benchmarks are held to. */
export const benchmarkSize: SeedSize = { repositories: 20, runners: 200, runs: 10_000, queuedJobs: 2_000 };

export interface SeedOptions {
  store: Store;
  repositories: Repositories;
  size: SeedSize;
  nowMs: number;
  /** 0 ≤ n < 1 */
  random: () => number;
}

const hourMs = 3_600_000;
const matrixSize = 40;
const historyMs = 30 * 24 * hourMs;

/** What queued jobs ask for, one after the other: each waits for a reason of its own. */
const demands: readonly string[][] = [
  ['self-hosted', 'gpu'],
  ['self-hosted', 'gppu'],
  ['self-hosted', 'linux', 'docker'],
  ['ubuntu-latest'],
  ['self-hosted', 'windows'],
  ['self-hosted, gpu'],
  ['self-hosted', 'gpu', 'docker'],
  ['ubuntu-25.04'],
];
/** What runners have beside the usual: the first two kinds are busy. */
const runnerLabels: readonly string[][] = [['gpu'], ['docker'], ['spare']];

/** Names of the repositories beside octo/forge. */
export function seededRepositoryNames({ repositories }: Pick<SeedSize, 'repositories'>): string[] {
  return Array.from(
    { length: Math.max(0, repositories - 1) },
    (_, index) => `workshop-${String(index + 2).padStart(2, '0')}`,
  );
}

interface Draft {
  repository: Repository;
  workflow: Workflow;
  /** Text in place of the workflow's own. */
  text?: string;
  event: RunRecord['event'];
  createdAtMs: number;
}

/** Plans are the same for all runs of a workflow. */
function createPlanner(): (
  workflow: Workflow,
  text: string,
  run: RunRecord,
) => Pick<RunRecord, 'plan' | 'workflowName'> {
  const known = new Map<string, Pick<RunRecord, 'plan' | 'workflowName'>>();
  return (workflow, text, run) => {
    const key = `${workflow.id}\n${text}`;
    const found = known.get(key);
    if (found) return found;
    const file = parseWorkflow(text, workflow.path);
    const plan = planJobs(file, { github: githubContext(run, 1), inputs: {} });
    const planned = { plan, workflowName: file.name };
    known.set(key, planned);
    return planned;
  };
}

function createDrafter({ store }: SeedOptions): (draft: Draft) => RunRecord {
  const planOf = createPlanner();
  return ({ repository, workflow, text = workflow.text, event, createdAtMs }) => {
    const run: RunRecord = {
      id: store.nextId('run'),
      number: store.nextId(`run-number:${workflow.id}`),
      repository: repository.fullName,
      workflowId: workflow.id,
      workflowPath: workflow.path,
      workflowName: workflow.path,
      displayTitle: event === 'push' ? repository.head.message : 'By hand',
      ...{ event, branch: 'main', refType: 'branch', headSha: repository.head.sha, actor: 'octo' },
      ...{ inputs: {}, env: {}, concurrency: null, plan: [], approvals: [] },
      createdAtMs,
      updatedAtMs: createdAtMs,
      attempts: [newAttempt(1, 'octo', createdAtMs)],
    };
    Object.assign(run, planOf(workflow, text, run));
    store.addRun(run);
    return run;
  };
}

/** Steps as they are of a job that ran from one time to another. */
function stepsOf(run: RunRecord, job: JobRecord, conclusion: Conclusion, endMs: number): JobRecord['steps'] {
  const steps = run.plan[job.planIndex]?.steps ?? [];
  const startMs = job.startedAtMs ?? endMs;
  const atMs = (index: number) => startMs + ((endMs - startMs) * index) / Math.max(1, steps.length);
  return steps.map(({ name }, index) => ({
    number: index + 2,
    name,
    status: 'completed',
    conclusion: index === steps.length - 1 ? conclusion : 'success',
    startedAt: new Date(atMs(index)).toISOString(),
    completedAt: new Date(atMs(index + 1)).toISOString(),
  }));
}

/** A run whose jobs have all ended, some minutes after it began. */
function endRun(options: SeedOptions, run: RunRecord, runner: RunnerRecord | undefined): void {
  const { store, random } = options;
  const chance = random();
  const conclusion: Conclusion = chance < 0.85 ? 'success' : chance < 0.95 ? 'failure' : 'cancelled';
  let atMs = run.createdAtMs;
  for (const [index, plan] of run.plan.entries()) {
    const job = addJob(store, run, index, plan, atMs);
    job.startedAtMs = atMs + 2000 + Math.floor(random() * 20_000);
    atMs = job.startedAtMs + 20_000 + Math.floor(random() * 240_000);
    if (runner) {
      const runnerGroup = { id: 1, name: 'Default' };
      Object.assign(job, { runnerId: runner.id, runnerName: runner.name, runnerGroup });
    }
    job.steps = stepsOf(run, job, conclusion, atMs);
    endJob(job, conclusion, atMs);
  }
  run.updatedAtMs = atMs;
  const attempt: AttemptRecord | undefined = run.attempts[0];
  if (attempt) Object.assign(attempt, { conclusion, completedAtMs: atMs });
}

/** A run whose only job a runner has. */
function occupy({ store, nowMs, random }: SeedOptions, run: RunRecord, runner: RunnerRecord): void {
  const [plan] = run.plan;
  if (!plan) return;
  const job = addJob(store, run, 0, plan, run.createdAtMs);
  Object.assign(job, {
    status: 'in_progress',
    startedAtMs: Math.min(nowMs, run.createdAtMs + Math.floor(random() * 60_000)),
    ...{ runnerId: runner.id, runnerName: runner.name, runnerGroup: { id: 1, name: 'Default' } },
    labels: runner.labels.map(({ name }) => name),
  });
}

/** A workflow whose one job is a matrix that asks for these labels. */
function matrixText(labels: readonly string[], jobs: number): string {
  const parts = Array.from({ length: jobs }, (_, index) => index + 1);
  const steps = [{ name: 'Test', run: 'echo tested' }];
  const test = { 'runs-on': labels, strategy: { 'fail-fast': false, matrix: { part: parts } }, steps };
  return JSON.stringify({ name: 'Parts', on: 'workflow_dispatch', jobs: { test } });
}

/**
 * Fills the state. Runners first, then runs that have ended, those that run, and those that wait, so that the newest
 * come last as they do on GitHub.
 */
export function seedState(options: SeedOptions): void {
  const { store, repositories, size, nowMs, random } = options;
  const names = ['forge', ...seededRepositoryNames(size)].map((name) => `octo/${name}`);
  const places = names.flatMap((name) => {
    const repository = repositories.byFullName(name);
    const workflows = repository ? repositories.workflows(repository) : [];
    const named = (file: string) => workflows.find(({ path }) => path.endsWith(`/${file}`));
    const [quick, build, nightly] = ['quick.yml', 'build.yml', 'nightly.yml'].map(named);
    return repository && quick && build && nightly ? [{ repository, quick, build, nightly }] : [];
  });
  const placeOf = (index: number) => {
    const place = places[index % places.length];
    if (!place) throw new Error('The repositories to fill lack their workflows.');
    return place;
  };
  const draft = createDrafter(options);
  const runners = Array.from({ length: size.runners }, (_, index) => {
    const isBusy = index % 10 < 7;
    const labels = runnerLabels[isBusy ? index % 2 : 2] ?? [];
    const owner = placeOf(Math.floor(index / Math.max(1, size.runners / places.length))).repository.fullName;
    const pose = index % 10 === 9 ? 'offline' : 'online';
    const name = `seeded-${String(index + 1).padStart(3, '0')}`;
    return { isBusy, owner, runner: poseRunner(store, { name, owner, labels, pose }, nowMs) };
  });
  const busy = runners.filter(({ isBusy }) => isBusy);
  const matrices = Math.ceil(size.queuedJobs / matrixSize);
  const ended = Math.max(0, size.runs - busy.length - matrices);
  for (let index = 0; index < ended; index += 1) {
    const { repository, quick, build } = placeOf(index);
    const createdAtMs = Math.floor(nowMs - 26 * hourMs - historyMs * (1 - index / ended));
    const workflow = index % 4 === 3 ? build : quick;
    const run = draft({ repository, workflow, event: index % 2 ? 'push' : 'workflow_dispatch', createdAtMs });
    const mine = runners.filter(({ owner }) => owner === repository.fullName);
    endRun(options, run, mine[index % Math.max(1, mine.length)]?.runner);
  }
  for (const { owner, runner } of busy) {
    const place = places.find(({ repository }) => repository.fullName === owner) ?? placeOf(0);
    const createdAtMs = nowMs - Math.floor(random() * hourMs);
    occupy(options, draft({ ...place, workflow: place.quick, event: 'push', createdAtMs }), runner);
  }
  for (let index = 0; index < matrices; index += 1) {
    const place = placeOf(index);
    const jobs = Math.min(matrixSize, size.queuedJobs - index * matrixSize);
    const text = matrixText(demands[index % demands.length] ?? [], jobs);
    // The first few are about to fail: a job may wait for a day.
    const waitedMs = index < 3 ? 23.5 * hourMs : Math.floor(random() * 20 * hourMs);
    const createdAtMs = nowMs - waitedMs;
    const run = draft({ ...place, workflow: place.nightly, text, event: 'workflow_dispatch', createdAtMs });
    for (const [planIndex, plan] of run.plan.entries()) addJob(store, run, planIndex, plan, createdAtMs);
  }
  Object.assign(store.data, { seed: size, keptRuns: Math.max(store.data.keptRuns, size.runs + 500) });
  store.changed();
}
