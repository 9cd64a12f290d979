/** A job's folders and environment (JobExtension.cs, PipelineDirectoryManager.cs, TempDirectoryManager.cs). */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Assignment } from '../common/worker-messages.ts';

export interface Workspace {
  /** `_work/<repository>/<repository>` */
  folder: string;
  temp: string;
  /** What every step gets, but for its own variables. */
  environment: NodeJS.ProcessEnv;
  /** The part of it that the workflow sets; shown in the log. */
  ownVariables: Map<string, string>;
  /** Puts the job's paths where the service left their variables' names. */
  expand(text: string): string;
}

const isOwn = (name: string): boolean => !/^(GITHUB_|RUNNER_)/.test(name) && name !== 'CI';

/** Makes a folder and deletes what is in it. */
export function emptyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

function writeEvent(temp: string, environment: Record<string, string>): string {
  const folder = join(temp, '_github_workflow');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'event.json');
  const { GITHUB_REF: ref, GITHUB_WORKFLOW: workflow, GITHUB_REPOSITORY: full_name } = environment;
  writeFileSync(path, JSON.stringify({ ref, workflow, repository: { full_name } }, null, 2));
  return path;
}

/**
 * Makes the folders; `_temp` is emptied.
 * @param base the worker's own environment
 */
export function prepareWorkspace(
  root: string,
  { job, settings, release }: Assignment,
  base: NodeJS.ProcessEnv,
): Workspace {
  const work = resolve(root, settings.WorkFolder);
  const repository = (job.environment.GITHUB_REPOSITORY ?? '').split('/')[1] || 'repository';
  const folder = join(work, repository, repository);
  const temp = join(work, '_temp');
  const tools = base.RUNNER_TOOL_CACHE || join(work, '_tool');
  for (const needed of [folder, tools]) mkdirSync(needed, { recursive: true });
  emptyFolder(temp);
  const places: Record<string, string> = {
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: tools,
    RUNNER_WORKSPACE: join(work, repository),
  };
  const own = Object.entries(job.environment).filter(([name]) => isOwn(name));
  const expand = (text: string): string =>
    text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, bare) => places[braced ?? bare] ?? whole);
  return {
    folder,
    temp,
    expand,
    ownVariables: new Map(own.map(([name, value]) => [name, expand(value)])),
    environment: {
      ...base,
      CI: base.CI ?? 'true',
      ...Object.fromEntries(Object.entries(job.environment).filter(([name]) => !isOwn(name))),
      ...places,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_PATH: writeEvent(temp, job.environment),
      RUNNER_NAME: settings.AgentName,
      RUNNER_OS: release.os,
      RUNNER_ARCH: release.architecture,
      RUNNER_ENVIRONMENT: 'self-hosted',
    },
  };
}
