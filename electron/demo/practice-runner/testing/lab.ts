/** For tests: a demo GitHub with workflows of one's own, and real runners out of the real archive. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import type { JobRecord } from '../../github/model.ts';
import { type StartedDemo, startForTest } from '../../github/testing/started.ts';
import { buildPracticeRunnerArchive } from '../archive.ts';
import { bundlePracticeRunner } from '../bundle.ts';
import { type Running, watchProcess } from './processes.ts';

type Ended = Awaited<Running['ended']>;

export interface LabRunner {
  root: string;
  /** Runs `config.sh` with these arguments. */
  config(args: string[], environment?: NodeJS.ProcessEnv): Promise<Ended>;
  /** Configures it unattended with a fresh token. */
  configure(args?: string[]): Promise<Ended>;
  /** Starts a program of the package in a process group of its own; `bin/Runner.Listener run` by default. */
  start(options?: { command?: string[]; environment?: NodeJS.ProcessEnv }): Running;
  read(path: string): Promise<string>;
  has(path: string): boolean;
}

interface FinishedJob {
  conclusion: string | null;
  steps: JobRecord['steps'];
  annotations: string[];
  log: string;
}

export interface Lab {
  github: StartedDemo;
  /** The repository's address, as `--url` takes it. */
  repositoryUrl: string;
  /** Extracts a runner into a folder of this name. */
  runner(name: string): Promise<LabRunner>;
  /** Dispatches a workflow. @returns the run's id */
  dispatch(workflow: string): Promise<number>;
  /** Resolves when the run has ended, with its only job. */
  finished(runId: number): Promise<FinishedJob>;
  /** Kills every process it has started and removes all registrations. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const repositoryPath = '/repos/octo/forge';

/** Waits are a hundredth of the vendor's. */
const baseEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  LANG: 'C.UTF-8',
  RUNNER_ALLOW_RUNASROOT: '1',
  PRACTICE_RUNNER_TIME_SCALE: '0.01',
});

/**
 * A workflow with one job.
 * @param job the job's YAML below `runs-on`, steps included
 */
export function workflow(job: string): string {
  const lines = job.trim().split('\n');
  const indented = lines.map((line) => `    ${line}`).join('\n');
  return `name: Test\non: workflow_dispatch\njobs:\n  build:\n    runs-on: self-hosted\n${indented}\n`;
}

async function writeWorkflows(repositories: string, workflows: Record<string, string>): Promise<void> {
  const place = join(repositories, 'octo', 'forge', 'dot-github', 'workflows');
  await mkdir(place, { recursive: true });
  const all = { 'none.yml': workflow('steps: [{run: "true"}]'), ...workflows };
  for (const [name, text] of Object.entries(all)) await writeFile(join(place, name), text);
}

async function buildArchive(folder: string): Promise<string> {
  const bundleFolder = join(folder, 'bundle');
  await bundlePracticeRunner(bundleFolder);
  const destination = join(folder, 'runner.tar.gz');
  const os = process.platform === 'darwin' ? 'osx' : 'linux';
  const target = { os, architecture: 'x64', version: '2.336.0' } as const;
  await buildPracticeRunnerArchive({ ...target, destination, bundleFolder });
  return destination;
}

function createLabRunner(github: StartedDemo, root: string, name: string, started: Running[]): LabRunner {
  const start: LabRunner['start'] = ({ command, environment } = {}) => {
    const [program = '', ...args] = command ?? ['bin/Runner.Listener', 'run'];
    const env = { ...baseEnvironment(), ...environment };
    const running = watchProcess(spawn(join(root, program), args, { cwd: root, env, detached: true }));
    started.push(running);
    return running;
  };
  const config: LabRunner['config'] = (args, environment) =>
    start({ command: ['config.sh', ...args], environment }).ended;
  return {
    root,
    start,
    config,
    async configure(args = []) {
      const url = `${github.demo.url}/octo/forge`;
      const environment = { ACTIONS_RUNNER_INPUT_TOKEN: await github.runnerToken() };
      return config(['--unattended', '--url', url, '--name', name, ...args], environment);
    },
    read: (path) => readFile(join(root, path), 'utf8'),
    has: (path) => existsSync(join(root, path)),
  };
}

async function readLog(github: StartedDemo, jobId: number): Promise<string> {
  const { headers } = await github.rest('GET', `${repositoryPath}/actions/jobs/${jobId}/logs`);
  const location = headers.get('location');
  if (!location) throw new Error(`Job ${jobId} has no log.`);
  return (await fetch(new URL(location, github.demo.url))).text();
}

async function waitForJob(github: StartedDemo, runId: number): Promise<FinishedJob> {
  const isFinished = (job: JobRecord): boolean => job.runId === runId && job.status === 'completed';
  const { jobs } = await github.demo.waitFor((state) => state.jobs.some(isFinished));
  const job = jobs.find(isFinished);
  if (!job) throw new Error(`Run ${runId} has no job.`);
  const annotations = job.annotations.map(({ message }) => message);
  return { conclusion: job.conclusion, steps: job.steps, annotations, log: await readLog(github, job.id) };
}

/** @param workflows YAML by file name */
export async function openLab(workflows: Record<string, string> = {}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-practice-lab-'));
  const repositoriesFolder = join(folder, 'repositories');
  await writeWorkflows(repositoriesFolder, workflows);
  const archive = await buildArchive(folder);
  const bundleFolder = join(folder, 'bundle');
  const github = await startForTest({
    repositoriesFolder,
    buildArchive: (target) => buildPracticeRunnerArchive({ ...target, bundleFolder }),
  });
  const started: Running[] = [];
  const killAll = async (): Promise<void> => {
    for (const running of started) running.signalGroup('SIGKILL');
    await Promise.all(started.splice(0).map(({ ended }) => ended));
  };
  return {
    github,
    repositoryUrl: `${github.demo.url}/octo/forge`,
    async runner(name) {
      const root = join(folder, name);
      await mkdir(root);
      await extract({ file: archive, cwd: root });
      return createLabRunner(github, root, name, started);
    },
    async dispatch(name) {
      const path = `${repositoryPath}/actions/workflows/${name}/dispatches`;
      const body = { ref: 'main', return_run_details: true };
      return (await github.rest<{ workflow_run_id: number }>('POST', path, { body })).body.workflow_run_id;
    },
    finished: (runId) => waitForJob(github, runId),
    async clear() {
      await killAll();
      for (const { id } of github.demo.snapshot().runners) {
        await github.rest('DELETE', `${repositoryPath}/actions/runners/${id}`);
      }
    },
    async close() {
      await killAll();
      await github.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Names in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
