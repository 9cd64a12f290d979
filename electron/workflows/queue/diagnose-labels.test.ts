/** Jobs whose labels are the trouble: what is missing, what was meant, what helps. */
import { expect, test } from 'vitest';
import type { LabelMistake, Repair, WaitKind } from '../../../shared/model.ts';
import { diagnose } from './diagnose.ts';
import { at, foreign, job, linux, manual, own, pool, world } from './testing.ts';
import type { WaitingJob, World } from './world.ts';

interface Case {
  name: string;
  job: WaitingJob;
  world: Partial<World>;
  kind: WaitKind;
  missing?: string[];
  nearest?: string;
  mistake?: LabelMistake;
  repairs: Repair['kind'][];
  sentence: string;
}

const gpuRunner = foreign('box-1', [...linux, 'gpu']);
const gpuPool = pool('arm', ['gpu']);

const cases: Case[] = [
  {
    name: 'nobody at all',
    job: job([...linux, 'gpu']),
    world: {},
    kind: 'no-runner',
    missing: [...linux, 'gpu'],
    repairs: ['deploy', 'open-page'],
    sentence:
      'octo/forge has no runner at all; it asks for one with labels `self-hosted`, `Linux`, `ARM64` and `gpu`.',
  },
  {
    name: 'nobody at all, and another machine is asked for',
    job: job(['self-hosted', 'Windows']),
    world: {},
    kind: 'no-runner',
    missing: ['self-hosted', 'Windows'],
    repairs: ['open-page'],
    sentence: 'octo/forge has no runner at all; it asks for one with labels `self-hosted` and `Windows`.',
  },
  {
    name: 'nobody at all, on a host that cannot have runners',
    job: job(linux),
    world: { canDeploy: false },
    kind: 'no-runner',
    missing: linux,
    repairs: ['open-page'],
    sentence:
      'octo/forge has no runner at all; it asks for one with labels `self-hosted`, `Linux` and `ARM64`.',
  },
  {
    name: 'nobody at all, and a joined string',
    job: job(['self-hosted, gpu']),
    world: {},
    kind: 'label-missing',
    missing: ['self-hosted, gpu'],
    mistake: 'joined',
    repairs: ['patch'],
    sentence:
      'No runner has label `self-hosted, gpu`. That is one string; `self-hosted` and `gpu` must be a list.',
  },
  {
    name: 'nobody at all, and a version never offered',
    job: job(['ubuntu-25.04']),
    world: {},
    kind: 'label-missing',
    missing: ['ubuntu-25.04'],
    nearest: 'ubuntu-24.04',
    mistake: 'hosted-name',
    repairs: ['patch'],
    sentence:
      'No runner has label `ubuntu-25.04`. `ubuntu-25.04` was never offered by GitHub; `ubuntu-24.04` comes closest.',
  },
  {
    name: 'a typo, of a pool of ours',
    job: job([...linux, 'gppu']),
    world: { pools: [gpuPool] },
    kind: 'label-missing',
    missing: ['gppu'],
    nearest: 'gpu',
    mistake: 'typo',
    repairs: ['add-label', 'patch', 'deploy'],
    sentence: 'No runner has label `gppu`. `gpu` exists and was probably meant.',
  },
  {
    name: 'a typo, of a runner of somebody else',
    job: job([...linux, 'gppu']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['gppu'],
    nearest: 'gpu',
    mistake: 'typo',
    repairs: ['patch', 'deploy'],
    sentence: 'No runner has label `gppu`. `gpu` exists and was probably meant.',
  },
  {
    name: 'a typo, while the pool with the label lacks another',
    job: job([...linux, 'cuda', 'gppu']),
    world: { pools: [gpuPool, pool('big', ['cuda'])] },
    kind: 'label-missing',
    missing: ['gppu'],
    nearest: 'gpu',
    mistake: 'typo',
    repairs: ['add-label', 'patch', 'deploy'],
    sentence: 'No runner has label `gppu`. `gpu` exists and was probably meant.',
  },
  {
    name: 'two letters swapped',
    job: job(['self-hosted', 'lniux']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['lniux'],
    nearest: 'Linux',
    mistake: 'typo',
    repairs: ['patch'],
    sentence: 'No runner has label `lniux`. `Linux` exists and was probably meant.',
  },
  {
    name: 'an underscore for a hyphen',
    job: job([...linux, 'gpu_a100']),
    world: { pools: [pool('arm', ['gpu-a100'])] },
    kind: 'label-missing',
    missing: ['gpu_a100'],
    nearest: 'gpu-a100',
    mistake: 'separator',
    repairs: ['add-label', 'patch', 'deploy'],
    sentence: 'No runner has label `gpu_a100`. `gpu-a100` exists: only a separator differs.',
  },
  {
    name: 'self-hosted in one word',
    job: job(['selfhosted', 'gpu']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['selfhosted'],
    nearest: 'self-hosted',
    mistake: 'separator',
    repairs: ['patch'],
    sentence: 'No runner has label `selfhosted`. `self-hosted` exists: only a separator differs.',
  },
  {
    name: 'another case, where the forge tells them apart',
    job: job(['self-hosted', 'GPU']),
    world: { runners: [gpuRunner], labelsIgnoreCase: false },
    kind: 'label-missing',
    missing: ['GPU'],
    nearest: 'gpu',
    mistake: 'case',
    repairs: ['patch', 'deploy'],
    sentence: 'No runner has label `GPU`. Only its case differs from `gpu`.',
  },
  {
    name: 'another case, where it does not',
    job: job(['SELF-HOSTED', 'GPU']),
    world: { runners: [gpuRunner], seenAt: at(14, 20) },
    kind: 'dispatching',
    repairs: [],
    sentence: 'box-1 is idle and should take it any moment.',
  },
  {
    name: 'a joined string beside runners',
    job: job(['self-hosted, linux, gpu']),
    world: { runners: [gpuRunner], pools: [gpuPool] },
    kind: 'label-missing',
    missing: ['self-hosted, linux, gpu'],
    mistake: 'joined',
    repairs: ['patch'],
    sentence:
      'No runner has label `self-hosted, linux, gpu`. That is one string; `self-hosted`, `linux` and `gpu` must be a list.',
  },
  {
    name: 'a list that became a string',
    job: job(['[self-hosted, gpu]']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['[self-hosted, gpu]'],
    mistake: 'joined',
    repairs: ['patch'],
    sentence:
      'No runner has label `[self-hosted, gpu]`. That is one string; `self-hosted` and `gpu` must be a list.',
  },
  {
    name: 'labels with a space between',
    job: job(['self-hosted gpu']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['self-hosted gpu'],
    mistake: 'joined',
    repairs: ['patch'],
    sentence:
      'No runner has label `self-hosted gpu`. That is one string; `self-hosted` and `gpu` must be a list.',
  },
  {
    name: 'the name of a runner',
    job: job(['box-1']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['box-1'],
    mistake: 'runner-name',
    repairs: ['patch'],
    sentence:
      'No runner has label `box-1`. That is the name of a runner or pool, not a label; it has `self-hosted`, `Linux`, `ARM64` and `gpu`.',
  },
  {
    name: 'the name of a runner beside self-hosted',
    job: job(['self-hosted', 'BOX-1']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['BOX-1'],
    mistake: 'runner-name',
    repairs: ['patch'],
    sentence:
      'No runner has label `BOX-1`. That is the name of a runner or pool, not a label; it has `self-hosted`, `Linux`, `ARM64` and `gpu`.',
  },
  {
    name: 'the name of a pool',
    job: job(['arm']),
    world: { pools: [gpuPool] },
    kind: 'label-missing',
    missing: ['arm'],
    mistake: 'runner-name',
    repairs: ['patch'],
    sentence:
      'No runner has label `arm`. That is the name of a runner or pool, not a label; it has `self-hosted`, `Linux`, `ARM64` and `gpu`.',
  },
  {
    name: 'a version that is gone',
    job: job(['ubuntu-20.04']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['ubuntu-20.04'],
    nearest: 'ubuntu-22.04',
    mistake: 'hosted-name',
    repairs: ['patch'],
    sentence:
      'No runner has label `ubuntu-20.04`. `ubuntu-20.04` is not offered by GitHub any more; `ubuntu-22.04` comes closest.',
  },
  {
    name: 'a version whose end has come',
    job: job(['macos-14']),
    world: {},
    kind: 'label-missing',
    missing: ['macos-14'],
    nearest: 'macos-15',
    mistake: 'hosted-name',
    repairs: ['patch'],
    sentence:
      'No runner has label `macos-14`. `macos-14` is not offered by GitHub any more; `macos-15` comes closest.',
  },
  {
    name: 'a version to come',
    job: job(['windows-2028']),
    world: {},
    kind: 'label-missing',
    missing: ['windows-2028'],
    nearest: 'windows-2025',
    mistake: 'hosted-name',
    repairs: ['patch'],
    sentence:
      'No runner has label `windows-2028`. `windows-2028` was never offered by GitHub; `windows-2025` comes closest.',
  },
  {
    name: 'a hosted name misspelt',
    job: job(['ubunut-latest']),
    world: {},
    kind: 'label-missing',
    missing: ['ubunut-latest'],
    nearest: 'ubuntu-latest',
    mistake: 'typo',
    repairs: ['patch'],
    sentence: 'No runner has label `ubunut-latest`. `ubuntu-latest` exists and was probably meant.',
  },
  {
    name: 'a hosted name on a server that has none',
    job: job(['ubuntu-latest']),
    world: { offersHosted: false, runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['ubuntu-latest'],
    repairs: ['deploy'],
    sentence: 'No runner has label `ubuntu-latest`.',
  },
  {
    name: 'a hosted name beside another label',
    job: job(['ubuntu-latest', 'gpu']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['ubuntu-latest'],
    repairs: ['deploy'],
    sentence:
      "No runner has label `ubuntu-latest`. GitHub's own `ubuntu-latest` takes only jobs that ask for nothing else.",
  },
  {
    name: 'nothing alike, and a pool that has all others',
    job: job([...linux, 'tpu-v5']),
    world: { pools: [gpuPool], runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['tpu-v5'],
    repairs: ['deploy', 'add-label'],
    sentence: 'No runner has label `tpu-v5`.',
  },
  {
    name: 'nothing alike, and of two pools the smaller fits',
    job: job([...linux, 'tpu-v5']),
    world: { pools: [pool('big', ['gpu', 'cuda']), pool('small', [])] },
    kind: 'label-missing',
    missing: ['tpu-v5'],
    repairs: ['deploy', 'add-label'],
    sentence: 'No runner has label `tpu-v5`.',
  },
  {
    name: 'another operating system',
    job: job(['self-hosted', 'macOS']),
    world: { pools: [gpuPool] },
    kind: 'label-missing',
    missing: ['macOS'],
    repairs: ['open-page'],
    sentence: 'No runner has label `macOS`.',
  },
  {
    name: 'another processor',
    job: job(['self-hosted', 'Linux', 'X64']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['X64'],
    repairs: ['open-page'],
    sentence: 'No runner has label `X64`.',
  },
  {
    name: 'two labels missing',
    job: job(['self-hosted', 'tpu-v5', 'huge']),
    world: { pools: [gpuPool] },
    kind: 'label-missing',
    missing: ['tpu-v5', 'huge'],
    repairs: ['deploy', 'add-label'],
    sentence: 'No runner has labels `tpu-v5` and `huge`.',
  },
  {
    name: 'labels on two runners of others',
    job: job(['self-hosted', 'gpu', 'huge']),
    world: { runners: [gpuRunner, foreign('box-2', [...linux, 'huge', 'ssd'])] },
    kind: 'labels-apart',
    missing: ['huge'],
    repairs: ['deploy'],
    sentence:
      'No single runner has all of `self-hosted`, `gpu` and `huge`; box-1 comes closest and lacks `huge`.',
  },
  {
    name: 'labels on two pools',
    job: job(['gpu', 'huge']),
    world: { pools: [gpuPool, pool('big', ['huge'])] },
    kind: 'labels-apart',
    missing: ['huge'],
    repairs: ['add-label', 'deploy'],
    sentence: 'No single runner has all of `gpu` and `huge`; arm comes closest and lacks `huge`.',
  },
  {
    name: 'labels of two machines',
    job: job(['self-hosted', 'macOS', 'gpu']),
    world: { pools: [gpuPool], runners: [foreign('mac-1', ['self-hosted', 'macOS'])] },
    kind: 'labels-apart',
    missing: ['macOS'],
    repairs: ['open-page'],
    sentence:
      'No single runner has all of `self-hosted`, `macOS` and `gpu`; arm comes closest and lacks `macOS`.',
  },
  {
    name: 'a label that only an excluded runner has',
    job: job(['self-hosted', 'gpu', 'huge']),
    world: { runners: [gpuRunner, foreign('org-1', ['huge'], { group: 'g', excluded: 'No.' })] },
    kind: 'label-missing',
    missing: ['huge'],
    repairs: ['deploy'],
    sentence: 'No runner has label `huge`.',
  },
  {
    name: 'a runner that has left',
    job: job(['self-hosted', 'gpu']),
    world: {
      departed: [
        { name: 'arm-1', labels: [...linux, 'gpu'], at: at(14, 2), cause: 'Idle since its time was over.' },
      ],
    },
    kind: 'offline',
    repairs: ['deploy'],
    sentence:
      'arm-1, the last runner with labels `self-hosted` and `gpu`, left at 14:02: Idle since its time was over.',
  },
  {
    name: 'a label with a backtick',
    job: job(['`x`']),
    world: { runners: [gpuRunner] },
    kind: 'label-missing',
    missing: ['`x`'],
    repairs: ['deploy'],
    sentence: "No runner has label `'x'`.",
  },
  {
    name: 'the label of a stopped runner is misspelt',
    job: job([...linux, 'gup']),
    world: { runners: [own('arm-1', [...linux, 'gpu'], 'stopped')], pools: [pool('arm', ['gpu'], manual)] },
    kind: 'label-missing',
    missing: ['gup'],
    nearest: 'gpu',
    mistake: 'typo',
    repairs: ['add-label', 'patch', 'deploy'],
    sentence: 'No runner has label `gup`. `gpu` exists and was probably meant.',
  },
];

test.each(cases)(
  '$name',
  ({
    job: waiting,
    world: around,
    kind,
    missing = [],
    nearest = null,
    mistake = null,
    repairs,
    sentence,
  }) => {
    const found = diagnose(waiting, world(around));
    expect({
      kind: found.kind,
      missing: found.missing,
      nearest: found.nearest,
      mistake: found.mistake,
      repairs: found.repairs.map((repair) => repair.kind),
      sentence: found.sentence,
    }).toEqual({ kind, missing, nearest, mistake, repairs, sentence });
  },
);
