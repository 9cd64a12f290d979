/** Which job of a workflow file a job of a run is: the forge tells only its name. */
import type { ParsedJob } from '../file/workflow-file.ts';

/** How sure a name says it: whole, by a matrix or a called workflow behind it, by a name with expressions in it. */
type Certainty = 'whole' | 'begins' | 'fits';
const certainties: readonly Certainty[] = ['whole', 'begins', 'fits'];

const expression = /\$\{\{[\s\S]*?\}\}/;

/** What may come behind a job's own name: its matrix in brackets, what a called workflow calls its jobs after a slash. */
function mayFollow({ uses }: ParsedJob, rest: string): boolean {
  return uses === null ? rest === '' || rest.startsWith(' (') : /^(?: \(.*\))? \/ /.test(rest);
}

function certaintyOf(job: ParsedJob, shown: string): Certainty | null {
  const own = job.name ?? job.key;
  if (own === shown) return 'whole';
  const [first = '', ...others] = own.split(expression);
  if (!shown.startsWith(first)) return null;
  const last = others.pop();
  if (last === undefined) return mayFollow(job, shown.slice(first.length)) ? 'begins' : null;
  let end = first.length;
  for (const literal of others) {
    const start = shown.indexOf(literal, end);
    if (start === -1) return null;
    end = start + literal.length;
  }
  return endsWith(job, shown.slice(end), last) ? 'fits' : null;
}

/** Whether the last words of a name, behind whatever an expression became, stand where it may end. */
function endsWith(job: ParsedJob, rest: string, last: string): boolean {
  for (let at = rest.indexOf(last); at !== -1; at = rest.indexOf(last, at + 1)) {
    if (mayFollow(job, rest.slice(at + last.length))) return true;
    if (at >= rest.length) return false;
  }
  return false;
}

/**
 * The jobs of the file that a name may belong to: only one where it can be told, none where the name is unknown.
 * @param shown the job's name as the forge tells it: `build (linux, 22)`, `deploy / upload`
 */
export function jobsNamed(jobs: readonly ParsedJob[], shown: string): ParsedJob[] {
  const found = jobs.map((job) => ({ job, certainty: certaintyOf(job, shown) }));
  for (const wanted of certainties) {
    const fitting = found.filter(({ certainty }) => certainty === wanted);
    if (fitting.length > 0) return fitting.map(({ job }) => job);
  }
  return [];
}
