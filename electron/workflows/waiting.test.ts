import { expect, test } from 'vitest';
import { explainWait, explainWaits, type WaitRunner } from './waiting.ts';

function runner(
  name: string,
  labels: string,
  status: WaitRunner['status'] = 'online',
  busy = false,
): WaitRunner {
  return { name, labels: labels.split(' '), status, busy };
}
const linux = 'self-hosted Linux X64';
const job = (labels: string) => ({ labels: labels.split(' ') });

interface Case {
  it: string;
  labels: string;
  runners: WaitRunner[];
  alike?: number;
  kind: string;
  sentence: string;
  missing?: string[];
  nearest?: string | null;
}

const cases: Case[] = [
  {
    it: 'no runner at all',
    labels: 'self-hosted',
    runners: [],
    kind: 'no-runner',
    sentence: '1 job waits for a runner with label `self-hosted`; this repository has no runner at all.',
    missing: ['self-hosted'],
  },
  {
    it: 'a label that nobody has',
    labels: 'self-hosted gpu',
    runners: [runner('a', linux), runner('b', linux)],
    alike: 2,
    kind: 'label-missing',
    sentence: '2 jobs wait for a runner with label `gpu`; none of yours has it.',
    missing: ['gpu'],
  },
  {
    it: 'several labels that nobody has',
    labels: 'self-hosted gpu huge',
    runners: [runner('a', linux)],
    kind: 'label-missing',
    sentence: '1 job waits for a runner with labels `gpu` and `huge`; none of yours has them.',
    missing: ['gpu', 'huge'],
  },
  {
    it: 'a typo in a label',
    labels: 'self-hosted arm46',
    runners: [runner('a', 'self-hosted Linux arm64')],
    kind: 'label-missing',
    sentence: '1 job waits for a runner with label `arm46`; none of yours has it. Did you mean `arm64`?',
    missing: ['arm46'],
    nearest: 'arm64',
  },
  {
    it: 'another separator and case',
    labels: 'GPU_A100',
    runners: [runner('a', 'gpu-a100')],
    kind: 'label-missing',
    sentence:
      '1 job waits for a runner with label `GPU_A100`; none of yours has it. Did you mean `gpu-a100`?',
    missing: ['GPU_A100'],
    nearest: 'gpu-a100',
  },
  {
    it: 'labels that no single runner has together',
    labels: 'self-hosted gpu arm64',
    runners: [runner('a', 'self-hosted gpu'), runner('b', 'self-hosted arm64 gpux')],
    kind: 'label-missing',
    sentence:
      '1 job waits for one runner with all of `self-hosted`, `gpu` and `arm64`; a comes closest and lacks `arm64`.',
    missing: ['arm64'],
  },
  {
    it: 'case alone makes no difference',
    labels: 'SELF-HOSTED linux',
    runners: [runner('a', linux, 'online', true)],
    kind: 'all-busy',
    sentence:
      '1 job waits: a, the only runner that is online with labels `SELF-HOSTED` and `linux`, is busy.',
  },
  {
    it: 'all busy, one more offline',
    labels: 'self-hosted',
    runners: [
      runner('a', linux, 'online', true),
      runner('b', linux, 'online', true),
      runner('c', linux, 'offline'),
    ],
    alike: 3,
    kind: 'all-busy',
    sentence: '3 jobs wait: both runners that are online with label `self-hosted` are busy.',
  },
  {
    it: 'the only one is offline',
    labels: 'self-hosted',
    runners: [runner('a', linux, 'offline')],
    kind: 'offline',
    sentence: '1 job waits: a, the only runner with label `self-hosted`, is offline.',
  },
  {
    it: 'all offline',
    labels: 'self-hosted',
    runners: [runner('a', linux, 'offline'), runner('b', linux, 'offline')],
    kind: 'offline',
    sentence: '1 job waits: both runners with label `self-hosted` are offline.',
  },
  {
    it: 'one is on its way',
    labels: 'self-hosted',
    runners: [runner('a', linux, 'online', true), runner('b', linux, 'starting')],
    kind: 'starting',
    sentence: '1 job waits until b is ready.',
  },
  {
    it: 'many are on their way',
    labels: 'self-hosted',
    runners: ['a', 'b', 'c', 'd'].map((name) => runner(name, linux, 'starting')),
    alike: 2,
    kind: 'starting',
    sentence: '2 jobs wait until 4 runners are ready.',
  },
  {
    it: 'one is free',
    labels: 'self-hosted',
    runners: [runner('a', linux, 'online', true), runner('b', linux)],
    kind: 'unknown',
    sentence: 'b is free and should take it any moment.',
  },
  {
    it: "a runner of the forge's own",
    labels: 'ubuntu-latest',
    runners: [runner('a', linux)],
    kind: 'unknown',
    sentence: '1 job waits for a runner that the forge itself provides (`ubuntu-latest`).',
  },
  {
    it: 'a hosted name that one of ours bears',
    labels: 'ubuntu-latest',
    runners: [runner('a', 'self-hosted ubuntu-latest', 'online', true)],
    kind: 'all-busy',
    sentence: '1 job waits: a, the only runner that is online with label `ubuntu-latest`, is busy.',
  },
];

test.each(cases)('$it', ({ labels, runners, alike, kind, sentence, missing = [], nearest = null }) => {
  expect(explainWait(job(labels), runners, alike)).toEqual({ kind, missing, nearest, sentence });
});

test('jobs that ask for the same are counted in one sentence', () => {
  const queued = [job('self-hosted gpu'), job('gpu Self-Hosted'), job('self-hosted')];
  const reasons = queued.map(
    (each) => explainWaits(queued, [runner('a', linux, 'online', true)]).get(each)?.sentence,
  );
  expect(reasons[0]).toBe('2 jobs wait for a runner with label `gpu`; none of yours has it.');
  expect(reasons[1]).toBe(reasons[0]);
  expect(reasons[2]).toMatch(/^1 job waits: a/);
});
