/** Nothing has the labels: no runner at all, a label that nobody has, or labels that are on no single runner. */

import type { Repair } from '../../../shared/model.ts';
import { hostedStanding } from './hosted-labels.ts';
import { addLabelRepair, areGivable, deployRepair } from './label-repairs.ts';
import { asksForHosted, explainLabels, type LabelExplanation, lackedLabels } from './labels.ts';
import { knownLabels } from './matching.ts';
import { patchRepair } from './patch.ts';
import { jobEvidence, labelKey, reason, runnersPage } from './reason.ts';
import { ended, labelsNamed, nameAll, quote, quoteAll, sayTime } from './wording.ts';
import type { Evidence, WaitingJob, WaitReason, World } from './world.ts';

/** For a job that no runner in sight and no pool could take. */
export function labelReason(job: WaitingJob, world: World): WaitReason {
  const known = knownLabels(world);
  const explanation = explainLabels(job.labels, known);
  const isNobodyThere = known.runners.length === 0;
  if (isNobodyThere && explanation.mistake === null) return noRunner(job, world);
  return explanation.missing.length > 0 ? labelMissing(job, world, explanation) : labelsApart(job, world);
}

function hereEvidence({ defaultLabels, canDeploy }: World): Evidence {
  return canDeploy
    ? { side: 'here', fact: `Runners of this machine have ${quoteAll(defaultLabels)} by themselves.` }
    : { side: 'here', fact: 'No runner can be deployed on this machine.' };
}

function presentEvidence(world: World): Evidence[] {
  const { runners } = knownLabels(world);
  const labels = [...new Set(runners.flatMap((runner) => runner.labels))].toSorted();
  if (runners.length === 0)
    return [{ side: 'forge', fact: 'GitHub lists no runner that this token can see.' }];
  const names = nameAll(runners.map(({ name }) => name));
  return [
    { side: 'forge', fact: `Runners and pools in sight: ${names}.` },
    { side: 'forge', fact: labels.length === 0 ? 'They have no labels.' : `They have ${quoteAll(labels)}.` },
  ];
}

function noRunner(job: WaitingJob, world: World): WaitReason {
  return reason({
    kind: 'no-runner',
    key: labelKey(job.labels, world),
    sentence: `${world.repository.fullName} has no runner at all; it asks for one with ${labelsNamed(job.labels)}.`,
    wait: `for a runner with ${labelsNamed(job.labels)}`,
    missing: [...job.labels],
    evidence: [...jobEvidence(job, world), ...presentEvidence(world), hereEvidence(world)],
    repairs: [...deployRepair(job, world), runnersPageRepair(world)],
  });
}

const runnersPageRepair = (world: World): Repair => ({
  kind: 'open-page',
  title: 'Open the runners on GitHub',
  url: runnersPage(world),
});

/** Where nothing can be done here, there is at least the place where it can. */
const orRunnersPage = (repairs: Repair[], world: World): Repair[] =>
  repairs.length > 0 ? repairs : [runnersPageRepair(world)];

/** What is told of the mistake, as a sentence of its own. */
function hint({ nearest, mistake, corrections }: LabelExplanation, world: World): string {
  const [first] = corrections;
  if (!first || mistake === null) return '';
  switch (mistake) {
    case 'joined':
      return ` That is one string; ${quoteAll(first.meant)} must be a list.`;
    case 'runner-name':
      return ` That is the name of a runner or pool, not a label; it has ${quoteAll(first.meant)}.`;
    case 'hosted-name': {
      const retired = hostedStanding(first.label, world.now) === 'retired';
      const standing = retired ? 'is not offered by GitHub any more' : 'was never offered by GitHub';
      return ` ${quote(first.label)} ${standing}; ${quote(first.meant[0] ?? '')} comes closest.`;
    }
    case 'case':
      return ` Only its case differs from ${quote(nearest ?? '')}.`;
    case 'separator':
      return ` ${quote(nearest ?? '')} exists: only a separator differs.`;
    case 'typo':
      return ` ${quote(nearest ?? '')} exists and was probably meant.`;
  }
}

function hostedBeside(job: WaitingJob, missing: readonly string[], world: World): string {
  const hosted = missing.find((label) => asksForHosted([label], knownLabels(world)));
  if (hosted === undefined || job.labels.length === 1) return '';
  return ` GitHub's own ${quote(hosted)} takes only jobs that ask for nothing else.`;
}

function labelMissing(job: WaitingJob, world: World, explanation: LabelExplanation): WaitReason {
  const { missing, nearest, mistake, corrections } = explanation;
  const them = missing.length === 1 ? 'it' : 'them';
  const told = hint(explanation, world) || hostedBeside(job, missing, world);
  const misspelt = mistake === 'typo' || mistake === 'separator' || mistake === 'case';
  const patch = patchRepair(job, corrections);
  const added = mistake === null || misspelt ? addLabelRepair(job, missing, nearest, world) : [];
  // A label that every runner has, or one of the forge's own, is not worth a pool under its misspelt name.
  const isCommon =
    nearest !== null &&
    (lackedLabels([nearest], world.defaultLabels, true).length === 0 ||
      asksForHosted([nearest], knownLabels(world)));
  const deploy = mistake === null || (misspelt && !isCommon) ? deployRepair(job, world) : [];
  return reason({
    kind: 'label-missing',
    key: labelKey(missing, world),
    sentence: `No runner has ${labelsNamed(missing)}.${told}`,
    wait: `for a runner with ${labelsNamed(missing)}`,
    missing,
    nearest,
    mistake,
    evidence: [
      ...jobEvidence(job, world),
      ...presentEvidence(world),
      {
        side: 'job',
        fact: `Nobody has ${quoteAll(missing)}${mistake === null ? `, and nothing like ${them}` : ''}.`,
      },
      hereEvidence(world),
    ],
    // With a mistake, a label more is the quickest; without one, a runner of its own is the honest way.
    repairs: orRunnersPage(mistake === null ? [...deploy, ...added] : [...added, ...patch, ...deploy], world),
  });
}

function labelsApart(job: WaitingJob, world: World): WaitReason {
  const { labelsIgnoreCase } = world;
  const { runners } = knownLabels(world);
  const lacks = (labels: readonly string[]): string[] => lackedLabels(job.labels, labels, labelsIgnoreCase);
  const [closest] = runners.toSorted(
    (one, other) =>
      lacks(one.labels).length - lacks(other.labels).length || one.name.localeCompare(other.name),
  );
  const missing = closest ? lacks(closest.labels) : [];
  return reason({
    kind: 'labels-apart',
    key: labelKey(job.labels, world),
    sentence: `No single runner has all of ${quoteAll(job.labels)}; ${closest?.name} comes closest and lacks ${quoteAll(missing)}.`,
    wait: `for one runner with all of ${quoteAll(job.labels)}`,
    missing,
    evidence: [
      ...jobEvidence(job, world),
      ...presentEvidence(world),
      ...missing.map((label): Evidence => {
        const having = runners.filter(
          (runner) => lackedLabels([label], runner.labels, labelsIgnoreCase).length === 0,
        );
        return { side: 'forge', fact: `${quote(label)} is on ${nameAll(having.map(({ name }) => name))}.` };
      }),
      hereEvidence(world),
    ],
    repairs: orRunnersPage(
      [
        ...(areGivable(missing, world) ? addLabelRepair(job, job.labels, null, world) : []),
        ...deployRepair(job, world),
      ],
      world,
    ),
  });
}

/** The last runner with these labels has left not long ago. */
export function departedReason(job: WaitingJob, world: World): WaitReason | null {
  const left = world.departed
    .filter(({ labels }) => lackedLabels(job.labels, labels, world.labelsIgnoreCase).length === 0)
    .toSorted((one, other) => other.at - one.at)[0];
  if (!left || job.labels.length === 0) return null;
  return reason({
    kind: 'offline',
    key: labelKey(job.labels, world),
    sentence: `${left.name}, the last runner with ${labelsNamed(job.labels)}, left at ${sayTime(left.at, world.now)}: ${ended(left.cause)}`,
    wait: `for a runner with ${labelsNamed(job.labels)}, which has left`,
    missing: [],
    evidence: [
      ...jobEvidence(job, world),
      { side: 'here', fact: `${left.name} had ${quoteAll(left.labels)} and left: ${ended(left.cause)}` },
      ...presentEvidence(world),
    ],
    repairs: deployRepair(job, world),
  });
}
