/** What a pool is like when nobody says otherwise, without a schema library, so that a page may carry it. */
import type { Neighbour, Scaling, Settings } from './model.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** How long an idle runner of an automatic pool stays. */
export const defaultIdleTimeoutMs = 5 * minute;
/** What one press of *Keep* gives. */
export const keepForMs = 15 * minute;

export const defaultScaling: Scaling = { policy: 'balanced', minRunners: 0, maxRunners: 4 };

export const defaultNeighbour: Neighbour = {
  pauseOnBattery: false,
  pauseOnMetered: false,
  pauseAboveLoad: null,
  hours: null,
  lowPriority: false,
};

export const defaultSettings: Settings = {
  removeGhostsAfterMs: null,
  historyMaxAgeMs: 90 * day,
  historyMaxBytes: 64 * 1024 ** 2,
  drainBoundMs: 10 * minute,
};
