/** The seven steps from a click to a listening runner, and the way back from each of them. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type PQueue from 'p-queue';
import { TracksideError } from '../../shared/errors.ts';
import type { DeployStepId, Problem, Runner } from '../../shared/model.ts';
import type { Forge, ForgeRunner, PackageTarget, RunnerPackage, RunnerToken } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import type { SharedAnswers } from '../platform/shared-answers.ts';
import type { Archive, ExtractedTree } from './archive.ts';
import type { RunnerEntry } from './entry.ts';
import type { Installer } from './install.ts';
import { configureRunner } from './register.ts';
import type { Supervision } from './supervise.ts';

/** A repository with the client that may speak for it. */
export interface ForgeRepository {
  forge: Forge;
  fullName: string;
}

export interface DeployContext {
  archive: Archive;
  installer: Installer;
  /** Which package fits, by repository. */
  packages: SharedAnswers<RunnerPackage>;
  /** The package that a runner takes when the forge offers this one: while a newer one is on trial, another. */
  choosePackage(runner: Runner, offered: RunnerPackage): Promise<RunnerPackage>;
  /** Registration tokens by repository: short-lived secrets, in memory only. */
  tokens: SharedAnswers<RunnerToken>;
  /** Remove tokens, likewise. */
  removeTokens: SharedAnswers<RunnerToken>;
  target: PackageTarget;
  /** Throws a TracksideError when the connection is not usable. */
  forgeOf(repositoryId: string): ForgeRepository;
  folderOf(runnerId: string): string;
  /** Whether a registration on the forge is one of this installation's that no runner here has any more. */
  isForsaken(repositoryId: string, registered: Pick<ForgeRunner, 'id' | 'name'>): boolean;
  /** Called when such a registration has been removed. */
  onRegistrationGone(gone: { repositoryId: string; name: string; forgeRunnerId: number }): Promise<void>;
  /** Bounds the work that is heavy for the disk and the processor. */
  heavyWork: PQueue;
  clock: Clock;
}

/** Starts the listener and watches it. @param environment what only this start gets: a JIT configuration */
export type StartListener = (environment?: Readonly<Record<string, string>>) => Promise<Supervision>;

/** How long a started listener may take until it listens. */
const listenTimeoutMs = 120_000;

/** The control folder of a runner: logs, pids, exit codes. Outside the runner root, where no job looks. */
export const controlFolderOf = (folder: string): string => join(folder, 'control');

async function runStep<T>(
  entry: RunnerEntry,
  id: DeployStepId,
  work: () => Promise<[T, string | null]>,
): Promise<T> {
  entry.step(id, { status: 'active' });
  const [result, detail] = await work();
  entry.step(id, { status: 'done', detail });
  await entry.note({});
  return result;
}

/**
 * Deploys one runner, or goes on with one whose registration is complete.
 * @param startListener starts the listener and watches it
 * @throws what went wrong, or the signal's reason; the caller undoes what was done with `undoDeploy`
 */
export async function deployRunner(
  entry: RunnerEntry,
  context: DeployContext,
  startListener: StartListener,
  signal: AbortSignal,
): Promise<void> {
  let environment: Record<string, string> = {};
  if (entry.record().registration !== 'yes') {
    const tree = await obtainTree(entry, context, signal);
    // Without the signal: the queue would let go of work that still runs, and its way back would begin too early.
    await context.heavyWork.add(() => install(entry, tree, context, signal));
    environment = await context.heavyWork.add(() => register(entry, context, signal));
  }
  finishEarlierSteps(entry);
  signal.throwIfAborted();
  const supervision = await runStep(entry, 'start', async () => {
    if (entry.runner().state === 'deploying') await entry.move('starting', 'Its listener starts.');
    const started = await startListener(environment);
    const { pid, priority } = started.process;
    return [started, priority ? `process ${pid}, ${priority}` : `process ${pid}`];
  });
  await runStep(entry, 'listen', async () => {
    await listens(entry, supervision, context.clock, signal);
    return [null, 'waits for jobs'];
  });
}

/** An engine that died between a registration and the note of its step leaves the step open: it is done all the same. */
function finishEarlierSteps(entry: RunnerEntry): void {
  for (const { id, status } of entry.runner().steps) {
    if (id === 'start') return;
    if (status !== 'done') entry.step(id, { status: 'done' });
  }
}

async function obtainTree(
  entry: RunnerEntry,
  context: DeployContext,
  signal: AbortSignal,
): Promise<ExtractedTree> {
  const { repositoryId } = entry.runner();
  const { forge, fullName } = context.forgeOf(repositoryId);
  entry.step('download', { status: 'active', detail: 'asks which package fits' });
  const ask = () => forge.runnerPackage(fullName, context.target);
  const offered = await context.packages.get(repositoryId, ask, signal);
  const runnerPackage = await context.choosePackage(entry.runner(), offered);
  const tree = await context.archive.obtain(runnerPackage, {
    signal,
    onStep: (step, status, progress, detail) => entry.step(step, { status, progress, detail }),
  });
  await entry.save({ treeFolder: tree.folder }, { version: tree.version });
  return tree;
}

async function install(
  entry: RunnerEntry,
  tree: ExtractedTree,
  context: DeployContext,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const folder = context.folderOf(entry.id);
  await runStep(entry, 'clone', async () => {
    const clone = await context.installer.clone(tree, folder, signal);
    await mkdir(controlFolderOf(folder), { recursive: true, mode: 0o700 });
    await entry.save({ clone });
    return [null, clone.detail];
  });
}

/** Registers the runner. @returns what its first start needs in its environment */
async function register(
  entry: RunnerEntry,
  context: DeployContext,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  signal.throwIfAborted();
  const { name, repositoryId } = entry.runner();
  const { forge, fullName } = context.forgeOf(repositoryId);
  return runStep(entry, 'register', async () => {
    const found = await forge.runnerByName(fullName, name, signal);
    if (found) await takeNameBack(found, repositoryId, context);
    const registered = entry.record().ephemeral
      ? await registerForOneJob(entry, context, signal)
      : await registerForGood(entry, context, signal);
    await entry.save({ registration: 'yes' }, { forgeRunnerId: registered.forgeRunnerId });
    return [registered.environment, `as number ${registered.forgeRunnerId}`];
  });
}

/**
 * Removes a registration of ours that stands in the way of a new one. The forge refuses while it believes that a job
 * runs there: that of a runner that died is given up within ten minutes.
 */
async function takeNameBack(
  found: ForgeRunner,
  repositoryId: string,
  { forgeOf, isForsaken, onRegistrationGone }: DeployContext,
): Promise<void> {
  const { forge, fullName } = forgeOf(repositoryId);
  const { id, name } = found;
  if (!isForsaken(repositoryId, found)) {
    throw new TracksideError('CONFLICT', `${fullName} has a runner named “${name}” already.`, {
      remedy: 'Choose another name, or remove that runner on the forge.',
    });
  }
  await forge.deleteRunner(fullName, id).catch((error: unknown) => {
    if (!(error instanceof TracksideError) || error.code !== 'CONFLICT') throw error;
    throw new TracksideError(
      'CONFLICT',
      `${fullName} still has the earlier registration of “${name}”: it believes that a job runs there.`,
      { remedy: 'Wait until the forge has given that job up, within ten minutes; then retry it.' },
    );
  });
  await onRegistrationGone({ repositoryId, name, forgeRunnerId: id });
}

interface Registered {
  forgeRunnerId: number;
  environment: Record<string, string>;
}

/** A JIT configuration: the forge registers, and the listener gets all it needs in its environment. */
async function registerForOneJob(
  entry: RunnerEntry,
  context: DeployContext,
  signal: AbortSignal,
): Promise<Registered> {
  const { name, repositoryId, labels } = entry.runner();
  const { forge, fullName } = context.forgeOf(repositoryId);
  await entry.save({ registration: 'maybe' });
  const { forgeRunnerId, encoded } = await forge
    .jitConfiguration(fullName, { name, labels, workFolder: '_work' }, signal)
    .catch((error: unknown) => forgetTakenName(entry, error));
  return { forgeRunnerId, environment: { ACTIONS_RUNNER_INPUT_JITCONFIG: encoded } };
}

/** Another runner got the name at the last moment: the registration under it is not ours to remove. */
async function forgetTakenName(entry: RunnerEntry, error: unknown): Promise<never> {
  if (isNameTaken(error)) await entry.save({ registration: 'none' });
  throw error;
}

async function registerForGood(
  entry: RunnerEntry,
  context: DeployContext,
  signal: AbortSignal,
): Promise<Registered> {
  const { name, repositoryId } = entry.runner();
  const { forge, fullName } = context.forgeOf(repositoryId);
  const { clone, customLabels } = entry.record();
  const root = clone?.root;
  if (!root) throw new Error(`Runner ${name} has no files to register from`);
  const ask = () => forge.registrationToken(fullName);
  const { token } = await context.tokens.get(repositoryId, ask, signal);
  // From here on a registration may exist: it is written down before it is begun.
  await entry.save({ registration: 'maybe' });
  const registered = await configureRunner({
    runnerRoot: root,
    controlFolder: controlFolderOf(context.folderOf(entry.id)),
    url: forge.registrationUrl(fullName),
    token,
    name,
    labels: customLabels,
    // An update would write into what a linked clone shares.
    disableUpdate: clone?.strategy === 'linked',
    signal,
  }).catch((error: unknown) => forgetTakenName(entry, error));
  return { forgeRunnerId: registered.forgeRunnerId, environment: {} };
}

function isNameTaken(error: unknown): boolean {
  return error instanceof TracksideError && error.code === 'CONFLICT' && error.data.field === 'name';
}

async function listens(
  entry: RunnerEntry,
  supervision: Supervision,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const settled = new AbortController();
  const timeout = clock.sleep(listenTimeoutMs, AbortSignal.any([signal, settled.signal])).then(() => {
    throw new TracksideError(
      'HOST_FAILED',
      `${entry.runner().name} did not start to listen within two minutes.`,
      {
        remedy: 'Look at its log; then retry.',
      },
    );
  });
  timeout.catch(() => {});
  try {
    await Promise.race([supervision.listening, timeout]);
  } finally {
    settled.abort(new Error('settled'));
  }
}

/** What a person is told when a deploy failed. */
export function problemOf(error: unknown): Problem {
  if (error instanceof TracksideError) {
    return { code: error.code, message: error.message, remedy: error.data.remedy };
  }
  return {
    code: 'HOST_FAILED',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Look at its log; then retry.',
  };
}

/**
 * Takes back whatever a deploy has done: files and control folder. Processes and the registration are ended before.
 */
export async function deleteFolder(entry: RunnerEntry, context: DeployContext): Promise<void> {
  const folder = context.folderOf(entry.id);
  await context.installer.remove(folder);
  await rm(folder, { recursive: true, force: true });
}
