/** What one runner does, as each side tells it. */

import { ended, nameAll, quoteAll, sayTime, sinceWhen } from './wording.ts';
import type { Evidence, World, WorldRunner } from './world.ts';

/** More runners than these are not told of one by one. */
const mostTold = 6;

/** "arm-1 (`build`, since 14:05)" */
export function busyWith({ name, job, since }: WorldRunner, { now }: World): string {
  if (job === null) return since === null ? name : `${name} (since ${sayTime(since, now)})`;
  return `${name} (“${job.name}”${job.since === null ? '' : `, since ${sayTime(job.since, now)}`})`;
}

/** Both sides of a runner: what the forge lists, and what its listener here is known to do. */
export function runnerEvidence(runner: WorldRunner, world: World): Evidence[] {
  const { name, labels, forge, busyOnForge, since, own, group } = runner;
  const { now } = world;
  const listed =
    forge === 'absent'
      ? `GitHub does not list ${name}.`
      : `GitHub shows ${name} as ${forge}${busyOnForge ? ' and busy' : ''}${sinceWhen(since, now)}${group === null ? '' : `, in group ${group}`}, with ${quoteAll(labels)}.`;
  const facts: Evidence[] = [{ side: 'forge', fact: listed }];
  if (own) {
    const fact = `Here ${name} is ${own.state} since ${sayTime(own.stateSince, now)}: ${ended(own.cause)}`;
    facts.push({ side: 'here', fact });
  }
  return facts;
}

/** The same of several, of which the first are told. */
export function runnersEvidence(runners: readonly WorldRunner[], world: World): Evidence[] {
  const told = runners.slice(0, mostTold).flatMap((runner) => runnerEvidence(runner, world));
  const rest = runners.slice(mostTold);
  if (rest.length === 0) return told;
  return [...told, { side: 'forge', fact: `Likewise ${nameAll(rest.map(({ name }) => name))}.` }];
}

/** Why a runner is offline, in a sentence; what is not known is not said. */
export function whyOffline(runner: WorldRunner, world: World): string {
  const { name, own, forge, since, hasConnected } = runner;
  const { now, wokeAt } = world;
  if (own) {
    const when = sayTime(own.stateSince, now);
    if (own.draining) return `${name} takes no more jobs and stops after the one it has: ${ended(own.cause)}`;
    if (own.state === 'stopping' || own.state === 'removing')
      return `${name} is leaving: ${ended(own.cause)}`;
    if (own.state === 'idle') {
      const seen = forge === 'absent' ? 'does not list it' : 'shows it as offline';
      return `${name} listens since ${when}, and GitHub ${seen}.`;
    }
    if (own.state === 'reconnecting') return `${name} has lost GitHub at ${when}: ${ended(own.cause)}`;
    if (own.state === 'failed') return `${name} failed at ${when}: ${ended(own.cause)}`;
    return `${name} is stopped since ${when}: ${ended(own.cause)}`;
  }
  if (hasConnected === false) return `${name} has never connected.`;
  if (since === null) return `${name} was offline already when it was first seen here.`;
  const slept =
    wokeAt !== null && Math.abs(wokeAt - since) < 60_000 ? ' This machine woke from sleep then.' : '';
  return `${name} is offline since ${sayTime(since, now)}.${slept}`;
}
