/** The faults that the demo GitHub can be asked to show, each limited by path, token, runner, count or share. */

const faultKinds = [
  /** Any answer is held back by `delayMs`. */
  'latency',
  /** Any request is answered with `status`. */
  'server-error',
  /** REST: 403 with `retry-after`, as for too many requests in a short time. */
  'secondary-limit',
  /** REST: the same as 429. */
  'too-many-requests',
  /** REST: the hour's requests are used up, 403 until the reset. */
  'primary-limit',
  /** REST: 401 for a token that was good. */
  'revoked-token',
  /** Any connection is closed without an answer. */
  'dropped-connection',
  /** Some bytes of a served runner archive are turned over. */
  'corrupt-archive',
  /** Another file is served, with its true checksum, in place of the runner archive. */
  'replace-archive',
  /** REST: a runner that runs a job is listed as not busy. */
  'stale-busy',
  /** A runner's registration is deleted at its next call. */
  'deleted-registration',
  /** A runner may neither register nor receive messages: its version is too old. */
  'version-deprecated',
  /** `config.sh`: its registration or remove token is refused as expired. */
  'token-expired',
  /** A runner's new session is refused: another process listens as this runner. */
  'session-conflict',
  /** A runner is told to update itself to `version`; one that must not (`--disableupdate`) is deprecated instead. */
  'forced-update',
  /** `version` is released: the packages on offer are of it. */
  'newer-release',
  /** Idle runners that listen are sent no jobs. */
  'dispatch-stalled',
  /** The status page says that Actions has trouble. Jobs are given out all the same. */
  'actions-outage',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** What to break, where, and how often. Absent limits mean "everywhere" and "until cleared". */
export interface FaultRequest {
  kind: FaultKind;
  /** Only paths that start with this (without a leading `/api/v3`). */
  pathPrefix?: string;
  /** Only paths that match this regular expression. */
  pathPattern?: string;
  /** Only this HTTP method. */
  method?: string;
  /** Only the runner of this name (the kinds that strike runners). */
  runner?: string;
  /** dispatch-stalled: only jobs of this repository (`owner/name`). */
  repository?: string;
  /** How many times it strikes before it clears itself. */
  count?: number;
  /** Share of the matching requests that it strikes, 0–1. */
  share?: number;
  /** latency: how long the answer is held back. */
  delayMs?: number;
  /** server-error: the status, 502 by default. */
  status?: number;
  /** secondary-limit, too-many-requests: the `retry-after` header, 60 by default. */
  retryAfterSeconds?: number;
  /** replace-archive: path of the file that is served, with its true checksum, in place of the archive. */
  file?: string;
  /** forced-update, newer-release: the version, e.g. 2.337.0. */
  version?: string;
  /** actions-outage: how bad it is, `major_outage` by default. */
  level?: OutageLevel;
  /** actions-outage: the incident's name. */
  incident?: string;
}

const outageLevels = ['degraded_performance', 'partial_outage', 'major_outage'] as const;
export type OutageLevel = (typeof outageLevels)[number];

export interface Fault extends FaultRequest {
  id: string;
  /** When it was switched on, epoch milliseconds. */
  sinceMs: number;
  /** How many times it has struck. */
  struck: number;
}

/** The part of a request that a fault looks at. */
interface FaultTarget {
  path: string;
  method: string;
  runner?: string;
  repository?: string;
}

export interface FaultSwitches {
  /** Switches a fault on; returns its id. Throws `TypeError` when the request makes no sense. */
  set(fault: FaultRequest): string;
  /** Switches one fault off, or all of them. */
  clear(id?: string): void;
  list(): Fault[];
  /** The fault of this kind that strikes this request; counts it as struck. */
  take(kind: FaultKind, target: FaultTarget): Fault | undefined;
}

function assertSensible(fault: FaultRequest): void {
  if (!faultKinds.includes(fault.kind)) {
    throw new TypeError(`Unknown fault "${fault.kind}". Use one of ${faultKinds.join(', ')}.`);
  }
  if (fault.kind === 'replace-archive' && !fault.file) {
    throw new TypeError('The fault "replace-archive" needs "file", the path of the archive to serve.');
  }
  const needsVersion = fault.kind === 'forced-update' || fault.kind === 'newer-release';
  if (needsVersion && !/^\d+\.\d+\.\d+$/.test(fault.version ?? '')) {
    throw new TypeError(`The fault "${fault.kind}" needs "version", for example "2.337.0".`);
  }
  if (fault.level !== undefined && !outageLevels.includes(fault.level)) {
    throw new TypeError(`"level" of a fault is one of ${outageLevels.join(', ')}.`);
  }
  if (fault.pathPattern) new RegExp(fault.pathPattern);
  for (const key of ['count', 'share', 'delayMs', 'status', 'retryAfterSeconds'] as const) {
    const value = fault[key];
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
      throw new TypeError(`"${key}" of a fault is a number from 0 up, not ${JSON.stringify(value)}.`);
    }
  }
}

function matches(fault: Fault, target: FaultTarget): boolean {
  if (fault.pathPrefix && !target.path.startsWith(fault.pathPrefix)) return false;
  if (fault.pathPattern && !new RegExp(fault.pathPattern).test(target.path)) return false;
  if (fault.method && fault.method.toUpperCase() !== target.method) return false;
  if (fault.repository && fault.repository !== target.repository) return false;
  return !fault.runner || fault.runner === target.runner;
}

/**
 * Creates the switches.
 * @param random 0 ≤ n < 1, decides for faults with a `share`
 * @param now epoch milliseconds
 * @param onChange told after faults were switched on or off
 */
export function createFaultSwitches({
  random,
  now,
  onChange,
}: {
  random: () => number;
  now: () => number;
  onChange: () => void;
}): FaultSwitches {
  const faults = new Map<string, Fault>();
  let nextId = 1;
  return {
    set(fault) {
      assertSensible(fault);
      const id = `fault-${nextId++}`;
      faults.set(id, { ...fault, id, sinceMs: now(), struck: 0 });
      onChange();
      return id;
    },
    clear(id) {
      if (id === undefined) faults.clear();
      else faults.delete(id);
      onChange();
    },
    list: () => [...faults.values()].map((fault) => ({ ...fault })),
    take(kind, target) {
      for (const fault of faults.values()) {
        if (fault.kind !== kind || !matches(fault, target)) continue;
        if (fault.share !== undefined && random() >= fault.share) continue;
        fault.struck += 1;
        if (fault.count !== undefined && fault.struck >= fault.count) faults.delete(fault.id);
        return fault;
      }
      return undefined;
    },
  };
}
