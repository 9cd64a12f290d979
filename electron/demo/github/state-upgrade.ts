/** Gives what an earlier version of the demo GitHub wrote what it lacks. */
import type { DemoData, JobRecord, RunnerRecord, RunRecord } from './model.ts';

function upgradeRun(run: RunRecord): RunRecord {
  return {
    ...{ concurrency: null, approvals: [], refType: 'branch' },
    ...run,
    attempts: run.attempts.map((attempt) => ({ ...{ isPending: false }, ...attempt })),
    plan: run.plan.map((job) => ({
      ...{ environment: null, concurrency: null },
      ...job,
      steps: job.steps.map((step) => ({ ...{ artifact: null }, ...step })),
    })),
  };
}

function upgradeJob(job: JobRecord): JobRecord {
  const runnerGroup = job.runnerId === null ? null : { id: 1, name: 'Default' };
  return { ...{ queuedAtMs: null, gate: null, runnerGroup }, ...job };
}

function upgradeRunner(runner: RunnerRecord): RunnerRecord {
  return { ...{ groupId: 1, pose: null }, ...runner };
}

/** @param fresh a state with nothing in it */
export function upgradeState(data: DemoData, fresh: DemoData): DemoData {
  return {
    ...fresh,
    ...data,
    runners: data.runners.map(upgradeRunner),
    runs: data.runs.map(upgradeRun),
    jobs: data.jobs.map(upgradeJob),
  };
}
