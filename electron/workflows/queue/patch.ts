/** The one line of a workflow file that would help. */
import type { Repair } from '../../../shared/model.ts';
import type { Correction } from './labels.ts';
import type { WaitingJob } from './world.ts';

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

/** The line with another label in it; null where one line cannot say it. */
export function mendLine(text: string, { label, meant }: Correction): string | null {
  const [, indent = '', value] = /^(\s*(?:-\s+)?)runs-on:\s*(.+?)\s*$/.exec(text) ?? [];
  const isList = value?.startsWith('[') ?? false;
  const isWhole = value !== undefined && (!isList || value.replace(/^["']|["']$/g, '') === label);
  if (isWhole && wordOf(label).test(value)) return `${indent}${runsOn(meant)}`;
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
