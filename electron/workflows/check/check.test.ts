import { expect, test } from 'vitest';
import { foreign, linux, pool, world } from '../queue/testing.ts';
import { checkWorkflow } from './check.ts';
import type { CheckWorld } from './check-job.ts';

/** Two runners with a graphics card, one that is off, one in a group that does not serve us, a pool of ours. */
const here: CheckWorld = {
  ...world({
    runners: [
      foreign('gpu-1', [...linux, 'gpu-a100']),
      foreign('gpu-2', [...linux, 'gpu-a100', 'cuda12']),
      foreign('old-mac', ['self-hosted', 'macOS', 'X64', 'xcode'], { forge: 'offline' }),
      foreign('shut-1', [...linux, 'vault'], {
        group: 'secure',
        excluded: 'Its group secure serves other repositories.',
      }),
      foreign('big-1', [...linux, 'big'], { group: 'Big Iron' }),
    ],
    pools: [pool('bench', ['bench'])],
  }),
  groups: [
    { name: 'Big Iron', excluded: null, runners: ['big-1'] },
    { name: 'secure', excluded: 'The group secure serves other repositories.', runners: ['shut-1'] },
    { name: 'larger', excluded: null, runners: [] },
  ],
};

/** The checked job of a file with this `runs-on`, and perhaps a strategy. */
function checked(runsOn: string, strategy = '', within = here) {
  const text = `on: push\njobs:\n  build:\n    ${runsOn}\n${strategy === '' ? '' : `    strategy:\n      matrix: ${strategy}\n`}`;
  const { jobs, problems } = checkWorkflow({ path: 'ci.yml', text, url: null }, within);
  return { job: jobs[0], problems, text };
}

const os = `runs-on: \${{ matrix.os }}`;

test.each([
  // Of GitHub.
  ['runs-on: ubuntu-latest', '', 'hosted', "GitHub's own runners with label `ubuntu-latest` take it."],
  ['runs-on: Ubuntu-Latest', '', 'hosted', /own runners/],
  ['runs-on: [ubuntu-24.04-arm]', '', 'hosted', /own runners/],
  ['runs-on: windows-2025', '', 'hosted', /own runners/],
  [
    os,
    '{ os: [ubuntu-latest, macos-latest] }',
    'hosted',
    "GitHub's own runners take all 2 sets of labels it asks for.",
  ],
  [`runs-on: \${{ fromJSON('["ubuntu-latest"]') }}`, '', 'hosted', /own runners/],
  // Ours.
  ['runs-on: self-hosted', '', 'ours', 'gpu-1, gpu-2 and big-1 take it.'],
  ['runs-on: [self-hosted, linux, arm64]', '', 'ours', /take it/],
  ['runs-on: [self-hosted, GPU-A100]', '', 'ours', 'gpu-1 and gpu-2 take it.'],
  ['runs-on: cuda12', '', 'ours', 'gpu-2 takes it.'],
  ['runs-on: [self-hosted, bench]', '', 'ours', 'The pool bench has runners for it.'],
  ['runs-on: [self-hosted, xcode]', '', 'ours', 'old-mac has its labels, but is offline now.'],
  ['runs-on: { labels: [self-hosted, cuda12] }', '', 'ours', 'gpu-2 takes it.'],
  ['runs-on: { group: big iron }', '', 'ours', 'big-1 takes it.'],
  ['runs-on: { group: organization/Big Iron, labels: big }', '', 'ours', 'big-1 takes it.'],
  [
    os,
    '{ os: [cuda12, ubuntu-latest] }',
    'ours',
    "Your runners take 1 and GitHub's 1 of the 2 sets of labels it asks for.",
  ],
  [
    os,
    '{ os: [[self-hosted, cuda12], bench] }',
    'ours',
    'Your runners take 2 of the 2 sets of labels it asks for.',
  ],
  // Dynamic, reusable, and what a token cannot see.
  [
    `runs-on: \${{ inputs.runner }}`,
    '',
    'dynamic',
    /^Only a run tells: `\$\{\{ inputs.runner \}\}` decides\.$/,
  ],
  [`runs-on: [self-hosted, "\${{ vars.KIND }}"]`, '', 'dynamic', /vars.KIND/],
  [os, `{ os: "\${{ fromJSON(needs.a.outputs.os) }}" }`, 'dynamic', /matrix.os/],
  [
    'uses: ./.github/workflows/other.yml',
    '',
    'reusable',
    'The workflow `./.github/workflows/other.yml` decides.',
  ],
  ['runs-on: { group: larger }', '', 'dynamic', /may have larger runners of GitHub's/],
  // Invalid.
  ['runs-on:', '', 'invalid', '`runs-on` is empty.'],
  ['runs-on: []', '', 'invalid', /empty list/],
  ['runs-on: [[self-hosted]]', '', 'invalid', /a list or a mapping where one label belongs/],
  ['runs-on: { label: gpu }', '', 'invalid', /takes `group` and `labels`, and no `label`/],
  ['name: x', '', 'invalid', 'The job has neither `runs-on` nor `uses`.'],
  [`runs-on: \${{ matrix.oss }}`, '{ os: [a] }', 'invalid', /`\$\{\{ matrix.oss \}\}` is empty/],
  // Nobody, and nothing near.
  ['runs-on: [self-hosted, quantum]', '', 'nobody', /^No runner has label `quantum`\.$/],
  [
    'runs-on: sixteen-cores',
    '',
    'nobody',
    /Only a larger runner that your organisation named so could take it\.$/,
  ],
  ['runs-on: 42', '', 'nobody', /`42`/],
  ['runs-on: [self-hosted, cuda12, bench]', '', 'nobody', /^No single runner has all of/],
  [
    'runs-on: [self-hosted, vault]',
    '',
    'nobody',
    'shut-1 has its labels, but: Its group secure serves other repositories.',
  ],
  ['runs-on: { group: secure }', '', 'nobody', 'The group secure serves other repositories.'],
  [
    'runs-on: { group: big iron, labels: [cuda12] }',
    '',
    'nobody',
    'No runner of the group `Big Iron` has label `cuda12`.',
  ],
  [
    'runs-on: { group: big irn }',
    '',
    'nobody',
    'There is no runner group `big irn` for octo/forge. `Big Iron` exists and was probably meant.',
  ],
  ['runs-on: [ubuntu-latest, self-hosted]', '', 'nobody', /takes only jobs that ask for nothing else/],
] as const)('%s %s: %s', (runsOn, strategy, verdict, sentence) => {
  const { job } = checked(runsOn, strategy);
  expect(job).toMatchObject({
    verdict,
    sentence: typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    patch: null,
  });
});

test.each([
  ['runs-on: [self-hosted, gpu-a10]', '', 'typo', 'gpu-a100', '    runs-on: [self-hosted, gpu-a100]'],
  ['runs-on: [self-hosted, gpu_a100]', '', 'separator', 'gpu-a100', '    runs-on: [self-hosted, gpu-a100]'],
  ['runs-on: selfhosted', '', 'separator', 'self-hosted', '    runs-on: self-hosted'],
  ['runs-on: ubuntu-25.04', '', 'hosted-name', 'ubuntu-24.04', '    runs-on: ubuntu-24.04'],
  ['runs-on: ubuntu-20.04', '', 'hosted-name', 'ubuntu-22.04', '    runs-on: ubuntu-22.04'],
  ['runs-on: ubuntu_latest', '', 'separator', 'ubuntu-latest', '    runs-on: ubuntu-latest'],
  ['runs-on: ubunut-latest', '', 'typo', 'ubuntu-latest', '    runs-on: ubuntu-latest'],
  ['runs-on: "self-hosted, cuda12"', '', 'joined', null, '    runs-on: [self-hosted, cuda12]'],
  ['runs-on: gpu-2', '', 'runner-name', null, /^ {4}runs-on: \[self-hosted, .*cuda12\]$/],
  ['runs-on:\n      - self-hosted\n      - cuda21', '', 'typo', 'cuda12', '      - cuda12'],
  [os, '{ os: [cuda12, cuda-12] }', 'separator', 'cuda12', '      matrix: { os: [cuda12, cuda12] }'],
  [
    os,
    '{ include: [{ os: ubuntu-24.4 }] }',
    'hosted-name',
    'ubuntu-24.04',
    '      matrix: { include: [{ os: ubuntu-24.04 }] }',
  ],
])('%s %s was meant differently (%s), and the line that says so is one that somebody takes', (...row) => {
  const [runsOn, strategy, mistake, meant, after] = row;
  const { job, text } = checked(runsOn, strategy);
  expect(job).toMatchObject({ verdict: 'nobody', mistake, nearest: meant });
  expect(job?.patch?.after).toEqual(typeof after === 'string' ? after : expect.stringMatching(after));
  const { before = '', after: written = '' } = job?.patch ?? {};
  expect(text.split('\n')).toContain(before);
  const mended = checkWorkflow({ path: 'ci.yml', text: text.replace(before, written), url: null }, here);
  expect(mended.jobs[0]?.verdict).toMatch(/^(ours|hosted)$/);
});

test('a label in the matrix is told with the line where it stands', () => {
  const { job } = checked(os, '\n        os:\n          - cuda12\n          - cuda-13');
  expect(job).toMatchObject({
    line: 4,
    sentence: expect.stringMatching(/^1 of its 2 sets of labels waits in vain\. .*It stands in line 9\.$/),
    labelSets: [
      { labels: ['cuda12'], group: null, verdict: 'ours' },
      { labels: ['cuda-13'], group: null, verdict: 'nobody' },
    ],
  });
});

test('without a view of groups and of hosted runners nothing is promised for them', () => {
  const server: CheckWorld = { ...here, groups: null, offersHosted: false };
  expect(checked('runs-on: { group: big }', '', server).job).toMatchObject({
    verdict: 'dynamic',
    sentence: 'The token cannot see the runner group `big`: who takes it is not known.',
  });
  expect(checked('runs-on: ubuntu-latest', '', server).job?.verdict).toBe('nobody');
  expect(checked('runs-on: sixteen', '', server).job?.sentence).not.toMatch(/larger/);
});

test('a file that cannot be read has problems and no jobs; the others are checked all the same', () => {
  const broken = checkWorkflow({ path: 'a.yml', text: 'on: push\njobs:\n\ta: {}', url: 'u' }, here);
  expect(broken).toMatchObject({ path: 'a.yml', url: 'u', name: null, jobs: [] });
  expect(broken.problems[0]).toMatchObject({ line: 3, column: 1 });
});
