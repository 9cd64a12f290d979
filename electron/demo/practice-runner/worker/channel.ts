/** The worker's end of the pipe from its listener, and the signals that reach it beside that. */
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Clock } from '../../../platform/clock.ts';
import type { Trace } from '../common/trace.ts';
import type { Assignment, WorkerMessage } from '../common/worker-messages.ts';

/** Why a job ends early: it was cancelled, or its runner is being stopped. */
export type StopReason = 'cancelled' | 'shutdown' | 'timeout';

export interface Stop {
  /** Aborts when the job shall end. */
  readonly signal: AbortSignal;
  reason(): StopReason | null;
  request(reason: StopReason): void;
  /**
   * To be awaited when a step's process has ended: SIGINT goes to a whole process group, so that the process may have
   * died of it while the listener's message that the runner is being stopped is still on its way.
   */
  settled(): Promise<void>;
}

export interface Channel {
  /** Resolves with the job. Rejects when none comes within 30 s. */
  assignment: Promise<Assignment>;
  stop: Stop;
}

const assignmentTimeoutMs = 30_000;
const interruptedMs = 5000;

function createStop(clock: Clock): Stop & { interrupted(): void } {
  const controller = new AbortController();
  let reason: StopReason | null = null;
  let isInterrupted = false;
  return {
    signal: controller.signal,
    reason: () => reason,
    request(next) {
      reason ??= next;
      controller.abort();
    },
    interrupted() {
      isInterrupted = true;
    },
    async settled() {
      if (isInterrupted) await clock.sleep(interruptedMs, controller.signal).catch(() => {});
      isInterrupted = false;
    },
  };
}

/** A listener that dies takes its job with it: the end of the pipe means the same as a shutdown. */
export function openChannel(descriptor: number, { clock, trace }: { clock: Clock; trace: Trace }): Channel {
  const stop = createStop(clock);
  process.on('SIGINT', () => stop.interrupted());
  process.on('SIGTERM', () => stop.request('shutdown'));
  const socket = new Socket({ fd: descriptor });
  const assignment = new Promise<Assignment>((resolve, reject) => {
    const tooLate = () => reject(new Error('No job message was received within 30 seconds.'));
    const cancelTimer = clock.after(assignmentTimeoutMs, tooLate);
    createInterface({ input: socket }).on('line', (line) => {
      const message = JSON.parse(line) as WorkerMessage;
      trace.info('Worker', `${message.type} received.`);
      if (message.type === 'NewJobRequest') {
        cancelTimer();
        resolve(message.assignment);
      } else {
        stop.request(message.type === 'CancelRequest' ? 'cancelled' : 'shutdown');
      }
    });
    socket.on('close', () => {
      reject(new Error('The listener has ended.'));
      stop.request('shutdown');
    });
    socket.on('error', (error) => trace.error('Worker', error));
  });
  return { assignment, stop };
}
