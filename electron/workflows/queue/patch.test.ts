import { expect, test } from 'vitest';
import { findLabelLine, mendLine, patchRepair } from './patch.ts';
import { job } from './testing.ts';

const file = `jobs:
  build:
    runs-on:
      - self-hosted
      - gppu # the fast one
  test:
    runs-on: [self-hosted, "gppu"]
`;

test.each([
  ['runs-on: gppu', { label: 'gppu', meant: ['gpu'] }, 'runs-on: gpu'],
  ['    runs-on: [self-hosted, gppu]', { label: 'gppu', meant: ['gpu'] }, '    runs-on: [self-hosted, gpu]'],
  ['runs-on: [self-hosted, "gppu"]', { label: 'gppu', meant: ['gpu'] }, 'runs-on: [self-hosted, gpu]'],
  ['      - gppu # the fast one', { label: 'gppu', meant: ['gpu'] }, '      - gpu # the fast one'],
  ['  runs-on: GPPU', { label: 'gppu', meant: ['gpu'] }, '  runs-on: gpu'],
  [
    'runs-on: self-hosted, gpu',
    { label: 'self-hosted, gpu', meant: ['self-hosted', 'gpu'] },
    'runs-on: [self-hosted, gpu]',
  ],
  [
    "runs-on: '[self-hosted, gpu]'",
    { label: '[self-hosted, gpu]', meant: ['self-hosted', 'gpu'] },
    'runs-on: [self-hosted, gpu]',
  ],
  [
    'runs-on: [box-1, gpu]',
    { label: 'box-1', meant: ['self-hosted', 'Linux'] },
    'runs-on: [self-hosted, Linux, gpu]',
  ],
  ['  - box-1', { label: 'box-1', meant: ['self-hosted', 'Linux'] }, null],
  ['runs-on: [gppu-2, x]', { label: 'gppu', meant: ['gpu'] }, null],
  ['runs-on: gppu', { label: 'gppu', meant: ['a: b'] }, "runs-on: 'a: b'"],
] as const)('%s', (text, { label, meant }, after) => {
  expect(mendLine(text, { label, meant: [...meant], mistake: 'typo' })).toBe(after);
});

test('the line is looked for at the job, then in the whole file where only one can be meant', () => {
  expect(findLabelLine(file, 3, 'gppu')).toEqual({ line: 5, text: '      - gppu # the fast one' });
  expect(findLabelLine(file, 7, 'gppu')?.line).toBe(7);
  expect(findLabelLine(file, null, 'gppu')).toBeNull();
  expect(findLabelLine('a: gppu', null, 'gppu')?.line).toBe(1);
});

test('a patch has the line of the file where it is known, and what the job asks for where it is not', () => {
  const correction = { label: 'gppu', meant: ['gpu'], mistake: 'typo' } as const;
  const waiting = job(['self-hosted', 'gppu'], {
    runsOn: { path: '.github/workflows/ci.yml', line: 7, text: '    runs-on: [self-hosted, "gppu"]' },
  });
  expect(patchRepair(waiting, [{ ...correction, meant: ['gpu'] }])).toEqual([
    expect.objectContaining({
      line: 7,
      before: 'runs-on: [self-hosted, "gppu"]',
      after: 'runs-on: [self-hosted, gpu]',
    }),
  ]);
  expect(patchRepair(job(['gppu']), [{ ...correction, meant: ['gpu'] }])).toEqual([
    expect.objectContaining({ line: null, before: 'runs-on: gppu', after: 'runs-on: gpu' }),
  ]);
  expect(patchRepair(waiting, [])).toEqual([]);
});
