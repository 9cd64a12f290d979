/** Reads a workflow file: how it is started, its jobs and the runners they ask for, and what is wrong with it. */
import type { WorkflowInput } from '../../../shared/model.ts';
import { dispatchInputs, textOf } from './dispatch-inputs.ts';
import { isRecord } from './matrix.ts';
import { type RunsOn, resolveRunsOn } from './runs-on.ts';
import { type PlacedWord, type Problem, readYaml, type YamlText } from './yaml-text.ts';

/** `line` is that of the `runs-on` or `uses`, from 1; of the job where it has neither. */
export type ParsedRunsOn = RunsOn & { line: number };

export interface ParsedJob {
  /** As in the file: what `needs` names. */
  key: string;
  /** As written, with its expressions; null where it has none. */
  name: string | null;
  /** From 1. */
  line: number;
  needs: string[];
  runsOn: ParsedRunsOn;
  environment: string | null;
  concurrency: string | null;
  /** The workflow that it calls; null for a job of its own. */
  uses: string | null;
  /** The words of its `runs-on` and of its matrix, where labels stand. */
  words: PlacedWord[];
}

export interface ParsedWorkflow {
  name: string | null;
  /** Null when it cannot be started by hand, or the file cannot be read. */
  inputs: WorkflowInput[] | null;
  /** Empty when the file cannot be read. */
  jobs: ParsedJob[];
  problems: Problem[];
  /** Name of its concurrency group, as written. */
  concurrency: string | null;
}

/** Inputs of `workflow_dispatch` (docs.github.com, "Events that trigger workflows"). */
const mostInputs = 25;
/** Combinations of all matrices of one file that are looked at, so that no file keeps the engine busy. */
const mostCombinations = 20_000;

/** A name by itself, or in a mapping. */
function named(value: unknown, key: string): string | null {
  return textOf(isRecord(value) ? value[key] : value);
}

function wordsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(textOf).filter((word) => word !== null);
}

function jobOf(
  key: string,
  facts: unknown,
  yaml: YamlText,
  admit: (combinations: number) => boolean,
): ParsedJob {
  const at = ['jobs', key];
  const { line } = yaml.placeOf(at);
  const job = isRecord(facts) ? facts : {};
  const uses = textOf(job.uses);
  const matrix = isRecord(job.strategy) ? job.strategy.matrix : undefined;
  const runsOn: RunsOn = uses !== null ? { kind: 'reusable' } : resolveRunsOn(job['runs-on'], matrix, admit);
  return {
    key,
    name: textOf(job.name),
    line,
    needs: wordsOf(job.needs),
    runsOn: { ...runsOn, line: yaml.placeOf([...at, uses === null ? 'runs-on' : 'uses']).line },
    environment: named(job.environment, 'name'),
    concurrency: named(job.concurrency, 'group'),
    uses,
    words: [...yaml.wordsBelow([...at, 'runs-on']), ...yaml.wordsBelow([...at, 'strategy', 'matrix'])],
  };
}

/** What GitHub refuses about a file that is sound YAML. */
function rulesBroken(workflow: Record<string, unknown>, parsed: ParsedWorkflow, yaml: YamlText): Problem[] {
  const problems: Problem[] = [];
  const tell = (path: string[], message: string) => problems.push({ ...yaml.placeOf(path), message });
  if (workflow.on === undefined) tell([], 'It does not say when it runs: `on` is missing.');
  if (!isRecord(workflow.jobs) || parsed.jobs.length === 0) tell(['jobs'], 'It has no jobs.');
  const inputs = parsed.inputs?.length ?? 0;
  if (inputs > mostInputs) {
    const at = ['on', 'workflow_dispatch', 'inputs'];
    tell(at, `It asks for ${inputs} inputs; GitHub allows ${mostInputs} and refuses the file.`);
  }
  const keys = new Set(parsed.jobs.map(({ key }) => key));
  for (const { key, needs, runsOn, uses } of parsed.jobs) {
    if (runsOn.kind === 'invalid') {
      problems.push({
        line: runsOn.line,
        column: yaml.placeOf(['jobs', key, 'runs-on']).column,
        message: runsOn.message,
      });
    }
    const job = isRecord(workflow.jobs) ? workflow.jobs[key] : null;
    if (uses !== null && isRecord(job) && 'runs-on' in job) {
      tell(['jobs', key, 'runs-on'], 'A job that calls a workflow with `uses` cannot have a `runs-on`.');
    }
    const unknown = needs.find((need) => !keys.has(need));
    if (unknown !== undefined) {
      tell(['jobs', key, 'needs'], `The job \`${key}\` needs \`${unknown}\`, which this file does not have.`);
    }
  }
  return problems;
}

const nothing = { name: null, inputs: null, jobs: [], concurrency: null };

/**
 * Reads the text of a workflow file as GitHub does. Never throws: what is wrong with it is in `problems`, each with its
 * place. A file that is no sound YAML has problems and nothing else, for GitHub runs nothing of it.
 */
export function parseWorkflowFile(text: string): ParsedWorkflow {
  const yaml = readYaml(text);
  const { value } = yaml;
  if (!isRecord(value)) {
    const empty = { line: 1, column: 1, message: 'It holds no workflow: `on` and `jobs` are missing.' };
    return { ...nothing, problems: yaml.problems.length > 0 ? yaml.problems : [empty] };
  }
  let left = mostCombinations;
  const admit = (combinations: number): boolean => {
    left -= combinations;
    return left > 0;
  };
  const jobs = Object.entries(isRecord(value.jobs) ? value.jobs : {});
  const parsed: ParsedWorkflow = {
    name: textOf(value.name),
    inputs: dispatchInputs(value.on),
    jobs: jobs.map(([key, facts]) => jobOf(key, facts, yaml, admit)),
    problems: [],
    concurrency: named(value.concurrency, 'group'),
  };
  return { ...parsed, problems: [...yaml.problems, ...rulesBroken(value, parsed, yaml)] };
}
