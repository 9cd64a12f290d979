/** What comes before a job is queued at all: other jobs, an approval, a rule of its environment, its concurrency group. */
import type { RunDetail } from '../../../shared/model.ts';
import { jobEvidence, reason, runPage } from './reason.ts';
import { nameAll, quote, quoteAll, sayTime } from './wording.ts';
import type { Evidence, WaitingJob, WaitReason, World } from './world.ts';

type Gate = RunDetail['gates'][number];

/** Null for a job that is queued: then runners decide. */
export function beforeQueue(job: WaitingJob, world: World): WaitReason | null {
  if (job.needs !== null && job.needs.length > 0) return needsReason(job, job.needs);
  if (job.status === 'waiting') return environmentReason(job, world);
  if (job.status === 'pending') return concurrencyReason(job, world);
  return null;
}

function needsReason(job: WaitingJob, needs: readonly string[]): WaitReason {
  const verb = needs.length === 1 ? 'has' : 'have';
  return reason({
    kind: 'needs',
    key: `${job.runId}\n${needs.toSorted().join('\n')}`,
    sentence: `It comes after ${quoteAll(needs)}, which ${verb} not ended.`,
    wait: `for ${quoteAll(needs)} of their run`,
    evidence: [
      { side: 'job', fact: `Its workflow file says that it needs ${quoteAll(needs)}.` },
      { side: 'forge', fact: 'GitHub makes the job when those have ended.' },
    ],
    passes: true,
  });
}

function environmentReason(job: WaitingJob, world: World): WaitReason {
  const gates = job.run?.gates ?? null;
  if (gates === null) return unreadGate(job, world);
  const timer = gates.find(({ waitsUntil }) => waitsUntil !== null && waitsUntil > world.now);
  const review = gates.find(({ reviewers }) => reviewers.length > 0);
  if (review) return approvalReason(job, review, world);
  if (timer) return timerReason(job, timer, world);
  const [gate] = gates;
  return gate ? ruleReason(job, gate, world) : namelessWait(job, world);
}

function gateEvidence(job: WaitingJob, world: World, gate: Gate): Evidence[] {
  const who = gate.reviewers.length > 0 ? `Reviewers: ${nameAll(gate.reviewers)}.` : 'It names no reviewer.';
  const timer = gate.waitsUntil === null ? '' : ` Its timer ends at ${sayTime(gate.waitsUntil, world.now)}.`;
  return [
    ...jobEvidence(job, world),
    { side: 'forge', fact: `The run waits for environment ${quote(gate.environment)}. ${who}${timer}` },
  ];
}

function approvalReason(job: WaitingJob, gate: Gate, world: World): WaitReason {
  const { environment, reviewers, canApprove } = gate;
  const who = canApprove ? 'You may do that.' : `${nameAll(reviewers)} may do that.`;
  const title = canApprove ? 'Approve it on GitHub' : 'Open the approval page';
  return reason({
    kind: 'approval',
    key: `${job.runId}\n${environment}`,
    sentence: `Somebody has to approve that it runs in ${quote(environment)}. ${who}`,
    wait: `for an approval to run in ${quote(environment)}`,
    evidence: gateEvidence(job, world, gate),
    repairs: [{ kind: 'open-page', title, url: runPage(job, world) }],
  });
}

function timerReason(job: WaitingJob, gate: Gate, world: World): WaitReason {
  const until = gate.waitsUntil ?? world.now;
  return reason({
    kind: 'protection',
    key: `${job.runId}\n${gate.environment}`,
    sentence: `Its environment ${quote(gate.environment)} makes it wait until ${sayTime(until, world.now)}.`,
    wait: `for the timer of ${quote(gate.environment)}`,
    evidence: gateEvidence(job, world, gate),
    repairs: [{ kind: 'open-page', title: 'Open the run on GitHub', url: runPage(job, world) }],
    passes: true,
    changesAt: until,
  });
}

function ruleReason(job: WaitingJob, gate: Gate, world: World): WaitReason {
  return reason({
    kind: 'protection',
    key: `${job.runId}\n${gate.environment}`,
    sentence: `A rule of its environment ${quote(gate.environment)} holds it.`,
    wait: `for a rule of ${quote(gate.environment)}`,
    evidence: gateEvidence(job, world, gate),
    repairs: [{ kind: 'open-page', title: 'Open the run on GitHub', url: runPage(job, world) }],
  });
}

/** The forge calls it waiting, and what for has not been read: an approval is a rule of an environment as well. */
function unreadGate(job: WaitingJob, world: World): WaitReason {
  const environment = job.run?.environment ?? null;
  const named = environment === null ? 'its environment' : `its environment ${quote(environment)}`;
  return reason({
    kind: 'protection',
    key: String(job.runId),
    sentence: `A rule of ${named} holds it, such as an approval or a timer.`,
    wait: `for a rule of ${environment === null ? 'an environment' : quote(environment)}`,
    evidence: jobEvidence(job, world),
    repairs: [{ kind: 'open-page', title: 'Open the run on GitHub', url: runPage(job, world) }],
  });
}

function namelessWait(job: WaitingJob, world: World): WaitReason {
  return reason({
    kind: 'unknown',
    key: `gate\n${job.runId}`,
    sentence: 'GitHub holds it and does not tell this token what for.',
    wait: 'for something that GitHub does not name',
    evidence: [
      ...jobEvidence(job, world),
      { side: 'forge', fact: 'GitHub lists no environment that the run waits for.' },
    ],
    repairs: [{ kind: 'open-page', title: 'Open the run on GitHub', url: runPage(job, world) }],
  });
}

function concurrencyReason(job: WaitingJob, world: World): WaitReason {
  const group = job.run?.concurrency ?? null;
  const ahead = job.run?.ahead ?? [];
  const named = group === null ? 'its concurrency group' : `its concurrency group ${quote(group)}`;
  const [first] = ahead;
  const who = first && ahead.length === 1 ? `; “${first.name}” runs` : '';
  const url = first && ahead.length === 1 ? first.url : runPage(job, world);
  return reason({
    kind: 'concurrency',
    key: group === null || group.includes('${{') ? `${job.workflow}\n${job.runId}` : group,
    sentence: `Only one at a time may run in ${named}${who}.`,
    wait: `for ${group === null ? 'a concurrency group' : `concurrency group ${quote(group)}`}`,
    evidence: [
      ...jobEvidence(job, world),
      ...(group === null
        ? []
        : [{ side: 'job', fact: `Its workflow file names the group ${quote(group)}.` } as const]),
      ...(ahead.length === 0
        ? []
        : [
            {
              side: 'forge',
              fact: `Of its workflow, ${quoteAll(ahead.map(({ name }) => name))} runs now.`,
            } as const,
          ]),
    ],
    repairs: url === null ? [] : [{ kind: 'open-page', title: 'Open the run on GitHub', url }],
    passes: true,
  });
}
