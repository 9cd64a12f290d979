/** Jobs that wait for the forge: its rules before the queue, its own runners, its trouble, a job that it gives nobody. */
import { expect, test } from 'vitest';
import type { Repair, WaitKind } from '../../../shared/model.ts';
import type { ForgeStatus } from '../../forges/forge.ts';
import { diagnose } from './diagnose.ts';
import { at, foreign, job, linux, manual, own, pool, world } from './testing.ts';
import type { RunFacts, WaitingJob, World } from './world.ts';

interface Case {
  name: string;
  job: WaitingJob;
  world: Partial<World>;
  kind: WaitKind;
  repairs: Repair['kind'][];
  sentence: string;
}

/** A text that only a run resolves. */
const expression = ['$', '{{ github.ref }}'].join('');
const gpu = [...linux, 'gpu'];
const waiting = job(['self-hosted', 'gpu']);
const run = (over: Partial<RunFacts>): RunFacts => ({
  gates: null,
  environment: null,
  concurrency: null,
  ahead: [],
  ...over,
});
const gate = (over: Partial<NonNullable<RunFacts['gates']>[number]>) => ({
  environment: 'production',
  reviewers: [],
  canApprove: false,
  waitsUntil: null,
  ...over,
});
const held = (facts: Partial<RunFacts> | null) => job(linux, { status: 'waiting', run: facts && run(facts) });
const pending = (facts: Partial<RunFacts> | null) =>
  job(linux, { status: 'pending', run: facts && run(facts) });
const status = (
  actions: ForgeStatus['actions'],
  incident: string | null = 'Delayed jobs',
): { status: ForgeStatus } => ({ status: { actions, incident, url: 'https://www.githubstatus.com' } });

const cases: Case[] = [
  {
    name: 'one job comes first',
    job: job(linux, { status: 'waiting', needs: ['build'], isMade: false }),
    world: {},
    kind: 'needs',
    repairs: [],
    sentence: 'It comes after `build`, which has not ended.',
  },
  {
    name: 'two jobs come first',
    job: job(linux, { status: 'waiting', needs: ['build', 'lint'], isMade: false }),
    world: {},
    kind: 'needs',
    repairs: [],
    sentence: 'It comes after `build` and `lint`, which have not ended.',
  },
  {
    name: 'an approval by others',
    job: held({ gates: [gate({ reviewers: ['mona', 'release'] })] }),
    world: {},
    kind: 'approval',
    repairs: ['open-page'],
    sentence: 'Somebody has to approve that it runs in `production`. mona and release may do that.',
  },
  {
    name: 'an approval by the owner of the token',
    job: held({ gates: [gate({ reviewers: ['mona'], canApprove: true })] }),
    world: {},
    kind: 'approval',
    repairs: ['open-page'],
    sentence: 'Somebody has to approve that it runs in `production`. You may do that.',
  },
  {
    name: 'an approval and a timer',
    job: held({
      gates: [gate({ waitsUntil: at(15, 0) }), gate({ environment: 'staging', reviewers: ['mona'] })],
    }),
    world: {},
    kind: 'approval',
    repairs: ['open-page'],
    sentence: 'Somebody has to approve that it runs in `staging`. mona may do that.',
  },
  {
    name: 'a timer',
    job: held({ gates: [gate({ waitsUntil: at(15, 0) })] }),
    world: {},
    kind: 'protection',
    repairs: ['open-page'],
    sentence: 'Its environment `production` makes it wait until 15:00.',
  },
  {
    name: 'another rule',
    job: held({ gates: [gate({})] }),
    world: {},
    kind: 'protection',
    repairs: ['open-page'],
    sentence: 'A rule of its environment `production` holds it.',
  },
  {
    name: 'a rule that nobody has asked about',
    job: held(null),
    world: {},
    kind: 'protection',
    repairs: ['open-page'],
    sentence: 'A rule of its environment holds it, such as an approval or a timer.',
  },
  {
    name: 'a rule of a known environment that nobody has asked about',
    job: held({ environment: 'production' }),
    world: {},
    kind: 'protection',
    repairs: ['open-page'],
    sentence: 'A rule of its environment `production` holds it, such as an approval or a timer.',
  },
  {
    name: 'something that the forge does not name',
    job: held({ gates: [] }),
    world: {},
    kind: 'unknown',
    repairs: ['open-page'],
    sentence: 'GitHub holds it and does not tell this token what for.',
  },
  {
    name: 'a concurrency group',
    job: pending({ concurrency: 'deploy' }),
    world: {},
    kind: 'concurrency',
    repairs: ['open-page'],
    sentence: 'Only one at a time may run in its concurrency group `deploy`.',
  },
  {
    name: 'a concurrency group with the run that has it',
    job: pending({ concurrency: 'deploy', ahead: [{ name: 'Deploy', url: 'https://x' }] }),
    world: {},
    kind: 'concurrency',
    repairs: ['open-page'],
    sentence: 'Only one at a time may run in its concurrency group `deploy`; “Deploy” runs.',
  },
  {
    name: 'a concurrency group that is not known',
    job: pending(null),
    world: {},
    kind: 'concurrency',
    repairs: ['open-page'],
    sentence: 'Only one at a time may run in its concurrency group.',
  },
  {
    name: 'a concurrency group that a run resolves',
    job: pending({ concurrency: expression }),
    world: {},
    kind: 'concurrency',
    repairs: ['open-page'],
    sentence: `Only one at a time may run in its concurrency group \`${expression}\`.`,
  },
  {
    name: 'a hosted runner in a moment',
    job: job(['ubuntu-latest'], { queuedAt: at(14, 29) }),
    world: {},
    kind: 'hosted',
    repairs: [],
    sentence: 'GitHub is starting one of its own runners with label `ubuntu-latest`.',
  },
  {
    name: 'a hosted runner for long',
    job: job(['ubuntu-latest']),
    world: {},
    kind: 'hosted',
    repairs: [],
    sentence:
      'GitHub has not given it one of its own runners with label `ubuntu-latest`; an account may only have so many at a time.',
  },
  {
    name: 'a hosted runner in an outage',
    job: job(['ubuntu-latest']),
    world: status('down'),
    kind: 'outage',
    repairs: ['open-page'],
    sentence: 'GitHub says that jobs do not start there (“Delayed jobs”).',
  },
  {
    name: 'an own runner with a hosted name',
    job: job(['ubuntu-latest'], { queuedAt: at(14, 30) }),
    world: { runners: [foreign('box-1', [...linux, 'ubuntu-latest'])] },
    kind: 'dispatching',
    repairs: [],
    sentence: 'box-1 is idle and should take it any moment.',
  },
  {
    name: 'an idle runner, just now',
    job: job(['self-hosted', 'gpu'], { queuedAt: at(14, 30) }),
    world: { runners: [foreign('box-1', gpu)] },
    kind: 'dispatching',
    repairs: [],
    sentence: 'box-1 is idle and should take it any moment.',
  },
  {
    name: 'an idle runner since a moment',
    job: waiting,
    world: { runners: [foreign('box-1', gpu, { since: at(14, 30) })] },
    kind: 'dispatching',
    repairs: [],
    sentence: 'box-1 is idle and should take it any moment.',
  },
  {
    name: 'an idle runner, and the forge not asked since',
    job: waiting,
    world: { seenAt: at(14, 20), runners: [foreign('box-1', gpu)] },
    kind: 'dispatching',
    repairs: [],
    sentence: 'box-1 is idle and should take it any moment.',
  },
  {
    name: 'an idle runner for long',
    job: waiting,
    world: { runners: [foreign('box-1', gpu)] },
    kind: 'stalled',
    repairs: ['open-page', 'open-page'],
    sentence: 'box-1 is idle and fits, and GitHub does not give it the job since 14:20.',
  },
  {
    name: 'our idle runner for long',
    job: waiting,
    world: { runners: [own('arm-1', gpu, 'idle')], pools: [pool('arm', ['gpu'], manual)] },
    kind: 'stalled',
    repairs: ['restart-runner', 'open-page', 'open-page'],
    sentence: 'arm-1 is idle and fits, and GitHub does not give it the job since 14:20.',
  },
  {
    name: 'two idle runners for long',
    job: waiting,
    world: { runners: [foreign('box-1', gpu), own('arm-1', gpu, 'idle')] },
    kind: 'stalled',
    repairs: ['restart-runner', 'open-page', 'open-page'],
    sentence: 'box-1 and arm-1 are idle and fit, and GitHub does not give it the job since 14:20.',
  },
  {
    name: 'our idle runner that the forge calls busy',
    job: waiting,
    world: { runners: [{ ...own('arm-1', gpu, 'idle'), busyOnForge: true }] },
    kind: 'stalled',
    repairs: ['restart-runner', 'open-page', 'open-page'],
    sentence: 'arm-1 is idle and fits, and GitHub does not give it the job since 14:20.',
  },
  {
    name: 'an idle runner in an outage',
    job: waiting,
    world: { ...status('degraded'), runners: [foreign('box-1', gpu)] },
    kind: 'outage',
    repairs: ['open-page'],
    sentence: 'GitHub says that jobs start late there (“Delayed jobs”).',
  },
  {
    name: 'our runners cut off in an outage',
    job: waiting,
    world: {
      ...status('down', null),
      runners: [own('arm-1', gpu, 'reconnecting')],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'outage',
    repairs: ['open-page'],
    sentence: 'GitHub says that jobs do not start there.',
  },
  {
    name: 'busy runners in an outage',
    job: waiting,
    world: { ...status('down'), runners: [foreign('box-1', gpu, { busyOnForge: true, since: at(14, 1) })] },
    kind: 'all-busy',
    repairs: ['deploy'],
    sentence: 'box-1 (since 14:01) is busy; no other runner with labels `self-hosted` and `gpu` is online.',
  },
  {
    name: 'a missing label in an outage',
    job: job(['self-hosted', 'tpu-v5']),
    world: { ...status('down'), runners: [foreign('box-1', gpu)] },
    kind: 'label-missing',
    repairs: ['deploy'],
    sentence: 'No runner has label `tpu-v5`.',
  },
  {
    name: 'the forge cannot be asked',
    job: waiting,
    world: { seenAt: at(14, 10), trouble: 'The network does not answer', runners: [foreign('box-1', gpu)] },
    kind: 'unknown',
    repairs: ['open-screen'],
    sentence: 'GitHub cannot be asked since 14:10: The network does not answer.',
  },
  {
    name: 'the forge cannot be asked, and nobody has the label',
    job: job(['tpu-v5']),
    world: { trouble: 'The network does not answer', runners: [foreign('box-1', gpu)] },
    kind: 'label-missing',
    repairs: ['deploy'],
    sentence: 'No runner has label `tpu-v5`.',
  },
  {
    name: 'a run without jobs, just now',
    job: job([], { isMade: false, queuedAt: at(14, 30) }),
    world: {},
    kind: 'dispatching',
    repairs: [],
    sentence: 'GitHub is making its jobs.',
  },
  {
    name: 'a run without jobs for long',
    job: job([], { isMade: false }),
    world: {},
    kind: 'unknown',
    repairs: ['open-page'],
    sentence: 'GitHub has made no job of this run yet.',
  },
  {
    name: 'a run without jobs in an outage',
    job: job([], { isMade: false }),
    world: status('down'),
    kind: 'outage',
    repairs: ['open-page'],
    sentence: 'GitHub says that jobs do not start there (“Delayed jobs”).',
  },
  {
    name: 'a job without labels',
    job: job([]),
    world: { runners: [foreign('box-1', gpu)] },
    kind: 'unknown',
    repairs: ['open-page'],
    sentence: 'GitHub does not tell which labels it asks for; it may name only a runner group.',
  },
  {
    name: 'near its end',
    job: job(['tpu-v5'], { queuedAt: at(16, 0) - 24 * 3_600_000 }),
    world: { runners: [foreign('box-1', gpu)] },
    kind: 'label-missing',
    repairs: ['deploy'],
    sentence: 'No runner has label `tpu-v5`. It fails at 16:00, after a day of waiting.',
  },
  {
    name: 'past its end',
    job: job(['tpu-v5'], { queuedAt: at(14, 0) - 24 * 3_600_000 }),
    world: { runners: [foreign('box-1', gpu)] },
    kind: 'label-missing',
    repairs: ['deploy'],
    sentence: 'No runner has label `tpu-v5`. It has waited for a day, after which GitHub lets it fail.',
  },
];

test.each(cases)('$name', ({ job: one, world: around, kind, repairs, sentence }) => {
  const found = diagnose(one, world(around));
  expect({
    kind: found.kind,
    repairs: found.repairs.map((repair) => repair.kind),
    sentence: found.sentence,
  }).toEqual({ kind, repairs, sentence });
});
