/** What a pool is like when nobody says otherwise, without a schema library, so that a page may carry it. */
const minute = 60_000;
const day = 24 * 60 * minute;

/** How long an idle runner of an automatic pool stays. */
export const defaultIdleTimeoutMs = 5 * minute;
/** What one press of *Keep* gives. */
export const keepForMs = 15 * minute;

export const defaultScaling = { policy: 'balanced' as const, minRunners: 0, maxRunners: 4 };

export const defaultNeighbour = {
  pauseOnBattery: false,
  pauseOnMetered: false,
  pauseAboveLoad: null,
  hours: null,
  lowPriority: false,
};

export const defaultSettings = {
  removeGhostsAfterMs: null,
  historyMaxAgeMs: 90 * day,
  historyMaxBytes: 64 * 1024 ** 2,
  drainBoundMs: 10 * minute,
  notifications: { enabled: true, afterMs: 2 * minute, tellResolved: true, quietHours: null },
};
