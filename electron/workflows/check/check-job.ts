/** Who would take a job of a workflow file. Pure: the job, the runners and pools in, a verdict out. */
import { formatCount } from '../../../shared/format.ts';
import type { CheckedJob } from '../../../shared/model.ts';
import { nearest } from '../../../shared/nearest.ts';
import type { ParsedJob } from '../file/workflow-file.ts';
import { labelReason } from '../queue/label-reasons.ts';
import { asksForHosted, explainLabels, lackedLabels } from '../queue/labels.ts';
import { holdersOf, knownLabels } from '../queue/matching.ts';
import { mendLine } from '../queue/patch.ts';
import { labelsNamed, nameAll, quote } from '../queue/wording.ts';
import type { WaitingJob, World, WorldRunner } from '../queue/world.ts';

/** What a job is held against. */
export interface CheckWorld extends World {
  /** The runner groups that the token can see; null where it can see none. */
  groups: readonly { name: string; excluded: string | null; runners: readonly string[] }[] | null;
}

interface LabelSet {
  labels: string[];
  group: string | null;
}

type Verdict = CheckedJob['labelSets'][number]['verdict'];

interface Finding {
  /** `unclear`: the token cannot see what decides. */
  verdict: Verdict | 'unclear';
  sentence: string;
  nearest: string | null;
  mistake: string | null;
  /** A line of the file with what was meant in it. */
  mended: { line: number; before: string; after: string } | null;
}

const plainly = (verdict: Finding['verdict'], sentence: string): Finding => ({
  verdict,
  sentence,
  nearest: null,
  mistake: null,
  mended: null,
});

/** Names of runners that could take it, and whether they are there. */
function takenBy(runners: readonly WorldRunner[], pools: readonly { name: string }[]): string {
  const online = runners.filter(({ forge }) => forge === 'online');
  if (online.length > 0) {
    return `${nameAll(online.map(({ name }) => name))} ${online.length === 1 ? 'takes' : 'take'} it.`;
  }
  if (pools.length > 0) {
    const names = nameAll(pools.map(({ name }) => name));
    return pools.length === 1
      ? `The pool ${names} has runners for it.`
      : `The pools ${names} have runners for it.`;
  }
  const names = nameAll(runners.map(({ name }) => name));
  return runners.length === 1
    ? `${names} has its labels, but is offline now.`
    : `${names} have its labels, but are offline now.`;
}

/** A job as the queue's own reasons take it. */
function asWaiting(labels: readonly string[], world: World): WaitingJob {
  return {
    ...{ name: '', workflow: '', workflowPath: null, runId: 0, isMade: true, status: 'queued', url: null },
    ...{ alike: 1, needs: null, run: null, runsOn: null, editUrl: null },
    labels,
    queuedAt: world.now,
  };
}

function nobody(set: LabelSet, job: ParsedJob, lines: readonly string[], world: CheckWorld): Finding {
  const known = knownLabels(world);
  const reason = labelReason(asWaiting(set.labels, world), world);
  const [correction] = explainLabels(set.labels, known).corrections;
  const word = correction && job.words.find(({ text }) => text.trim() === correction.label.trim());
  const before = word && lines[word.line - 1];
  const after = before === undefined || !correction ? null : mendLine(before, correction);
  const mended = word && before !== undefined && after !== null ? { line: word.line, before, after } : null;
  // An organisation gives its larger runners names of its own, and no token of a repository can list them.
  const mayBeLarger =
    known.offersHosted && set.labels.length === 1 && reason.mistake === null && world.groups !== null;
  const larger = mayBeLarger ? ' Only a larger runner that your organisation named so could take it.' : '';
  return {
    verdict: 'nobody',
    sentence: `${reason.sentence}${larger}`,
    nearest: reason.nearest,
    mistake: reason.mistake,
    mended,
  };
}

function judgeGroup(set: LabelSet, group: string, world: CheckWorld): Finding {
  const { groups, labelsIgnoreCase } = world;
  if (groups === null) {
    return plainly(
      'unclear',
      `The token cannot see the runner group ${quote(group)}: who takes it is not known.`,
    );
  }
  const found = groups.find(({ name }) => name.toLowerCase() === group.toLowerCase());
  if (!found) {
    const meant = nearest(
      group,
      groups.map(({ name }) => name),
    );
    const hint = meant === null ? '' : ` ${quote(meant)} exists and was probably meant.`;
    return {
      ...plainly(
        'nobody',
        `There is no runner group ${quote(group)} for ${world.repository.fullName}.${hint}`,
      ),
      nearest: meant,
      mistake: meant === null ? null : 'typo',
    };
  }
  if (found.excluded !== null) return plainly('nobody', found.excluded);
  const members = world.runners.filter(({ name }) => found.runners.includes(name));
  if (members.length === 0) {
    const sentence = `The runner group ${quote(found.name)} lists no runner; it may have larger runners of GitHub's.`;
    return plainly('unclear', sentence);
  }
  const fitting = holdersOf(set.labels, members, { labelsIgnoreCase });
  if (fitting.length > 0) return plainly('ours', takenBy(fitting, []));
  const lacked = lackedLabels(
    set.labels,
    members.flatMap(({ labels }) => labels),
    labelsIgnoreCase,
  );
  const what = lacked.length > 0 ? labelsNamed(lacked) : `all of ${labelsNamed(set.labels)}`;
  return plainly('nobody', `No runner of the group ${quote(found.name)} has ${what}.`);
}

function judge(set: LabelSet, job: ParsedJob, lines: readonly string[], world: CheckWorld): Finding {
  if (set.group !== null) return judgeGroup(set, set.group, world);
  if (asksForHosted(set.labels, knownLabels(world))) {
    return plainly('hosted', `GitHub's own runners with ${labelsNamed(set.labels)} take it.`);
  }
  const fitting = holdersOf(set.labels, world.runners, world);
  const serving = fitting.filter(({ excluded }) => excluded === null);
  const pools = holdersOf(set.labels, world.pools, world);
  if (serving.length > 0 || pools.length > 0) return plainly('ours', takenBy(serving, pools));
  const [shut] = fitting;
  if (shut) return plainly('nobody', `${shut.name} has its labels, but: ${shut.excluded}`);
  return nobody(set, job, lines, world);
}

/** One finding for all that a matrix makes of a job: the worst decides, and it is told how many there are. */
function summed(findings: readonly Finding[]): Finding {
  const of = (verdict: Finding['verdict']): Finding[] => findings.filter((each) => each.verdict === verdict);
  const hanging = of('nobody');
  const [worst] = [...hanging, ...of('unclear'), ...of('ours'), ...findings];
  if (!worst) return plainly('unclear', 'Its matrix has no combination.');
  if (findings.length === 1) return worst;
  const all = formatCount(findings.length, 'set');
  if (hanging.length > 0) {
    const wait = hanging.length === 1 ? 'waits' : 'wait';
    return {
      ...worst,
      sentence: `${hanging.length} of its ${all} of labels ${wait} in vain. ${worst.sentence}`,
    };
  }
  const [own, hosted] = [of('ours').length, of('hosted').length];
  if (worst.verdict === 'unclear') return worst;
  if (own === 0) return { ...worst, sentence: `GitHub's own runners take all ${all} of labels it asks for.` };
  const rest = hosted === 0 ? '' : ` and GitHub's ${hosted}`;
  return { ...worst, sentence: `Your runners take ${own}${rest} of the ${all} of labels it asks for.` };
}

/**
 * Says who takes a job.
 * @param lines of its file, for the one that would mend it
 */
export function checkJob(job: ParsedJob, lines: readonly string[], world: CheckWorld): CheckedJob {
  const { key, runsOn, uses } = job;
  const plain = { key, line: runsOn.line, labelSets: [], nearest: null, mistake: null, patch: null };
  switch (runsOn.kind) {
    case 'reusable':
      return { ...plain, verdict: 'reusable', sentence: `The workflow ${quote(uses ?? '')} decides.` };
    case 'dynamic':
      return {
        ...plain,
        verdict: 'dynamic',
        sentence: `Only a run tells: ${quote(runsOn.expression)} decides.`,
      };
    case 'invalid':
      return { ...plain, verdict: 'invalid', sentence: runsOn.message };
    case 'labels':
      break;
  }
  const found = runsOn.sets.map((set) => ({ set, finding: judge(set, job, lines, world) }));
  const { verdict, sentence, mended, ...what } = summed(found.map(({ finding }) => finding));
  const place = mended && mended.line !== runsOn.line ? ` It stands in line ${mended.line}.` : '';
  return {
    ...plain,
    ...what,
    verdict: verdict === 'unclear' ? 'dynamic' : verdict,
    labelSets: found.flatMap(({ set, finding }) =>
      finding.verdict === 'unclear' ? [] : [{ ...set, verdict: finding.verdict }],
    ),
    sentence: `${sentence}${place}`,
    patch: mended && { before: mended.before, after: mended.after },
  };
}
