/** Log files of jobs and runs as GitHub serves them. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { LogFiles } from './log-files.ts';
import type { JobRecord, StepRecord } from './model.ts';

/** GitHub leaves characters out of folder names that file systems do not take. */
function folderName(jobName: string): string {
  return jobName.replace(/[/:<>"\\|?*]/g, '').trim();
}

const stampLength = 28;
const lineFeed = 10;

/** A part of a log file, by step number. */
interface Part {
  number: number;
  /** Of its first byte, and of the first after it. */
  from: number;
  to: number;
}

function timeOf(line: Buffer, at: number): number {
  const text = line.toString('latin1', at, at + stampLength);
  return Date.parse(text.slice(0, text.indexOf(' ')).replace(/(\.\d{3})\d*Z$/, '$1Z'));
}

/** Cuts a job's log into those of its steps by their start times. */
export async function splitBySteps(log: Readable, steps: readonly StepRecord[]): Promise<Part[]> {
  const started = steps
    .flatMap((step) => (step.startedAt ? [{ number: step.number, atMs: Date.parse(step.startedAt) }] : []))
    .sort((a, b) => a.number - b.number);
  const parts: Part[] = [];
  let index = 0;
  let offset = 0;
  const startLine = (line: Buffer, at: number): void => {
    const atMs = timeOf(line, at);
    for (let next = started[index + 1]; next && atMs >= next.atMs; next = started[index + 1]) index += 1;
    const number = started[index]?.number;
    const last = parts.at(-1);
    if (number === undefined || last?.number === number) return;
    if (last) last.to = offset + at;
    parts.push({ number, from: offset + at, to: Number.POSITIVE_INFINITY });
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of log) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : (chunk as Buffer);
    const whole = bytes.lastIndexOf(lineFeed) + 1;
    for (let at = 0; at < whole; at = bytes.indexOf(lineFeed, at) + 1) startLine(bytes, at);
    offset += whole;
    rest = bytes.subarray(whole);
  }
  if (rest.length > 0) startLine(rest, 0);
  const last = parts.at(-1);
  if (last) last.to = offset + rest.length;
  return parts;
}

/** A job's log with the byte order mark that GitHub puts before it. */
export function logDownload(logs: LogFiles, jobId: number): { stream: Readable; sizeBytes: number } {
  const mark = Buffer.from('\ufeff');
  async function* marked() {
    yield mark;
    yield* logs.stream(jobId);
  }
  return { stream: Readable.from(marked()), sizeBytes: mark.length + (logs.size(jobId) ?? 0) };
}

/** The archive of a run's logs: each job whole, and in a folder each of its steps. */
export async function logArchive(jobs: readonly JobRecord[], logs: LogFiles): Promise<Readable> {
  const archive = new ZipFile();
  for (const [index, job] of jobs.entries()) {
    if (logs.size(job.id) === undefined) continue;
    const folder = folderName(job.name);
    const path = logs.path(job.id);
    archive.addFile(path, `${index}_${folder}.txt`);
    for (const { number, from, to } of await splitBySteps(logs.stream(job.id), job.steps)) {
      const name = job.steps.find((step) => step.number === number)?.name ?? '';
      const open = () => createReadStream(path, { start: from, end: to - 1 });
      archive.addReadStreamLazy(`${folder}/${number}_${folderName(name)}.txt`, (use) => use(null, open()));
    }
  }
  archive.end();
  return Readable.from(archive.outputStream);
}
