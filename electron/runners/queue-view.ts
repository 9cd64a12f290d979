/** The queued jobs of all repositories as they are now: the forge's last answer, less what our runners took since. */
import type { ForgeJob } from '../forges/forge.ts';

export interface QueuedJob {
  id: string;
  repositoryId: string;
  labels: readonly string[];
  /** Epoch milliseconds. */
  queuedAt: number;
}

export interface QueueView {
  /** Takes in the forge's answer: the queued and running jobs of one repository. */
  seen(repositoryId: string, jobs: readonly ForgeJob[]): void;
  /** One of our runners began a job, which the last answer may still call queued. */
  taken(repositoryId: string, runnerName: string, jobName: string): void;
  queued(): QueuedJob[];
  /** Names of our runners by the id of the job of this repository that they took, which the last answer calls queued. */
  takers(repositoryId: string): Map<number, string>;
}

/** A job that a runner told of before the forge did. */
interface Taken {
  jobId: number;
  runnerName: string;
  /** Answers that came since. The first may have been on its way already; after the second the forge is believed. */
  answers: number;
}

export function createQueueView(): QueueView {
  const answers = new Map<string, readonly ForgeJob[]>();
  const takenIn = new Map<string, Taken[]>();
  const waiting = (repositoryId: string): ForgeJob[] => {
    const taken = takenIn.get(repositoryId) ?? [];
    return (answers.get(repositoryId) ?? []).filter(
      ({ id, status }) => status === 'queued' && !taken.some(({ jobId }) => jobId === id),
    );
  };
  return {
    seen(repositoryId, jobs) {
      answers.set(repositoryId, jobs);
      const confirmed = (name: string): boolean =>
        jobs.some(({ status, runnerName }) => status === 'in_progress' && runnerName === name);
      const still = (takenIn.get(repositoryId) ?? [])
        .map((taken) => ({ ...taken, answers: taken.answers + 1 }))
        .filter((taken) => taken.answers < 2 && !confirmed(taken.runnerName));
      takenIn.set(repositoryId, still);
    },
    taken(repositoryId, runnerName, jobName) {
      const job = waiting(repositoryId).find(({ name }) => name === jobName);
      if (!job) return;
      const others = (takenIn.get(repositoryId) ?? []).filter((taken) => taken.runnerName !== runnerName);
      takenIn.set(repositoryId, [...others, { jobId: job.id, runnerName, answers: 0 }]);
    },
    takers: (repositoryId) =>
      new Map((takenIn.get(repositoryId) ?? []).map(({ jobId, runnerName }) => [jobId, runnerName])),
    queued: () =>
      [...answers.keys()].flatMap((repositoryId) =>
        waiting(repositoryId).map(({ id, labels, queuedAt }) => ({
          id: `${repositoryId}/${id}`,
          repositoryId,
          labels,
          queuedAt,
        })),
      ),
  };
}
