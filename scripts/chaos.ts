/**
 * `npm run chaos`: eight runners work through two hundred jobs while a fault strikes; at the end every job has run exactly
 * once or was told with a true verdict, and nothing is left. One run for each fault.
 */
import { Command, InvalidArgumentError } from 'commander';
import { describeMachine } from './bench/benchmark.ts';
import type { Fault } from './chaos/fault.ts';
import { forgeFaults } from './chaos/forge-faults.ts';
import { hostFaults } from './chaos/host-faults.ts';
import { type ChaosLab, type Ground, openChaosLab, prepareGround, queueAll } from './chaos/lab.ts';
import { type JobReport, judgeEnd, judgeJobs, whenSettled } from './chaos/verify.ts';

const faults: Fault[] = [...hostFaults, ...forgeFaults];

interface Outcome {
  fault: string;
  title: string;
  status: 'held' | 'failed' | 'skipped';
  seconds: number;
  jobs: Omit<JobReport, 'problems'> | null;
  problems: string[];
}

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32), so that a run can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function strike(lab: ChaosLab, fault: Fault, random: () => number): Promise<JobReport> {
  await queueAll(lab);
  await lab.whenConcluded(Math.ceil(lab.jobs / 10), 240_000);
  await fault.inject(lab, random);
  await whenSettled(lab);
  const report = await judgeJobs(lab, fault);
  const left = await judgeEnd(lab);
  return { ...report, problems: [...report.problems, ...left.map((what) => `left behind: ${what}`)] };
}

async function tryFault(ground: Ground, fault: Fault, jobs: number, random: () => number): Promise<Outcome> {
  const { name, title } = fault;
  const reason = (await fault.impossible?.()) ?? null;
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1000);
  if (reason !== null) {
    return { fault: name, title, status: 'skipped', seconds: 0, jobs: null, problems: [reason] };
  }
  const lab = await openChaosLab(ground, { jobs, prepare: fault.prepare, ownNames: fault.ownNames });
  try {
    const { problems, ...told } = await strike(lab, fault, random);
    const status = problems.length === 0 ? 'held' : 'failed';
    return { fault: name, title, status, seconds: seconds(), jobs: told, problems };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const problems = [message, ...lab.engine.complaints().split('\n').slice(-12)];
    return { fault: name, title, status: 'failed', seconds: seconds(), jobs: null, problems };
  } finally {
    await lab.dispose();
  }
}

function tellOutcome({ fault, title, status, seconds, jobs, problems }: Outcome): void {
  const counts = jobs
    ? `${jobs.exactlyOnce} exactly once, ${jobs.told} told${jobs.causes.length > 0 ? ` (${[...new Set(jobs.causes)].join(', ')}; ${jobs.rerun} run again)` : ''}`
    : '';
  console.log(
    `  ${status.toUpperCase().padEnd(7)} ${fault.padEnd(20)} ${String(seconds).padStart(4)} s  ${counts}`,
  );
  if (status !== 'held') for (const problem of [title, ...problems]) console.log(`          ${problem}`);
}

async function runAll(chosen: Fault[], options: Options): Promise<Outcome[]> {
  const ground = await prepareGround();
  const outcomes: Outcome[] = [];
  try {
    for (const fault of chosen) {
      const outcome = await tryFault(ground, fault, options.jobs, createRandom(options.seed));
      tellOutcome(outcome);
      outcomes.push(outcome);
    }
  } finally {
    await ground.dispose();
  }
  return outcomes;
}

interface Options {
  fault?: string[];
  jobs: number;
  seed: number;
  json?: boolean;
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It is a whole number above 0.');
}

async function main(options: Options): Promise<void> {
  const unknown = options.fault?.filter((name) => !faults.some((fault) => fault.name === name)) ?? [];
  if (unknown.length > 0) {
    console.error(
      `There is no fault “${unknown[0]}”. There are: ${faults.map(({ name }) => name).join(', ')}.`,
    );
    process.exitCode = 2;
    return;
  }
  const chosen = options.fault ? faults.filter(({ name }) => options.fault?.includes(name)) : faults;
  console.log(`${chosen.length} faults, 8 runners, ${options.jobs} jobs each, seed ${options.seed}\n`);
  const outcomes = await runAll(chosen, options);
  const count = (status: Outcome['status']): number => outcomes.filter((row) => row.status === status).length;
  const figures = {
    faults: outcomes.length,
    held: count('held'),
    failed: count('failed'),
    skipped: count('skipped'),
    seconds: outcomes.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  const targets = { failed: { is: 0 } };
  const met = figures.failed === 0;
  if (options.json) {
    console.log(
      JSON.stringify({ name: 'chaos', machine: describeMachine(), figures, targets, met, outcomes }),
    );
  }
  const skipped = figures.skipped > 0 ? `, ${figures.skipped} skipped` : '';
  console.log(`\n${figures.held} passed, ${figures.failed} failed${skipped}`);
  if (!met) process.exitCode = 1;
}

await new Command()
  .name('chaos')
  .option('--fault <name...>', 'only these; all without it')
  .option('--jobs <number>', 'jobs of each run', readCount, 200)
  .option('--seed <number>', 'what the random moments are drawn from', readCount, 1)
  .option('--json', 'print everything as one JSON object')
  .action(main)
  .parseAsync();
