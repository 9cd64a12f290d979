import { expect, test } from 'vitest';
import { mendLine, patchRepair } from './patch.ts';
import { job } from './testing.ts';

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
