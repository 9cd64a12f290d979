/** What a wait is called and how it looks. */
import { formatDuration } from '../../../shared/format.ts';
import type { Job, LabelMistake, Wait, WaitKind } from '../../../shared/model.ts';
import type { Shape, Tone } from '../../components/pill.tsx';

/** In the order in which they are offered for choosing. */
export const waitTitles: Record<WaitKind, string> = {
  'label-missing': 'Label missing',
  'labels-apart': 'Labels apart',
  'no-runner': 'No runner',
  offline: 'Offline',
  group: 'Runner group',
  held: 'Held back',
  stalled: 'Stalled',
  'all-busy': 'All busy',
  starting: 'Starting',
  dispatching: 'Any moment',
  needs: 'Earlier jobs',
  approval: 'Approval',
  protection: 'Protection',
  concurrency: 'Concurrency',
  hosted: 'Hosted runner',
  outage: 'Outage',
  unknown: 'Unknown',
};
export const waitKinds = Object.keys(waitTitles) as WaitKind[];

/** What a missing label and the nearest one differ in. */
export const mistakeWords: Record<LabelMistake, string> = {
  case: 'written with other capitals',
  typo: 'a slip of the pen',
  separator: 'another separator',
  'hosted-name': 'no such hosted runner was ever offered',
  joined: 'several labels in one string',
  'runner-name': 'the name of a runner, not a label',
};

export interface WaitLook {
  tone: Tone;
  shape: Shape;
}

/** What needs somebody is amber, what is about to fail is red, what passes by itself is quiet. */
export function waitLook(wait: Pick<Wait, 'kind' | 'passes' | 'failsAt'> | null): WaitLook {
  if (wait === null) return { tone: 'off', shape: 'dashed' };
  if (wait.failsAt !== null) return { tone: 'fail', shape: 'triangle' };
  if (!wait.passes) return { tone: 'wait', shape: 'triangle' };
  if (wait.kind === 'starting' || wait.kind === 'dispatching') return { tone: 'busy', shape: 'half' };
  return { tone: 'off', shape: 'ring' };
}

/** The heading of jobs that wait for one thing. */
export function waitTitle(wait: Pick<Wait, 'title'> | null, jobs: number): string {
  if (wait !== null) return wait.title;
  return jobs === 1
    ? '1 job was seen a moment ago'
    : `${jobs.toLocaleString('en')} jobs were seen a moment ago`;
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const endings = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' };

/** A job's place: "next in line", "3rd in line"; an empty string where it has none. */
export function placeWords({ position }: Pick<Job, 'position'>): string {
  if (position === null) return '';
  if (position === 1) return 'next in line';
  return `${position.toLocaleString('en')}${endings[ordinals.select(position)]} in line`;
}

/** When a job will probably start: "in about 4 min", "any moment"; an empty string where nobody can tell. */
export function startWords({ estimate }: Pick<Job, 'estimate'>, nowMs: number): string {
  if (estimate === null) return '';
  const leftMs = estimate.startsAt - nowMs;
  if (leftMs < 5000) return 'any moment';
  const roundMs = leftMs < 60_000 ? 5000 : 60_000;
  return `in about ${formatDuration(Math.ceil(leftMs / roundMs) * roundMs)}`;
}
