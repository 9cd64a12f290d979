/** A deploy's steps as rows of a list. */
import { formatDuration } from '../../../shared/format.ts';
import type { DeployStep } from '../../../shared/model.ts';
import type { StepRow } from '../../components/steps.tsx';
import { stepWords } from '../deploy/progress.ts';

/** The steps with their titles, details and times. */
export function deployRows(steps: readonly DeployStep[]): StepRow[] {
  return steps.map((step) => {
    const words = stepWords[step.id];
    const title = step.status === 'done' ? words.done : step.status === 'active' ? words.active : words.title;
    return {
      id: step.id,
      title,
      status: step.status,
      progress: step.progress,
      detail: step.detail ?? undefined,
      aside: tookWords(step),
    };
  });
}

function tookWords({ startedAt, endedAt }: DeployStep): string | undefined {
  if (startedAt === null || endedAt === null) return undefined;
  const spanMs = endedAt - startedAt;
  return spanMs < 1000 ? `${Math.max(0, Math.round(spanMs / 10) * 10)} ms` : formatDuration(spanMs);
}

/** One step in words: "Unpacking · 48 of 97 MB", "Downloading · 48 %". */
export function describeStep({ id, status, progress, detail }: DeployStep): string {
  const words = stepWords[id];
  const what = status === 'active' ? words.active : words.title;
  if (detail !== null) return `${what} · ${detail}`;
  return progress === null || status !== 'active' ? what : `${what} · ${Math.round(progress * 100)} %`;
}
