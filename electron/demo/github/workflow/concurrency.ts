/** Concurrency groups: of the runs and jobs of a repository that name the same group one goes on, others wait. */
import type { Concurrency, JobRecord, RunRecord } from '../model.ts';
import type { Store } from '../store.ts';
import { lastAttempt, planOf } from './contexts.ts';

const longestQueue = 100;

/** A run, or one job of it, in a group. */
export interface Member {
  run: RunRecord;
  /** `null`: the run as a whole. */
  job: JobRecord | null;
}

interface Standing {
  /** Goes on; more than one while what was cancelled comes to its end. */
  holders: Member[];
  /** Wait, the first comer first. */
  pending: Member[];
}

/** What is to be done for a newcomer. */
interface Entry {
  mustWait: boolean;
  /** Are cancelled in favour of the newcomer. */
  displaced: Member[];
  /** It would wait for its own run, which has the group. */
  isDeadlock: boolean;
}

function isSame(one: Member, other: Member): boolean {
  return one.run === other.run && one.job === other.job;
}

/** Every open member of a repository's groups, with its group. */
function membersOf(store: Store, repository: string): { member: Member; concurrency: Concurrency }[] {
  return store.openRuns().flatMap((run) => {
    if (run.repository !== repository) return [];
    const jobs = store.jobsOf(run).flatMap((job) => {
      const { concurrency } = planOf(run, job);
      return concurrency && job.status !== 'completed' ? [{ member: { run, job }, concurrency }] : [];
    });
    return run.concurrency ? [{ member: { run, job: null }, concurrency: run.concurrency }, ...jobs] : jobs;
  });
}

function isPending({ run, job }: Member): boolean {
  return job ? job.status === 'pending' : lastAttempt(run).isPending;
}

function standingOf(store: Store, repository: string, group: string, newcomer: Member | null): Standing {
  const members = membersOf(store, repository)
    .filter(({ concurrency }) => concurrency.group.toLowerCase() === group.toLowerCase())
    .map(({ member }) => member)
    .filter((member) => newcomer === null || !isSame(member, newcomer));
  return { holders: members.filter((member) => !isPending(member)), pending: members.filter(isPending) };
}

/** What GitHub says of what is cancelled in favour of another. */
export function displacedMessage(group: string): string {
  return `Canceling since a higher priority waiting request for '${group}' exists`;
}

/** What GitHub says of a job that would wait for its own run. */
export function deadlockMessage(group: string, jobName: string): string {
  return `Canceling since a deadlock for concurrency group '${group}' was detected between 'top level workflow' and '${jobName}'`;
}

/** Works out what happens when a run or job comes to its group. */
export function enterGroup(store: Store, newcomer: Member, concurrency: Concurrency): Entry {
  const { run, job } = newcomer;
  const { holders, pending } = standingOf(store, run.repository, concurrency.group, newcomer);
  if (job && holders.some((holder) => holder.run === run && holder.job === null)) {
    return { mustWait: false, displaced: [], isDeadlock: true };
  }
  const mayQueue = concurrency.queue === 'max' && !concurrency.cancelInProgress;
  const displaced = mayQueue ? pending.slice(longestQueue - 1) : [...pending];
  if (concurrency.cancelInProgress) displaced.push(...holders);
  const waitsBefore = mayQueue && pending.length > 0;
  return { mustWait: holders.length > 0 || waitsBefore, displaced, isDeadlock: false };
}

/** The next of a repository's members that waits for a group which nobody holds. */
export function nextRelease(store: Store, repository: string): Member | undefined {
  const members = membersOf(store, repository);
  const keyOf = ({ group }: Concurrency) => group.toLowerCase();
  const held = new Set(
    members.filter(({ member }) => !isPending(member)).map(({ concurrency }) => keyOf(concurrency)),
  );
  return members.find(({ member, concurrency }) => isPending(member) && !held.has(keyOf(concurrency)))
    ?.member;
}
