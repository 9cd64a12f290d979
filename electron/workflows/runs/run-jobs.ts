/** The jobs of a run as a timeline shows them: what the forge has made, what is still to come, and what needs what. */
import { conclusionSchema, type RunJob } from '../../../shared/model.ts';
import type { ForgeRun, ForgeRunJob } from '../../forges/forge.ts';
import type { ParsedJob, ParsedWorkflow } from '../file/workflow-file.ts';
import { jobsNamed } from './job-keys.ts';

/**
 * @param workflow the file as it is at the run's commit; null while it is not known: then no job needs another
 * @param runnerIdOf the runner of ours that runs or ran the job; null when it is none of ours
 */
export function runJobs(facts: {
  run: Pick<ForgeRun, 'status'>;
  jobs: readonly ForgeRunJob[];
  workflow: ParsedWorkflow | null;
  runnerIdOf(job: ForgeRunJob): string | null;
}): RunJob[] {
  const { run, jobs, workflow, runnerIdOf } = facts;
  const parsed = workflow?.jobs ?? [];
  const candidates = new Map(jobs.map((job) => [job, jobsNamed(parsed, job.name)]));
  const parsedOf = (job: ForgeRunJob): ParsedJob | null => {
    const [only, ...others] = candidates.get(job) ?? [];
    return others.length === 0 ? (only ?? null) : null;
  };
  const toCome = run.status === 'completed' ? [] : notMade(parsed, candidates);
  const keysOf = (needed: string): string[] => [
    ...jobs.filter((job) => parsedOf(job)?.key === needed).map(({ id }) => String(id)),
    ...toCome.filter(({ key }) => key === needed).map(({ key }) => key),
  ];
  const needsOf = (job: ParsedJob | null): string[] => [...new Set(job?.needs ?? [])].flatMap(keysOf);
  return [
    ...jobs.map((job) => ({ ...made(job), needs: needsOf(parsedOf(job)), runnerId: runnerIdOf(job) })),
    ...toCome.map((job) => ({ ...coming(job, run), needs: needsOf(job) })),
  ];
}

/** Those that no job of the forge may be one of. */
function notMade(
  parsed: readonly ParsedJob[],
  candidates: ReadonlyMap<ForgeRunJob, readonly ParsedJob[]>,
): ParsedJob[] {
  const there = new Set([...candidates.values()].flat());
  return parsed.filter((job) => !there.has(job));
}

function made(job: ForgeRunJob): Omit<RunJob, 'needs' | 'runnerId'> {
  const { id, name, status, labels, queuedAt, startedAt, endedAt, runnerName, url, steps } = job;
  const known = conclusionSchema.safeParse(job.conclusion);
  const conclusion = job.conclusion === null ? null : known.success ? known.data : 'neutral';
  return {
    ...{ key: String(id), id, name, status, conclusion, labels, queuedAt, startedAt, endedAt },
    ...{ runnerName, url, steps },
  };
}

/** Jobs without needs that are not there yet wait for what their whole run waits for. */
function coming(job: ParsedJob, run: Pick<ForgeRun, 'status'>): Omit<RunJob, 'needs'> {
  const isNext = job.needs.length === 0;
  const waits = run.status === 'pending' || run.status === 'waiting' ? run.status : 'queued';
  const [only, ...others] = job.runsOn.kind === 'labels' ? job.runsOn.sets : [];
  return {
    key: job.key,
    id: null,
    name: job.name === null || job.name.includes('${{') ? job.key : job.name,
    status: isNext ? waits : 'blocked',
    conclusion: null,
    labels: only && others.length === 0 ? only.labels : [],
    ...{ queuedAt: null, startedAt: null, endedAt: null, runnerName: null, runnerId: null, url: null },
    steps: [],
  };
}
