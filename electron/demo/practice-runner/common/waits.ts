/** The clock on which listener and worker wait. */
import { type Clock, systemClock } from '../../../platform/clock.ts';

/**
 * The system's clock. `PRACTICE_RUNNER_TIME_SCALE` (a number above 0, for tests) multiplies all of its waits: with 0.01 what
 * actions/runner retries every 30 s is retried every 0.3 s. It changes no time stamp and no limit told to anybody.
 */
export function createRunnerClock(environment: NodeJS.ProcessEnv): Clock {
  const scale = Number(environment.PRACTICE_RUNNER_TIME_SCALE);
  if (!(scale > 0)) return systemClock;
  return {
    now: systemClock.now,
    after: (delayMs, callback) => systemClock.after(delayMs * scale, callback),
    every: (periodMs, callback) => systemClock.every(periodMs * scale, callback),
    sleep: (delayMs, signal) => systemClock.sleep(delayMs * scale, signal),
  };
}
