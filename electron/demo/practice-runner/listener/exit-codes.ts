/** The listener's exit codes (Constants.cs), and the errors that lead to them. */

export const exitCodes = {
  success: 0,
  terminatedError: 1,
  retryableError: 2,
  updating: 3,
  /** The same for a runner that was to do one job. */
  onceUpdating: 4,
  sessionConflict: 5,
  versionDeprecated: 7,
  /** .NET's own for a process that SIGTERM or SIGHUP ended. */
  hangup: 129,
  terminated: 143,
} as const;

/** Nothing that trying again would change: exit code 1. */
export class Terminated extends Error {}

/** The service takes no runner of this version any more. */
export class VersionDeprecated extends Error {}

/** The service does not know this runner (any more). */
export class RunnerGone extends Error {}

/** Somebody else has a session of this runner. */
export class SessionConflict extends Error {}

/** This session is no longer good, the runner may still be. */
export class SessionExpired extends Error {}
