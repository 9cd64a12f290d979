/** What a deploy request must be. The panel says the same earlier; this is the check that counts. */

import type { DeployRequest } from '../../shared/contract.ts';
import { TracksideError } from '../../shared/errors.ts';
import type { Repository } from '../../shared/model.ts';
import { maxRunnersPerDeploy } from '../../shared/sizes.ts';
import { checkPoolFields, managesItself } from './pool-request.ts';

/** Longest label GitHub takes (actions/runner, CommandSettings). */
export const maxLabelLength = 256;
/** Longest runner name GitHub takes, less room for the number. */
const maxNameLength = 58;

function refuse(field: keyof DeployRequest, message: string, remedy: string): never {
  throw new TracksideError('INVALID_REQUEST', message, { field, remedy });
}

/** A pool that manages itself may begin with no runner and never begins with more than it may have. */
function checkCount({ count, lifecycle, scaling }: DeployRequest): void {
  const least = managesItself({ lifecycle }) ? 0 : 1;
  const range = `Choose a whole number from ${least} to ${maxRunnersPerDeploy}.`;
  if (!Number.isInteger(count)) refuse('count', `${count} is not a number of runners.`, range);
  if (managesItself({ lifecycle }) && count > scaling.maxRunners) {
    refuse(
      'count',
      `${count} runners are more than the pool may have (${scaling.maxRunners}).`,
      'Start fewer, or raise the maximum.',
    );
  }
  if (count < least)
    refuse('count', `${count} runners cannot be deployed: there must be at least one.`, range);
  if (count > maxRunnersPerDeploy) {
    refuse('count', `${count} runners are more than one deploy takes (${maxRunnersPerDeploy}).`, range);
  }
}

function checkName(name: string): void {
  if (name.length === 0) refuse('name', 'The runners need a name.', 'For example: arm');
  if (name.length > maxNameLength) {
    refuse('name', `The name has ${name.length} characters; GitHub takes ${maxNameLength}.`, 'Shorten it.');
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    refuse('name', `“${name}” cannot name a runner.`, 'Use letters, digits, dots, hyphens and underscores.');
  }
}

/**
 * Trims and de-duplicates labels ignoring case, as the forge does.
 * @throws TracksideError INVALID_REQUEST at the field `labels`
 */
export function checkLabels(labels: string[]): string[] {
  const kept = new Map<string, string>();
  for (const label of labels.map((raw) => raw.trim())) {
    if (label === '') refuse('labels', 'A label is empty.', 'Remove it or give it a name.');
    if (label.includes(',')) {
      refuse(
        'labels',
        `The label “${shorten(label)}” contains a comma.`,
        'Add its parts as labels of their own.',
      );
    }
    if (label.length > maxLabelLength) {
      refuse(
        'labels',
        `The label “${shorten(label)}” has ${label.length} characters; GitHub takes ${maxLabelLength}.`,
        'Shorten it.',
      );
    }
    if (/\p{Cc}/u.test(label)) {
      refuse('labels', `The label “${shorten(label)}” contains a control character.`, 'Type it again.');
    }
    if (!kept.has(label.toLowerCase())) kept.set(label.toLowerCase(), label);
  }
  if (kept.size > 100)
    refuse('labels', `${kept.size} labels are more than GitHub takes (100).`, 'Remove some.');
  return [...kept.values()];
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/**
 * Checks a request against the rules and the repository it is for.
 * @returns the request with its name and labels tidied
 * @throws TracksideError INVALID_REQUEST naming the field
 */
export function checkDeployRequest(request: DeployRequest, repository: Repository): DeployRequest {
  checkCount(request);
  const name = request.name.trim();
  checkName(name);
  const labels = checkLabels(request.labels);
  const scaling = managesItself(request)
    ? request.scaling
    : { ...request.scaling, minRunners: 0, maxRunners: request.count };
  checkPoolFields({ ...request, scaling });
  if (repository.visibility === 'public' && !request.acceptPublicRisk) {
    refuse(
      'acceptPublicRisk',
      `${repository.fullName} is public: a stranger's pull request could run code on this machine.`,
      'Confirm that you want this, or use a private repository.',
    );
  }
  return { ...request, name, labels, scaling };
}

/**
 * The next free runner names: `arm-1`, `arm-2`, …
 * @param taken names in use here and on the forge, compared ignoring case
 */
export function nextNames(prefix: string, count: number, taken: Iterable<string>): string[] {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const names: string[] = [];
  for (let number = 1; names.length < count; number += 1) {
    const name = `${prefix}-${number}`;
    if (!used.has(name.toLowerCase())) names.push(name);
  }
  return names;
}
