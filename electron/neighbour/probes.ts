/** How this host is asked about its surroundings. */
import type { Clock } from '../platform/clock.ts';
import type { ProcessTable } from '../platform/processes.ts';
import { cpuTimes } from '../runners/usage.ts';
import { askProgram } from './ask-program.ts';
import { createPowerProbe } from './battery.ts';
import { createMeteredProbe } from './metered.ts';
import { createOthersLoad } from './others-load.ts';
import type { SurroundingsProbes } from './surroundings.ts';

/** @param runnerPids leaders of the runners' sessions */
export function hostProbes(options: {
  processes: ProcessTable;
  runnerPids(): number[];
  clock: Clock;
}): SurroundingsProbes {
  return {
    power: createPowerProbe(process.platform, askProgram),
    metered: createMeteredProbe(process.platform, askProgram),
    othersLoad: createOthersLoad({ ...options, cpuTimes }).sample,
  };
}
