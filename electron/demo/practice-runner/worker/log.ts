/** A job's log: every line goes to the pieces on disk of its step and of the job, and to the service. */
import { randomUUID } from 'node:crypto';
import type { Masks } from './masks.ts';
import { createPages } from './pages.ts';
import type { Reports } from './reports.ts';
import type { TimeStamps } from './time-stamps.ts';

export interface StepLog {
  /** Writes a line, or several, masked and stamped. */
  write(text: string): void;
  /** `##[error]message`: becomes an annotation of the job. */
  error(message: string): void;
  /** Closes it; its pieces are deleted once the service has them. */
  end(): Promise<void>;
}

export interface JobLog {
  step(): StepLog;
  /** Deletes the job's own pieces, once the service has them. */
  end(): Promise<void>;
}

export function createJobLog(options: {
  root: string;
  timelineId: string;
  jobId: string;
  masks: Masks;
  timeStamps: TimeStamps;
  reports: Reports;
}): JobLog {
  const { root, timelineId, jobId, masks, timeStamps, reports } = options;
  const whole = createPages(root, timelineId, jobId);
  return {
    step() {
      const pages = createPages(root, timelineId, randomUUID());
      const write = (text: string): void => {
        for (const part of masks.apply(text).split(/\r\n|\r|\n/)) {
          const line = `${timeStamps.next()} ${part}`;
          pages.write(line);
          whole.write(line);
          reports.line(line);
        }
      };
      return {
        write,
        error: (message) => write(`##[error]${message}`),
        async end() {
          await reports.flush();
          pages.remove();
        },
      };
    },
    async end() {
      await reports.flush();
      whole.remove();
    },
  };
}
