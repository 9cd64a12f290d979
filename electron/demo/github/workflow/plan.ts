/** Turns the jobs of a workflow file into the jobs of a run. */
import type { Concurrency, MatrixValues, PlannedJob, PlannedStep } from '../model.ts';
import { asText, type Contexts, interpolate, interpolateDeep } from './expressions.ts';
import { expandMatrix, matrixSuffix } from './matrix.ts';
import { envOf, listOf, objectOf, type WorkflowFile, type YamlObject } from './workflow-file.ts';

const defaultTimeoutMinutes = 360;

function textOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What stands in for an action: it says what would be used and does nothing. */
function actionScript(action: string, inputs: YamlObject): string {
  const lines = [
    `The practice runner runs no actions. On GitHub this step would use ${action}`,
    ...Object.entries(inputs).map(([key, value]) => `  ${key}: ${asText(value)}`),
  ];
  return `printf '%s\\n' ${lines.map(quoted).join(' ')}`;
}

const uploadArtifact = /^actions\/upload-artifact@/;

function planStep(step: YamlObject): PlannedStep {
  const action = typeof step.uses === 'string' ? step.uses : null;
  const script = action ? actionScript(action, objectOf(step.with)) : asText(step.run);
  const title = action ?? script.split('\n').find((line) => line.trim() !== '') ?? '';
  const timeout = Number(step['timeout-minutes']);
  return {
    name: textOrNull(step.name) ?? `Run ${title}`,
    script,
    shell: textOrNull(step.shell),
    workingDirectory: textOrNull(step['working-directory']),
    env: envOf(step.env),
    condition: textOrNull(step.if),
    continueOnError: step['continue-on-error'] === true,
    timeoutMinutes: timeout > 0 ? timeout : null,
    artifact: action && uploadArtifact.test(action) ? { uses: action, ...envOf(step.with) } : null,
  };
}

function labelsOf(runsOn: unknown, contexts: Contexts): string[] {
  const value = interpolateDeep(runsOn, contexts);
  const labels = typeof value === 'object' && !Array.isArray(value) ? objectOf(value).labels : value;
  return listOf(labels).filter((label) => label !== '');
}

/**
 * A `concurrency` with its expressions evaluated; `null` when there is none.
 * @throws when it names no group, or both a longer queue and the cancelling of what is in progress
 */
export function concurrencyOf(written: unknown, contexts: Contexts): Concurrency | null {
  if (written === undefined || written === null) return null;
  const value = interpolateDeep(written, contexts);
  const { group, ...rest } = typeof value === 'object' ? objectOf(value) : { group: value };
  if (group === undefined || asText(group) === '') throw new Error('concurrency needs a group.');
  const cancelInProgress = asText(rest['cancel-in-progress']) === 'true';
  const queue = asText(rest.queue) === 'max' ? 'max' : 'single';
  if (queue === 'max' && cancelInProgress) {
    throw new Error('concurrency has either "queue: max" or "cancel-in-progress: true".');
  }
  return { group: asText(group), cancelInProgress, queue };
}

/** An `environment`: its name, or an object with one. */
function environmentOf(written: unknown, contexts: Contexts): string | null {
  const value = interpolateDeep(written, contexts);
  const name = asText(typeof value === 'object' && value !== null ? objectOf(value).name : value);
  return name === '' ? null : name;
}

function defaultsOf(file: WorkflowFile, job: YamlObject): PlannedJob['defaults'] {
  const run = { ...objectOf(file.defaults.run), ...objectOf(objectOf(job.defaults).run) };
  return { shell: textOrNull(run.shell), workingDirectory: textOrNull(run['working-directory']) };
}

function jobName(key: string, job: YamlObject, matrix: MatrixValues, contexts: Contexts): string {
  const given = textOrNull(job.name);
  const name = given === null ? key : interpolate(given, contexts);
  return given?.includes('matrix.') ? name : `${name}${matrixSuffix(matrix)}`;
}

function planJob(file: WorkflowFile, key: string, job: YamlObject, contexts: Contexts): PlannedJob[] {
  if (job.uses) throw new Error(`Job "${key}" calls another workflow, which the demo GitHub does not do.`);
  const strategy = objectOf(interpolateDeep(job.strategy, contexts));
  const maxParallel = Number(strategy['max-parallel']);
  const timeout = Number(job['timeout-minutes']);
  const steps = Array.isArray(job.steps) ? job.steps : [];
  return expandMatrix(strategy.matrix).map((matrix) => {
    const inside = { ...contexts, matrix };
    const labels = labelsOf(job['runs-on'], inside);
    if (labels.length === 0) throw new Error(`Job "${key}" says no runs-on.`);
    return {
      key,
      name: jobName(key, job, matrix, inside),
      labels,
      needs: listOf(job.needs),
      condition: textOrNull(job.if),
      matrix,
      failFast: strategy['fail-fast'] !== false,
      maxParallel: maxParallel > 0 ? maxParallel : null,
      continueOnError: job['continue-on-error'] === true,
      timeoutMinutes: timeout > 0 ? timeout : defaultTimeoutMinutes,
      environment: environmentOf(job.environment, inside),
      concurrency: concurrencyOf(job.concurrency, inside),
      env: envOf(job.env),
      defaults: defaultsOf(file, job),
      steps: steps.map((step) => planStep(objectOf(step))),
    };
  });
}

function assertNeeds(jobs: Record<string, unknown>, plan: PlannedJob[]): void {
  const reached = new Set<string>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const job of plan) {
      if (reached.has(job.key) || !job.needs.every((need) => reached.has(need))) continue;
      reached.add(job.key);
      grown = true;
    }
  }
  const missing = plan.find((job) => job.needs.some((need) => !(need in jobs)));
  if (missing) throw new Error(`Job "${missing.key}" needs a job that does not exist.`);
  const circular = plan.find((job) => !reached.has(job.key));
  if (circular) throw new Error(`Job "${circular.key}" needs itself through others.`);
}

/**
 * The jobs of a run, matrices expanded, in the file's order.
 * @param contexts `github` and `inputs`
 * @throws when a job cannot be understood, with a sentence that names it
 */
export function planJobs(file: WorkflowFile, contexts: Contexts): PlannedJob[] {
  const plan = Object.entries(file.jobs).flatMap(([key, job]) => planJob(file, key, job, contexts));
  assertNeeds(file.jobs, plan);
  return plan;
}
