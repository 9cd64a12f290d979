/** What the listener sends its worker: one JSON object a line, through a pipe. */
import type { JobMessage } from '../../github/workflow/job-message.ts';
import type { Settings } from './configuration.ts';
import type { Release } from './release.ts';

export interface Assignment {
  job: JobMessage;
  runServiceUrl: string;
  settings: Settings;
  release: Release;
}

export type WorkerMessage =
  | { type: 'NewJobRequest'; assignment: Assignment }
  /** The job was cancelled. */
  | { type: 'CancelRequest' }
  /** The runner is being stopped. */
  | { type: 'RunnerShutdown' };

/** The worker's file descriptor at which the pipe begins. */
export const channelDescriptor = 3;
