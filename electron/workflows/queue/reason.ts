/** Builds a reason: what every kind of it has, and what the job itself says. */

import { createLabelKeys } from './labels.ts';
import { jobsWait, quoteAll, sayTime } from './wording.ts';
import type { Evidence, WaitingJob, WaitReason, World } from './world.ts';

const defaults = {
  missing: [],
  nearest: null,
  mistake: null,
  evidence: [],
  repairs: [],
  passes: false,
  failsAt: null,
  changesAt: null,
} satisfies Partial<WaitReason>;

type Given = Pick<WaitReason, 'kind' | 'sentence'> &
  Partial<Omit<WaitReason, 'title'>> & {
    /** What follows "12 jobs wait": "for a runner with label `gpu`". */
    wait: string;
  };

/** A reason with what is usual where nothing is given. The key is the kind alone by default. */
export function reason({ wait, key = '', ...given }: Given): WaitReason {
  return { ...defaults, key, ...given, title: (count) => `${jobsWait(count)} ${wait}` };
}

/** A cause's key by labels: in whatever order and case they are asked for. */
export function labelKey(labels: readonly string[], { labelsIgnoreCase }: World): string {
  return createLabelKeys(labelsIgnoreCase)(labels);
}

/** What the job itself shows. */
export function jobEvidence(job: WaitingJob, { now }: World): Evidence[] {
  const asks =
    job.labels.length === 0
      ? 'It names no label that a runner must have.'
      : `It asks for ${quoteAll(job.labels)}.`;
  return [
    { side: 'job', fact: asks },
    { side: 'forge', fact: `GitHub calls it “${job.status}”, since ${sayTime(job.queuedAt, now)}.` },
  ];
}

/** The page of a run on the forge. */
export function runPage({ runId }: WaitingJob, { repository }: World): string {
  return `${repository.webUrl}/actions/runs/${runId}`;
}

/** The page of the repository's runners on the forge. */
export function runnersPage({ repository }: World): string {
  return `${repository.webUrl}/settings/actions/runners`;
}
