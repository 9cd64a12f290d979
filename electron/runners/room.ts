/** Room for more runners on this machine: as the wizard's plan, and as the ceiling that the keeper keeps to. */
import { TracksideError } from '../../shared/errors.ts';
import type { Hold, Host, Load, Plan, Pool, RunnerState, Size } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import { planRunners } from '../hardware/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { admit } from './autoscaler/admission.ts';
import type { LiveRunner } from './live-runner.ts';

/** Disk one more runner is counted with before one was cloned here: the vendor's package, copied whole. */
const unmeasuredRunnerBytes = 600 * 1024 ** 2;
/** The same where clones share their blocks with the cache. */
const sharedRunnerBytes = 60 * 1024 ** 2;
/** How long a measured load is believed; starting runners changes it by their own sizes, which are counted. */
const loadGoodMs = 5000;

/** Runners in these states use neither cores nor memory. */
const atRest: readonly RunnerState[] = ['stopped', 'failed'];

export interface Room {
  /** What fits, for the wizard. @throws TracksideError HOST_FAILED when the machine cannot be measured */
  plan(size: Size | null): Promise<Plan>;
  /** How many more runners of the pool the machine admits now. */
  admit(pool: Pool): Promise<{ count: number; hold: Hold | null }>;
}

export function createRoom(options: {
  board: BoardPublisher;
  runners: { all(): LiveRunner[] };
  host: Host;
  measureLoad(): Promise<Load>;
  clock: Clock;
  suggestedName: string;
  defaultLabels: string[];
}): Room {
  const { board, runners, host, clock } = options;
  let load: Load | null = null;

  const loadNow = async (): Promise<Load> => {
    if (load && clock.now() - load.at < loadGoodMs && load.at <= clock.now()) return load;
    load = await options.measureLoad().catch((error: unknown) => {
      throw new TracksideError('HOST_FAILED', 'This machine could not be measured.', { cause: error });
    });
    return load;
  };
  const diskPerRunnerBytes = (): number => {
    const cloned = runners.all().find(({ entry }) => entry.record().clone !== null);
    const strategy = cloned?.entry.record().clone?.strategy;
    return strategy === 'overlay' || strategy === 'reflink' ? sharedRunnerBytes : unmeasuredRunnerBytes;
  };
  const sizes = (counts: (state: RunnerState) => boolean): Size[] => {
    const { pools } = board.current();
    return runners.all().flatMap(({ entry }) => {
      const { poolId, state } = entry.runner();
      return counts(state) ? (pools[poolId]?.size ?? []) : [];
    });
  };
  const machine = () => board.current().panel.host ?? host;

  return {
    async plan(size) {
      return planRunners({
        host: machine(),
        load: await loadNow(),
        present: sizes(() => true),
        size,
        diskPerRunnerBytes: diskPerRunnerBytes(),
        suggestedName: options.suggestedName,
        defaultLabels: options.defaultLabels,
      });
    },
    async admit({ size }) {
      return admit({
        host: machine(),
        load: await loadNow(),
        present: sizes((state) => !atRest.includes(state)),
        size,
        diskPerRunnerBytes: diskPerRunnerBytes(),
      });
    },
  };
}
