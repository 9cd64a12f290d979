/** The one line of a workflow file that would help. */
import type { Repair } from '../../../shared/model.ts';
import type { Correction } from './labels.ts';
import type { WaitingJob } from './world.ts';

/** How far below its `runs-on` a list of labels goes on, in lines, that are looked through. */
const farthestLines = 12;

/** A label as YAML takes it in a list. */
function scalar(label: string): string {
  if (/^[A-Za-z][\w.-]*$/.test(label) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(label)) return label;
  return `'${label.replace(/'/g, "''")}'`;
}

function runsOn(labels: readonly string[]): string {
  const [first, ...more] = labels.map(scalar);
  return more.length === 0 ? `runs-on: ${first}` : `runs-on: [${[first, ...more].join(', ')}]`;
}

/** The label as a word of its own, quoted or not. */
function wordOf(label: string): RegExp {
  const escaped = label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])(["']?)${escaped}\\1(?![\\w.-])`, 'i');
}

/** Whether a line of a workflow file has the label in it. */
export function hasLabel(text: string, label: string): boolean {
  return wordOf(label).test(text);
}

/**
 * Finds the line that has the label: at `runs-on` or soon below it; else the only one of the whole file.
 * @param line of the job's `runs-on`, from 1; null where only the file is known
 * @returns null where none or several could be meant
 */
export function findLabelLine(
  text: string,
  line: number | null,
  label: string,
): { line: number; text: string } | null {
  const lines = text.split(/\r?\n/);
  const at = (index: number): { line: number; text: string } => ({
    line: index + 1,
    text: lines[index] ?? '',
  });
  if (line !== null) {
    const end = Math.min(lines.length, line + farthestLines);
    for (let index = line - 1; index < end; index += 1) {
      if (hasLabel(lines[index] ?? '', label)) return at(index);
    }
  }
  const found = lines.flatMap((each, index) => (hasLabel(each, label) ? [index] : []));
  const [only] = found;
  return only !== undefined && found.length === 1 ? at(only) : null;
}

/** The line with another label in it; null where one line cannot say it. */
export function mendLine(text: string, { label, meant }: Correction): string | null {
  const [, indent = '', value] = /^(\s*(?:-\s+)?)runs-on:\s*(.+?)\s*$/.exec(text) ?? [];
  const isList = value?.startsWith('[') ?? false;
  const isWhole = value !== undefined && (!isList || value.replace(/^["']|["']$/g, '') === label);
  if (isWhole && hasLabel(value, label)) return `${indent}${runsOn(meant)}`;
  if (meant.length !== 1 && !isList) return null;
  const mended = text.replace(wordOf(label), meant.map(scalar).join(', ').replace(/\$/g, '$$$$'));
  return mended === text ? null : mended;
}

/** The change of the workflow file that asks for what was meant. */
export function patchRepair(job: WaitingJob, corrections: readonly Correction[]): Repair[] {
  const [correction] = corrections;
  if (!correction) return [];
  const found = job.runsOn && { ...job.runsOn, after: mendLine(job.runsOn.text, correction) };
  const meant = job.labels.flatMap(
    (label) => corrections.find((each) => each.label === label)?.meant ?? [label],
  );
  const known = found && found.after !== null ? { ...found, after: found.after } : null;
  return [
    {
      kind: 'patch',
      title: 'Show the change of the workflow',
      path: known?.path ?? job.workflowPath,
      line: known?.line ?? null,
      before: (known?.text ?? runsOn(job.labels)).trim(),
      after: (known?.after ?? runsOn([...new Set(meant)])).trim(),
      url: job.editUrl,
    },
  ];
}
