/** The releases of the practice runner and when their time is over (the deprecations endpoint of GitHub's REST API). */
import type { FaultSwitches } from '../faults.ts';

const dayMs = 86_400_000;
/** A release may be registered and run this long (facts of the vendor's version policy). */
const acceptedMs = 30 * dayMs;

/** Days before the demo's start on which each was released. */
const ages: Readonly<Record<string, number>> = {
  '2.336.0': 10,
  '2.335.0': 24,
  '2.334.0': 45,
  '2.329.0': 120,
};

/** The version of the packages on offer while nobody orders a newer one. */
const latestVersion = '2.336.0';

export interface Releases {
  /** The version of the packages on offer. */
  offered(): string;
  /** When a version is no longer accepted, epoch milliseconds; null for a version that there is not. */
  deadline(version: string): number | null;
}

/** @param now epoch milliseconds */
export function createReleases({ faults, now }: { faults: FaultSwitches; now: () => number }): Releases {
  const startMs = Math.floor(now() / dayMs) * dayMs;
  const ordered = (): (string | undefined)[] =>
    faults.list().map(({ kind, version }) => (kind === 'newer-release' ? version : undefined));
  return {
    offered: () => ordered().findLast((version) => version !== undefined) ?? latestVersion,
    deadline(version) {
      const age = ages[version] ?? (ordered().includes(version) ? 0 : null);
      return age === null ? null : startMs - age * dayMs + acceptedMs;
    },
  };
}

/** Whether version `left` comes after `right`; both as in 2.336.0. */
export function isNewer(left: string, right: string): boolean {
  return left.localeCompare(right, 'en', { numeric: true }) > 0;
}
