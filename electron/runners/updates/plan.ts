/**
 * Which runner of a pool is brought to a newer version next. One goes first, the canary; the others follow, one at a
 * time, once it has listened for ten minutes or done a job; when it fails, they stay as they are.
 *
 * | the pool's runners | what follows |
 * |---|---|
 * | none is older than what is offered | nothing |
 * | none has the offered version yet | an idle one is the canary; while all work, the first that is idle is waited for |
 * | one has it and has failed, none has proven itself | the roll-out stops |
 * | one has it, none has proven itself | waiting |
 * | one has proven itself | the next idle one, when none is being replaced |
 */
import type { Runner } from '../../../shared/model.ts';

/** How long a new version listens before it is trusted. */
export const trialMs = 10 * 60_000;

export type UpdatableRunner = Pick<
  Runner,
  | 'id'
  | 'name'
  | 'state'
  | 'stateSince'
  | 'version'
  | 'startedAt'
  | 'draining'
  | 'updating'
  | 'job'
  | 'failure'
> & {
  /** Takes one job and is made anew for the next: it takes the newest package by itself. */
  ephemeral: boolean;
  /** Whether its present process has done a job successfully. */
  hasDoneJob: boolean;
};

export type UpdatePlan =
  | { action: 'none' }
  /** `until`: when to look again though nothing happens; null = when something does. */
  | { action: 'wait'; sentence: string; until: number | null }
  | { action: 'replace'; runnerId: string; role: 'canary' | 'follower'; cause: string }
  | { action: 'stop'; sentence: string; remedy: string };

/**
 * @param offered the newest version, e.g. 2.337.0
 * @param now epoch milliseconds
 */
export function planUpdate(options: {
  runners: readonly UpdatableRunner[];
  offered: string;
  now: number;
}): UpdatePlan {
  const { offered, now } = options;
  const { outdated, updated } = split(options.runners, offered);
  if (outdated.length === 0) return { action: 'none' };
  const isReplaced = [...outdated, ...updated].find(({ state }) => state === 'deploying');
  if (isReplaced) return wait(`${isReplaced.name} is being replaced.`);
  if (updated.length === 0) return replaceNext(outdated, offered, 'canary');
  if (updated.some((runner) => isProven(runner, now))) return replaceNext(outdated, offered, 'follower');
  return awaitProof(updated, outdated.length, offered, now);
}

/** Whether some runner has the offered version while none has proven itself with it. */
export function isOnTrial(runners: readonly UpdatableRunner[], offered: string, now: number): boolean {
  const { updated } = split(runners, offered);
  return updated.length > 0 && !updated.some((runner) => isProven(runner, now));
}

function split(runners: readonly UpdatableRunner[], offered: string) {
  const lasting = runners.filter(({ ephemeral, version }) => !ephemeral && version !== null);
  const outdated = lasting.filter(({ version }) => version !== null && isOlder(version, offered));
  return { outdated, updated: lasting.filter((runner) => !outdated.includes(runner)) };
}

function wait(sentence: string, until: number | null = null): UpdatePlan {
  return { action: 'wait', sentence, until };
}

function replaceNext(
  outdated: readonly UpdatableRunner[],
  offered: string,
  role: 'canary' | 'follower',
): UpdatePlan {
  const [next] = outdated.filter(isFree).sort((a, b) => a.stateSince - b.stateSince);
  if (!next) return wait(`Version ${offered} waits for a runner that is idle.`);
  const cause =
    role === 'canary'
      ? `Tries version ${offered} before the others.`
      : `Follows to version ${offered}, which another runner has tried.`;
  return { action: 'replace', runnerId: next.id, role, cause };
}

/** Nobody that works, leaves or is at anything else is ever replaced. */
function isFree({ state, job, draining, updating }: UpdatableRunner): boolean {
  return state === 'idle' && job === null && !draining && !updating;
}

function isProven({ state, startedAt, hasDoneJob }: UpdatableRunner, now: number): boolean {
  const listens = state === 'idle' || state === 'busy';
  return listens && startedAt !== null && (hasDoneJob || now - startedAt >= trialMs);
}

function awaitProof(
  updated: readonly UpdatableRunner[],
  others: number,
  offered: string,
  now: number,
): UpdatePlan {
  const failed = updated.find(({ state }) => state === 'failed');
  const onTrial = updated.filter(({ state, startedAt }) => state !== 'failed' && startedAt !== null);
  if (failed && onTrial.length === 0) {
    const rest = others === 1 ? 'the other runner stays' : `the other ${others} runners stay`;
    return {
      action: 'stop',
      sentence: `${failed.name} failed with version ${offered}, so ${rest} as before: ${failed.failure?.message ?? 'no reason is known'}`,
      remedy: `Retry ${failed.name}, or remove it and let another one try.`,
    };
  }
  const until = Math.min(...onTrial.map(({ startedAt }) => (startedAt ?? now) + trialMs));
  const [canary] = onTrial;
  const who = canary?.name ?? updated[0]?.name ?? 'A runner';
  return wait(
    `${who} tries version ${offered}; the others follow when it has proven itself.`,
    Number.isFinite(until) ? until : null,
  );
}

/** Whether version `left` comes before `right`; both as in 2.336.0. */
export function isOlder(left: string, right: string): boolean {
  return left.localeCompare(right, 'en', { numeric: true }) < 0;
}
