/** For tests: a demo GitHub whose octo/forge has workflows of the test's own. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { components } from '@octokit/openapi-types';
import type { DemoGitHubOptions } from '../server.ts';
import { type StartedDemo, startForTest } from './started.ts';
import { createWireRunner, type WireRunner } from './wire-runner.ts';

export type RunBody = components['schemas']['workflow-run'];
export type JobBody = components['schemas']['job'];

export const forgePath = '/repos/octo/forge';

export interface WorkflowLab {
  github: StartedDemo;
  /** Registers a runner and opens its session. */
  runner(name: string, labels?: string[]): Promise<WireRunner>;
  /** Starts `x.yml`, or the workflow of that file. @returns the run's id */
  dispatch(inputs?: Record<string, unknown>, file?: string): Promise<number>;
  run(id: number): Promise<RunBody>;
  jobs(id: number): Promise<JobBody[]>;
  /** `name status` of each job of a run, `name conclusion` of those that have ended. */
  outcomes(id: number): Promise<string[]>;
  stop(): Promise<void>;
}

/** @param workflows YAML by file name, each without `on`, which is a dispatch with the inputs `group` and `environment` */
export async function openWorkflowLab(
  workflows: Record<string, string>,
  options: Partial<DemoGitHubOptions> = {},
): Promise<WorkflowLab> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-workflow-lab-'));
  const place = join(folder, 'octo', 'forge', 'dot-github', 'workflows');
  await mkdir(place, { recursive: true });
  const on =
    'on: { workflow_dispatch: { inputs: { group: { type: string }, environment: { type: environment } } } }';
  for (const [name, text] of Object.entries(workflows)) await writeFile(join(place, name), `${on}\n${text}`);
  const github = await startForTest({ repositoriesFolder: folder, ...options });
  const jobs: WorkflowLab['jobs'] = async (id) => {
    const path = `${forgePath}/actions/runs/${id}/jobs?per_page=100`;
    return (await github.rest<{ jobs: JobBody[] }>('GET', path)).body.jobs;
  };
  return {
    github,
    async runner(name, labels) {
      const { url, repository } = github.demo;
      const token = await github.runnerToken();
      const runner = await createWireRunner({ url, repository, token, name, labels, home: folder });
      await runner.open();
      return runner;
    },
    async dispatch(inputs = {}, file = 'x.yml') {
      const path = `${forgePath}/actions/workflows/${file}/dispatches`;
      const body = { ref: 'main', inputs, return_run_details: true };
      const answer = await github.rest<{ workflow_run_id: number }>('POST', path, { body });
      if (answer.status !== 200) throw new Error(`The dispatch was refused: ${answer.text}`);
      return answer.body.workflow_run_id;
    },
    run: async (id) => (await github.rest<RunBody>('GET', `${forgePath}/actions/runs/${id}`)).body,
    jobs,
    outcomes: async (id) =>
      (await jobs(id)).map(({ name, status, conclusion }) => `${name} ${conclusion ?? status}`),
    async stop() {
      await github.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
