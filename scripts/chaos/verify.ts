/** The end of a chaos run: was every job run exactly once, or told with a true verdict, and is nothing left? */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mountsBelow } from '../../electron/platform/mounts.ts';
import type { Board } from '../../shared/board.ts';
import type { Shift } from '../../shared/model.ts';
import type { Fault } from './fault.ts';
import { wait } from './fault.ts';
import { type ChaosLab, latestJobs } from './lab.ts';
import { type Execution, readLedger } from './workload.ts';

export interface JobReport {
  exactlyOnce: number;
  /** Jobs that an attempt was lost of, told with a verdict. */
  told: number;
  rerun: number;
  causes: string[];
  problems: string[];
}

/** How long jobs that were lost may take until they are run again: the forge gives them up first. */
const settleMs = 240_000;

/** Waits until no job is open and no re-run is planned. */
export async function whenSettled(lab: ChaosLab): Promise<void> {
  await lab.whenConcluded(lab.jobs, settleMs + lab.jobs * 3000);
  const deadline = Date.now() + settleMs;
  while (Date.now() < deadline) {
    if (openShifts(lab).length === 0 && lab.concluded() === lab.jobs) return;
    await wait(500);
  }
  const open = openShifts(lab).map(
    ({ runnerName, jobName, verdict }) =>
      `${jobName} on ${runnerName}, ${verdict?.rerun?.sentence ?? 'still running'}`,
  );
  throw new Error(`Jobs that were lost were not run again in time: ${open.join('; ')}`);
}

const openShifts = (lab: ChaosLab): Shift[] =>
  shiftsOf(lab.engine.board()).filter(
    ({ result, verdict }) => result === null || verdict?.rerun?.status === 'planned',
  );

const shiftsOf = ({ shifts }: Board): Shift[] => Object.values(shifts);

/** Holds the ledger, the forge and what the engine told against each other. */
export async function judgeJobs(lab: ChaosLab, fault: Fault): Promise<JobReport> {
  const executions = await readLedger(lab.workload.ledger);
  const shifts = shiftsOf(lab.engine.board());
  const report: JobReport = { exactlyOnce: 0, told: 0, rerun: 0, causes: [], problems: [] };
  for (const job of latestJobs(lab.github)) {
    const number = Number(job.name.replace('Job ', ''));
    const own = executions.filter((execution) => execution.job === number);
    const seen = shifts.filter(({ jobName }) => jobName === job.name);
    const { name, conclusion, attempt } = job;
    judgeJob({ name, conclusion, attempt, own, shifts: seen, fault }, report);
  }
  return report;
}

function judgeJob(
  seen: {
    name: string;
    conclusion: string | null;
    /** How often it was begun, the latest included. */
    attempt: number;
    own: Execution[];
    shifts: Shift[];
    fault: Fault;
  },
  report: JobReport,
): void {
  const { name, conclusion, attempt, own, shifts, fault } = seen;
  const verdicts = shifts.flatMap(({ verdict }) => verdict ?? []);
  const ended = own.filter((execution) => execution.ended);
  const [only] = own;
  if (own.length === 1 && only?.ended && conclusion === 'success' && verdicts.length === 0) {
    report.exactlyOnce += 1;
    return;
  }
  if (verdicts.length === 0) {
    const told = own.map(
      ({ attempt, runner, ended: end }) => `${runner} attempt ${attempt}${end ? '' : ' cut short'}`,
    );
    const shown = shifts.map(({ runnerName, result }) => `${result} on ${runnerName}`).join(', ');
    report.problems.push(
      `${name}: ${conclusion}, ran ${told.join(', ') || 'never'}, told as ${shown || 'nothing'}`,
    );
    return;
  }
  report.told += 1;
  for (const { cause, rerun } of verdicts) {
    report.causes.push(cause);
    if (rerun?.status === 'asked') report.rerun += 1;
    if (!fault.verdicts.includes(cause)) report.problems.push(`${name}: the verdict “${cause}” is not true`);
  }
  // One that was lost again in its second run is told again, and left to a person.
  if (conclusion !== 'success' && verdicts.length < attempt) {
    report.problems.push(`${name}: was lost and did not come through again`);
  }
  if (ended.length > 1 + verdicts.length)
    report.problems.push(`${name}: came to its end ${ended.length} times`);
}

/** Takes the pool away as a person would, and looks for what is left. */
export async function judgeEnd(lab: ChaosLab): Promise<string[]> {
  const { engine, github, poolId } = lab;
  await engine.client.pools.remove({ poolId, how: 'drain' });
  await engine.when(({ runners }) => Object.keys(runners).length === 0, 120_000, 'all runners gone');
  await cleanUp(lab);
  const left: string[] = [];
  const processes = (await lab.processes()).filter(({ pid }) => pid !== engine.pid);
  if (processes.length > 0)
    left.push(`processes: ${processes.map(({ name, pid }) => `${name} ${pid}`).join(', ')}`);
  const registered = github.snapshot().runners.map(({ name }) => name);
  if (registered.length > 0) left.push(`registrations: ${registered.join(', ')}`);
  const folders = await readdir(join(lab.dataFolder, 'runners'));
  if (folders.length > 0) left.push(`folders: ${folders.join(', ')}`);
  const mounts = await mountsBelow(join(lab.dataFolder, 'runners'));
  if (mounts.length > 0) left.push(`mounts: ${mounts.join(', ')}`);
  return left;
}

/** Presses *Clean up* and *Remove* on what the panel lists as left behind; a dead session is believed for 100 s. */
async function cleanUp(lab: ChaosLab): Promise<void> {
  const { client, board } = lab.engine;
  const deadline = Date.now() + 180_000;
  while (Date.now() < deadline) {
    for (const { id } of Object.values(board().leftovers)) await client.leftovers.cleanUp({ leftoverId: id });
    if (lab.github.snapshot().runners.length === 0) return;
    await client.ghosts.scan({});
    const ghostIds = Object.keys(board().ghosts);
    if (ghostIds.length > 0) await client.ghosts.remove({ ghostIds });
    await wait(3000);
  }
}
