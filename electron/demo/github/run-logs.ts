/** Log files of jobs and runs as GitHub serves them. */
import type { JobRecord, StepRecord } from './model.ts';
import type { ZipEntry } from './zip.ts';

/** GitHub leaves characters out of folder names that file systems do not take. */
function folderName(jobName: string): string {
  return jobName.replace(/[/:<>"\\|?*]/g, '').trim();
}

function timeOf(line: string): number {
  return Date.parse(line.slice(0, line.indexOf(' ')).replace(/(\.\d{3})\d*Z$/, '$1Z'));
}

/**
 * Cuts a job's log into those of its steps by their start times.
 * @returns text by step number
 */
function splitBySteps(log: string, steps: readonly StepRecord[]): Map<number, string> {
  const started = steps
    .flatMap((step) => (step.startedAt ? [{ number: step.number, atMs: Date.parse(step.startedAt) }] : []))
    .sort((a, b) => a.number - b.number);
  const parts = new Map<number, string>();
  let index = 0;
  for (const line of log.split(/(?<=\n)/)) {
    const atMs = timeOf(line);
    for (let next = started[index + 1]; next && atMs >= next.atMs; next = started[index + 1]) index += 1;
    const number = started[index]?.number;
    if (number !== undefined && line !== '') parts.set(number, (parts.get(number) ?? '') + line);
  }
  return parts;
}

/** The files of a run's log archive: each job whole, and in a folder each of its steps. */
export function logFiles(jobs: readonly JobRecord[], logs: Record<string, string>): ZipEntry[] {
  return jobs.flatMap((job, index) => {
    const log = logs[job.id];
    if (!log) return [];
    const folder = folderName(job.name);
    const steps = [...splitBySteps(log, job.steps)].map(([number, text]) => {
      const name = job.steps.find((step) => step.number === number)?.name ?? '';
      return { name: `${folder}/${number}_${folderName(name)}.txt`, content: Buffer.from(text) };
    });
    return [{ name: `${index}_${folder}.txt`, content: Buffer.from(log) }, ...steps];
  });
}
