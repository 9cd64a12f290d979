import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asksForHosted, explainLabels, type KnownLabels } from './labels.ts';

const known = (labels: string[], more: Partial<KnownLabels> = {}): KnownLabels => ({
  runners: [{ name: 'arm-1', labels }],
  labelsIgnoreCase: true,
  offersHosted: true,
  now: Date.UTC(2026, 10, 24),
  ...more,
});

test.each([
  ['nothing is missing', ['self-hosted', 'GPU'], ['self-hosted', 'gpu'], [], null, null],
  ['a typo', ['gppu'], ['gpu'], ['gppu'], 'gpu', 'typo'],
  ['a swap', ['lniux'], ['Linux'], ['lniux'], 'Linux', 'typo'],
  ['a separator', ['gpu_a100'], ['gpu-a100'], ['gpu_a100'], 'gpu-a100', 'separator'],
  ['a missing separator', ['selfhosted'], ['self-hosted'], ['selfhosted'], 'self-hosted', 'separator'],
  ['nothing alike', ['tpu-v5'], ['self-hosted'], ['tpu-v5'], null, null],
  ['a runner name', ['ARM-1'], ['self-hosted'], ['ARM-1'], null, 'runner-name'],
  ['a joined string', ['self-hosted, gpu'], ['self-hosted', 'gpu'], ['self-hosted, gpu'], null, 'joined'],
  ['a list in quotes', ['[self-hosted, gpu]'], ['self-hosted'], ['[self-hosted, gpu]'], null, 'joined'],
  ['a space', ['self-hosted gpu'], ['self-hosted', 'gpu'], ['self-hosted gpu'], null, 'joined'],
  ['a space in a label of its own', ['big box'], ['self-hosted'], ['big box'], null, null],
  ['a version never offered', ['ubuntu-25.04'], [], ['ubuntu-25.04'], 'ubuntu-24.04', 'hosted-name'],
  ['a version no more offered', ['macos-13'], [], ['macos-13'], 'macos-15', 'hosted-name'],
  ['one whose end has come', ['macos-14'], [], ['macos-14'], 'macos-15', 'hosted-name'],
  [
    'another word for a kind',
    ['ubuntu-24.04-arm64'],
    [],
    ['ubuntu-24.04-arm64'],
    'ubuntu-24.04-arm',
    'hosted-name',
  ],
  ['a misspelt hosted name', ['ubuntu-lastest'], [], ['ubuntu-lastest'], 'ubuntu-latest', 'typo'],
  [
    'an own runner with that name',
    ['ubuntu-25.04'],
    ['ubuntu-2504'],
    ['ubuntu-25.04'],
    'ubuntu-2504',
    'hosted-name',
  ],
  [
    'a hosted name beside self-hosted',
    ['self-hosted', 'ubuntu-25.04'],
    ['self-hosted'],
    ['ubuntu-25.04'],
    null,
    null,
  ],
  ['a hosted name beside others', ['ubuntu-latest', 'gpu'], ['gpu'], ['ubuntu-latest'], null, null],
  ['a label that the job has already', ['gpu', 'gppu'], ['gpu'], ['gppu'], null, null],
] as const)('%s', (_, labels, present, missing, nearest, mistake) => {
  expect(explainLabels(labels, known([...present]))).toMatchObject({ missing, nearest, mistake });
});

test('what was meant by a joined string and by a name are labels to write instead', () => {
  expect(explainLabels(['[self-hosted, "gpu"]'], known([])).corrections).toEqual([
    { label: '[self-hosted, "gpu"]', mistake: 'joined', meant: ['self-hosted', 'gpu'] },
  ]);
  expect(explainLabels(['arm-1'], known(['self-hosted', 'Linux'])).corrections[0]?.meant).toEqual([
    'self-hosted',
    'Linux',
  ]);
});

test('case is a mistake only where the forge tells it apart', () => {
  const strict = known(['self-hosted', 'gpu'], { labelsIgnoreCase: false });
  expect(explainLabels(['GPU'], strict)).toMatchObject({ missing: ['GPU'], nearest: 'gpu', mistake: 'case' });
});

test('a forge without runners of its own has no hosted labels', () => {
  const server = known(['self-hosted'], { offersHosted: false });
  expect(explainLabels(['ubuntu-25.04'], server)).toMatchObject({ nearest: null, mistake: null });
  expect(asksForHosted(['ubuntu-24.04'], server)).toBe(false);
  expect(asksForHosted(['ubuntu-24.04'], known([]))).toBe(true);
  expect(asksForHosted(['ubuntu-24.04', 'gpu'], known([]))).toBe(false);
});

test('never throws, and names nothing missing that is there', () => {
  const labels = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('self-hosted', 'gpu', 'GPU', 'a,b', 'ubuntu-1')),
  );
  fc.assert(
    fc.property(labels, labels, fc.boolean(), (wanted, present, labelsIgnoreCase) => {
      const { missing, nearest } = explainLabels(wanted, known(present, { labelsIgnoreCase }));
      for (const label of missing) expect(present).not.toContain(label);
      if (nearest !== null) expect(missing.length).toBeGreaterThan(0);
    }),
  );
});
