/** For tests: a demo GitHub with workflows of one's own, and real runners out of the real archive. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import { type StartedDemo, startForTest } from '../../github/testing/started.ts';
import { buildPracticeRunnerArchive } from '../archive.ts';
import { bundlePracticeRunner } from '../bundle.ts';

export interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

/** A process whose lines can be waited for. */
export interface Running {
  pid: number;
  /** All it has printed so far, standard error included, in the order in which it arrived. */
  printed(): string;
  /** Resolves with the match when it has printed something that matches; rejects when it ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Signals its process group. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Signals it alone. */
  signal(signal: NodeJS.Signals): void;
  write(text: string): void;
  ended: Promise<Ended>;
}

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

export interface Lab {
  github: StartedDemo;
  /** The repository's address, as `--url` takes it. */
  repositoryUrl: string;
  archive: string;
  runner(name: string): Promise<LabRunner>;
  /** Dispatches a workflow. @returns the run's id */
  dispatch(workflow: string): Promise<number>;
  /** Resolves when the run has ended, with its only job. */
  finished(runId: number): Promise<FinishedJob>;
  /** A job's log as the service has it. */
  log(jobId: number): Promise<string>;
  /** Kills every process it has started and removes all registrations. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface FinishedJob {
  conclusion: string | null;
  steps: { number: number; name: string; status: string; conclusion: string | null }[];
  annotations: string[];
  log: string;
}

/** Waits are a hundredth of the vendor's. */
const timeScale = '0.01';

const baseEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  LANG: 'C.UTF-8',
  RUNNER_ALLOW_RUNASROOT: '1',
  PRACTICE_RUNNER_TIME_SCALE: timeScale,
});

function watch(child: ChildProcess): Running {
  const { pid = 0 } = child;
  let output = '';
  let errors = '';
  let printed = '';
  const listeners = new Set<() => void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    printed += chunk.toString();
    for (const listener of listeners) listener();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
    printed += chunk.toString();
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, output, errors })),
  );
  const kill = (target: number, signal: NodeJS.Signals): void => {
    if (pid > 0 && child.exitCode === null && child.signalCode === null) process.kill(target, signal);
  };
  return {
    pid,
    printed: () => printed,
    ended,
    signalGroup: (signal) => kill(-pid, signal),
    signal: (signal) => kill(pid, signal),
    write: (text) => void child.stdin?.write(text),
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const match = pattern.exec(printed);
          if (!match) return;
          listeners.delete(check);
          resolve(match);
        };
        listeners.add(check);
        void ended.then(() => reject(new Error(`It ended without ${pattern}: ${printed}`)));
        check();
      }),
  };
}

async function writeWorkflows(folder: string, workflows: Record<string, string>): Promise<void> {
  const place = join(folder, 'octo', 'forge', 'dot-github', 'workflows');
  await mkdir(place, { recursive: true });
  for (const [name, text] of Object.entries(workflows)) await writeFile(join(place, name), text);
}

/**
 * A workflow with one job.
 * @param job the job's YAML below `runs-on`, steps included
 */
export function workflow(job: string): string {
  const indented = job
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return `name: Test\non: workflow_dispatch\njobs:\n  build:\n    runs-on: self-hosted\n${indented}\n`;
}

/** @param workflows YAML by file name */
export async function openLab(workflows: Record<string, string> = {}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-practice-lab-'));
  await writeWorkflows(join(folder, 'repositories'), {
    'none.yml': workflow('steps: [{run: "true"}]'),
    ...workflows,
  });
  const bundleFolder = join(folder, 'bundle');
  await bundlePracticeRunner(bundleFolder);
  const archive = join(folder, 'runner.tar.gz');
  const platform = { os: process.platform === 'darwin' ? 'osx' : 'linux', architecture: 'x64' } as const;
  await buildPracticeRunnerArchive({ ...platform, version: '2.336.0', destination: archive, bundleFolder });
  const github = await startForTest({ repositoriesFolder: join(folder, 'repositories') });
  const repositoryUrl = `${github.demo.url}/octo/forge`;
  const processes: Running[] = [];
  const killAll = async (): Promise<void> => {
    for (const running of processes) running.signalGroup('SIGKILL');
    await Promise.all(processes.splice(0).map(({ ended }) => ended));
  };

  const createRunner = async (name: string): Promise<LabRunner> => {
    const root = join(folder, name);
    await mkdir(root);
    await extract({ file: archive, cwd: root });
    const start: LabRunner['start'] = ({ command, environment } = {}) => {
      const [program = '', ...args] = command ?? ['bin/Runner.Listener', 'run'];
      const env = { ...baseEnvironment(), ...environment };
      const running = watch(spawn(join(root, program), args, { cwd: root, env, detached: true }));
      processes.push(running);
      return running;
    };
    const config: LabRunner['config'] = (args, environment) =>
      start({ command: ['config.sh', ...args], environment }).ended;
    return {
      root,
      start,
      config,
      async configure(args = []) {
        const token = await github.runnerToken();
        const given = ['--unattended', '--url', repositoryUrl, '--name', name, ...args];
        return config(given, { ACTIONS_RUNNER_INPUT_TOKEN: token });
      },
      read: (path) => readFile(join(root, path), 'utf8'),
      has: (path) => existsSync(join(root, path)),
    };
  };

  const log = async (jobId: number): Promise<string> => {
    const answer = await github.rest('GET', `/repos/octo/forge/actions/jobs/${jobId}/logs`);
    const location = answer.headers.get('location');
    if (!location) throw new Error(`Job ${jobId} has no log: ${answer.status} ${answer.text}`);
    return (await fetch(new URL(location, github.demo.url))).text();
  };

  return {
    github,
    repositoryUrl,
    archive,
    runner: createRunner,
    async dispatch(name) {
      const path = `/repos/octo/forge/actions/workflows/${name}/dispatches`;
      const body = { ref: 'main', return_run_details: true };
      return (await github.rest<{ workflow_run_id: number }>('POST', path, { body })).body.workflow_run_id;
    },
    async finished(runId) {
      const state = await github.demo.waitFor(({ jobs }) => {
        const ofRun = jobs.filter((job) => job.runId === runId);
        return ofRun.length > 0 && ofRun.every((job) => job.status === 'completed');
      });
      const job = state.jobs.find((candidate) => candidate.runId === runId);
      if (!job) throw new Error(`Run ${runId} has no job.`);
      const { conclusion, steps, annotations } = job;
      const messages = annotations.map(({ message }) => message);
      return { conclusion, steps, annotations: messages, log: await log(job.id) };
    },
    log,
    async clear() {
      await killAll();
      for (const { id } of github.demo.snapshot().runners) {
        await github.rest('DELETE', `/repos/octo/forge/actions/runners/${id}`);
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
