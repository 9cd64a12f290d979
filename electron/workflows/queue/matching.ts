/** Which runners and pools could take a job, and what each of them does now. */
import type { KnownLabels } from './labels.ts';
import { foldLabel } from './labels.ts';
import type { World, WorldRunner } from './world.ts';

/** The forge takes a runner that came to rest here for offline until it has listed it this much later. */
const listLagMs = 30_000;

/** `leaving`: it takes no further job. */
export type Condition = 'idle' | 'busy' | 'starting' | 'offline' | 'leaving';

/** What a runner does: our own by its listener, which knows first; others by what the forge says. */
export function conditionOf(runner: WorldRunner, { runnersReadAt }: Pick<World, 'runnersReadAt'>): Condition {
  const { own, forge, busyOnForge, job } = runner;
  if (!own) {
    if (forge !== 'online') return 'offline';
    return busyOnForge || job !== null ? 'busy' : 'idle';
  }
  switch (own.state) {
    case 'busy':
      return own.draining ? 'leaving' : 'busy';
    case 'idle':
      if (own.draining) return 'leaving';
      if (forge === 'online') return 'idle';
      return runnersReadAt - own.stateSince < listLagMs ? 'starting' : 'offline';
    case 'deploying':
    case 'starting':
      return 'starting';
    case 'stopping':
    case 'removing':
      return 'leaving';
    case 'reconnecting':
    case 'stopped':
    case 'failed':
      return 'offline';
  }
}

type Forge = Pick<World, 'labelsIgnoreCase'>;

/** Labels folded once for many comparisons. */
export function foldedSet(labels: readonly string[], { labelsIgnoreCase }: Forge): Set<string> {
  return new Set(labels.map((label) => foldLabel(label, labelsIgnoreCase)));
}

/** Those whose labels are all that the job asks for and perhaps more. */
export function holdersOf<H extends { labels: readonly string[] }>(
  labels: readonly string[],
  holders: readonly H[],
  forge: Forge,
): H[] {
  const wanted = [...foldedSet(labels, forge)];
  return holders.filter((holder) => {
    const have = foldedSet(holder.labels, forge);
    return wanted.every((label) => have.has(label));
  });
}

/** Everything whose labels count as existing: runners that serve the repository, and pools that would start some. */
export function knownLabels(world: World): KnownLabels {
  const { runners, pools, labelsIgnoreCase, offersHosted, now } = world;
  return {
    runners: [...runners.filter(({ excluded }) => excluded === null), ...pools],
    labelsIgnoreCase,
    offersHosted,
    now,
  };
}
