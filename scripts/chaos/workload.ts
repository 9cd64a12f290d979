/** The jobs of a chaos run, and the ledger in which each of them writes down when it began and ended. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A matrix has at most 256 jobs; several runs are what a repository has in a busy hour. */
const jobsPerRun = 25;

export interface Execution {
  job: number;
  attempt: number;
  runner: string;
  began: boolean;
  ended: boolean;
}

export interface Workload {
  repositoriesFolder: string;
  ledger: string;
  /** Inputs of each workflow run that is to be started. */
  runs: { first: string; last: string }[];
}

/** Writes the repository `octo/forge` with one workflow: each job notes its begin, works a moment, notes its end. */
export async function writeWorkload(folder: string, jobs: number): Promise<Workload> {
  const repositoriesFolder = join(folder, 'repositories');
  const ledger = join(folder, 'ledger');
  const workflows = join(repositoriesFolder, 'octo', 'forge', 'dot-github', 'workflows');
  await mkdir(workflows, { recursive: true });
  await writeFile(ledger, '');
  const runs: Workload['runs'] = [];
  for (let first = 1; first <= jobs; first += jobsPerRun) {
    const last = Math.min(jobs, first + jobsPerRun - 1);
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    await writeFile(join(workflows, `work-${first}.yml`), workflowFile(first, numbers, ledger));
    runs.push({ first: String(first), last: String(last) });
  }
  return { repositoriesFolder, ledger, runs };
}

/** GitHub's expression for the job's number. */
const jobNumber = '$'.concat('{{ matrix.job }}');

/** One short line in one write: lines of several jobs never mix. */
function workflowFile(first: number, numbers: number[], ledger: string): string {
  const note = (word: string): string =>
    `echo "${word} ${jobNumber} $GITHUB_RUN_ATTEMPT $RUNNER_NAME" >> '${ledger}'`;
  const script = [note('begin'), 'sleep 0.4', note('end')].join('\n');
  return JSON.stringify({
    name: `Work ${first}`,
    on: 'workflow_dispatch',
    jobs: {
      work: {
        name: `Job ${jobNumber}`,
        'runs-on': 'self-hosted',
        strategy: { 'fail-fast': false, matrix: { job: numbers } },
        steps: [{ name: 'Work', run: script }],
      },
    },
  });
}

/** Every execution that the ledger tells of. */
export async function readLedger(ledger: string): Promise<Execution[]> {
  const executions = new Map<string, Execution>();
  for (const line of (await readFile(ledger, 'utf8')).split('\n')) {
    const [word, job, attempt, runner = ''] = line.split(' ');
    if (word !== 'begin' && word !== 'end') continue;
    const key = `${job} ${attempt} ${runner}`;
    const known = executions.get(key) ?? {
      job: Number(job),
      attempt: Number(attempt),
      runner,
      began: false,
      ended: false,
    };
    executions.set(key, { ...known, [word === 'begin' ? 'began' : 'ended']: true });
  }
  return [...executions.values()];
}
