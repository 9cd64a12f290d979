/** Writes a state as JSON. What does not change is written out once: plans of runs, and jobs that only wait. */
import type { DemoData, JobRecord, PlannedJob, RunRecord } from './model.ts';

export interface StateText {
  /** @param open what of runs and jobs is to be in it */
  of(data: DemoData, open: { runs: readonly RunRecord[]; jobs: readonly JobRecord[] }): Buffer;
}

/** Bytes with bytes between them. */
function joined(parts: readonly Buffer[], separator: Buffer): Buffer[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

const comma = Buffer.from(',');

export function createStateText(): StateText {
  const plans = new WeakMap<PlannedJob[], Buffer>();
  const waitingJobs = new WeakMap<JobRecord, { queuedAtMs: number | null; text: Buffer }>();
  const write = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

  const planText = (plan: PlannedJob[]): Buffer => {
    const known = plans.get(plan);
    if (known !== undefined) return known;
    const text = Buffer.from(`,"plan":${JSON.stringify(plan)}}`);
    plans.set(plan, text);
    return text;
  };
  const runText = ({ plan, ...run }: RunRecord): Buffer =>
    Buffer.concat([write(run).subarray(0, -1), planText(plan)]);

  const jobText = (job: JobRecord): Buffer => {
    if (job.status !== 'queued' || job.offer) return write(job);
    const known = waitingJobs.get(job);
    if (known?.queuedAtMs === job.queuedAtMs) return known.text;
    const text = write(job);
    waitingJobs.set(job, { queuedAtMs: job.queuedAtMs, text });
    return text;
  };

  return {
    of({ runs: _runs, jobs: _jobs, ...rest }, open) {
      return Buffer.concat([
        write(rest).subarray(0, -1),
        Buffer.from(',"runs":['),
        ...joined(open.runs.map(runText), comma),
        Buffer.from('],"jobs":['),
        ...joined(open.jobs.map(jobText), comma),
        Buffer.from(']}'),
      ]);
    },
  };
}
