import { expect, test } from 'vitest';
import type { Verdict } from '../../shared/model.ts';
import { type JobFacts, judge } from './verdict.ts';

const minutes = 60_000;
const megabyte = 1024 ** 2;

/** A test that failed on a healthy runner. */
const plain: JobFacts = {
  result: 'Failed',
  stoppedHere: false,
  interrupted: false,
  listenerEnd: null,
  deregistered: false,
  worker: { exitCode: 102, cancelSent: false, noSpace: false, unreported: false },
  hostRestarted: false,
  killedForMemory: false,
  memoryKills: 0,
  freeBytes: 50_000 * megabyte,
  disconnectedMs: 0,
  forgeConclusion: null,
};
type Change = Partial<Omit<JobFacts, 'worker'>> & { worker?: Partial<JobFacts['worker']> };
const facts = ({ worker, ...change }: Change): JobFacts => ({
  ...plain,
  ...change,
  worker: { ...plain.worker, ...worker },
});
const crashed = { worker: { exitCode: 137 } } satisfies Change;
const lost = { result: 'Lost', listenerEnd: { code: 137 }, worker: { exitCode: null } } satisfies Change;
const cancelled = { result: 'Canceled', worker: { exitCode: 103, cancelSent: true } } satisfies Change;

const cases: [what: string, change: Change, cause: Verdict['cause'] | null][] = [
  ['a test that failed', {}, null],
  ['a test that failed, seen by the forge', { forgeConclusion: 'failure' }, null],
  ['a test that failed, of which no log is left', { worker: { exitCode: null } }, null],
  ['a test that failed while others died for memory', { memoryKills: 3 }, null],
  ['a test that failed on a rather full disk', { freeBytes: 5 * megabyte }, null],
  [
    'a test that failed during a short outage',
    { disconnectedMs: 3 * minutes, forgeConclusion: 'failure' },
    null,
  ],
  ['a test that failed before its drained runner stopped', { stoppedHere: true }, null],
  ['a test that failed before the host restarted', { hostRestarted: true }, null],
  ['a test that failed before the registration went', { deregistered: true }, null],
  ['a success', { result: 'Succeeded', worker: { exitCode: 100 } }, null],
  ['a success with a full disk', { result: 'Succeeded', freeBytes: 0, worker: { noSpace: true } }, null],
  ['a success on a runner that is stopped now', { result: 'SucceededWithIssues', stoppedHere: true }, null],
  ['a skipped job', { result: 'Skipped' }, null],
  ['a job cancelled on the forge', cancelled, null],
  [
    'a cancelled job whose worker had to be killed',
    { ...cancelled, worker: { exitCode: 137, cancelSent: true } },
    null,
  ],
  ['a job cancelled on the forge, said by it', { ...lost, forgeConclusion: 'cancelled' }, null],
  ['a job over its time limit', { result: 'Canceled', worker: { exitCode: 103, cancelSent: false } }, null],
  ['a job cancelled on the forge with force', { result: 'Abandoned', forgeConclusion: 'cancelled' }, null],
  ['an abandoned job of which nothing is known', { result: 'Abandoned' }, null],

  ['a worker that was killed', crashed, 'worker-died'],
  ['a worker that crashed', { worker: { exitCode: 139 } }, 'worker-died'],
  ['a worker that gave up', { worker: { exitCode: 1 } }, 'worker-died'],
  ['a worker killed for memory, by name', { ...crashed, killedForMemory: true }, 'out-of-memory'],
  ['a worker killed while its group was killed in', { ...crashed, memoryKills: 1 }, 'out-of-memory'],
  [
    'a worker that crashed while its group was killed in',
    { worker: { exitCode: 139 }, memoryKills: 1 },
    'worker-died',
  ],
  ['a step’s process killed for memory, by name', { killedForMemory: true }, 'out-of-memory'],
  ['a listener killed for memory', { ...lost, memoryKills: 1 }, 'out-of-memory'],
  [
    'a worker told by a guard of the memory to end',
    { result: 'Canceled', worker: { exitCode: 103 }, killedForMemory: true },
    'out-of-memory',
  ],
  ['a worker that met a full disk', { worker: { exitCode: 134, noSpace: true } }, 'disk-full'],
  [
    'a worker that could not tell the forge how the job ended',
    { worker: { exitCode: 1, unreported: true } },
    'connection-lost',
  ],
  ['a worker that told the forge at last', { worker: { exitCode: 102, unreported: true } }, null],
  ['a worker that could not write its end', { worker: { noSpace: true } }, 'disk-full'],
  ['a job that failed with no room at all', { freeBytes: 0 }, 'disk-full'],
  [
    'a listener that died on a full disk',
    { ...lost, listenerEnd: { code: 134 }, freeBytes: 2 * megabyte },
    'disk-full',
  ],
  ['a restart of the host', { ...lost, listenerEnd: { code: null }, hostRestarted: true }, 'host-restarted'],
  ['a shutdown of the host', { ...cancelled, interrupted: true, hostRestarted: true }, 'host-restarted'],
  ['a listener that was killed', lost, 'listener-died'],
  ['a listener of which nobody knows the end', { ...lost, listenerEnd: { code: null } }, 'listener-died'],
  ['a listener that ended by itself', { ...lost, listenerEnd: { code: 1 } }, 'listener-died'],
  ['a listener told from outside to end', { ...cancelled, interrupted: true }, 'listener-died'],
  [
    'a registration deleted meanwhile',
    { ...lost, listenerEnd: { code: 0 }, deregistered: true },
    'registration-deleted',
  ],
  [
    'an abandoned job of a forgotten runner',
    { result: 'Abandoned', deregistered: true },
    'registration-deleted',
  ],
  ['a job cut off with its registration', { ...cancelled, deregistered: true }, 'registration-deleted'],
  ['a long outage', { result: 'Abandoned', disconnectedMs: 12 * minutes }, 'connection-lost'],
  [
    'a long outage that the job survived',
    { result: 'Succeeded', disconnectedMs: 12 * minutes, forgeConclusion: 'failure' },
    'connection-lost',
  ],
  [
    'a long outage after which the forge has its result',
    { result: 'Succeeded', disconnectedMs: 12 * minutes, forgeConclusion: 'success' },
    null,
  ],
  ['a job that the forge gave up', { result: 'Abandoned', forgeConclusion: 'failure' }, 'unknown'],
  ['stop now', { ...cancelled, interrupted: true, stoppedHere: true }, 'cancelled-here'],
  [
    'stop now with a listener that had to be killed',
    { ...lost, stoppedHere: true, memoryKills: 1 },
    'cancelled-here',
  ],
  [
    'stop now that the job answered with a failure',
    { interrupted: true, stoppedHere: true },
    'cancelled-here',
  ],
];

test.each(cases)('%s', (_what, change, cause) => {
  const verdict = judge(facts(change));
  expect(verdict?.cause ?? null).toBe(cause);
  if (!verdict) return;
  expect(verdict.rerun).toBeNull();
  // What happened, then what to do.
  expect(verdict.sentence).toMatch(/^[A-Z].+[;.] .+\.$/);
});

test('the sentence names what is known', () => {
  expect(judge(facts(crashed))?.sentence).toContain('worker process was ended by SIGKILL');
  expect(judge(facts({ worker: { exitCode: 1 } }))?.sentence).toContain('ended with code 1');
  expect(judge(facts({ freeBytes: 4096 }))?.sentence).toContain('(4 kB free)');
});
