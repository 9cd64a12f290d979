/** Watches what every user of this machine can watch: arguments and environments of processes. Linux. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A process as it was seen at one moment; one that changes is seen several times. */
export interface Sighting {
  pid: number;
  sessionId: number;
  /** Arguments, separated by NUL. */
  command: string;
  /** `NAME=value`, separated by NUL. */
  environment: string;
}

export interface ProcessSampler {
  /** Ends it. @returns every state of every process that was not there when it began */
  stop(): Promise<Sighting[]>;
}

/** Begins to look at the process table every few milliseconds, in a thread of its own. */
export async function startProcessSampler(): Promise<ProcessSampler> {
  const stopped = new SharedArrayBuffer(4);
  const worker = new Worker(new URL('./process-sampler-thread.ts', import.meta.url), { workerData: stopped });
  await once(worker, 'message');
  return {
    async stop() {
      const told = once(worker, 'message');
      Atomics.store(new Int32Array(stopped), 0, 1);
      Atomics.notify(new Int32Array(stopped), 0);
      const [sightings] = await told;
      return sightings as Sighting[];
    },
  };
}
