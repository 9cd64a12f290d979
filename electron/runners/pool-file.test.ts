import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TracksideError } from '../../shared/errors.ts';
import type { Pool } from '../../shared/model.ts';
import { defaultNeighbour, defaultScaling } from '../../shared/pool-defaults.ts';
import { gigabyte, presets } from '../../shared/sizes.ts';
import { readPoolFile, writePoolFile } from './pool-file.ts';

const pool: Pool = {
  id: 'p',
  name: 'arm',
  repositoryId: 'r',
  target: { kind: 'repository' },
  labels: ['fast'],
  size: presets.standard,
  lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 },
  scaling: defaultScaling,
  neighbour: defaultNeighbour,
  rerunLost: true,
  paused: false,
  createdAt: 1,
};
const nameOf = (): string => 'octo/forge';

test('a written file reads as it was', () => {
  const lifecycles = fc.oneof(
    fc.constant({ mode: 'manual' as const }),
    fc.constant({ mode: 'ephemeral' as const }),
    fc.integer({ min: 5, max: 600_000 }).map((s) => ({ mode: 'auto' as const, idleTimeoutMs: s * 1000 })),
  );
  const sizes = fc.oneof(
    fc.constantFrom(...Object.values(presets)),
    fc.record({
      preset: fc.constant('custom' as const),
      cores: fc.integer({ min: 1, max: 64 }),
      memoryBytes: fc.integer({ min: 1, max: 512 }).map((size) => size * gigabyte),
    }),
  );
  fc.assert(
    fc.property(lifecycles, sizes, fc.boolean(), fc.string(), (lifecycle, size, paused, label) => {
      const written = { ...pool, lifecycle, size, paused, labels: [label] };
      const [read] = readPoolFile(writePoolFile([written], nameOf));
      const { id: _id, repositoryId: _repository, target: _target, createdAt: _at, ...terms } = written;
      expect(read).toEqual({ ...terms, repository: 'octo/forge' });
    }),
  );
});

test('the least that a file must say is a name and a repository', () => {
  expect(readPoolFile('version: 1\npools:\n  - {name: arm, repository: octo/forge}\n')).toEqual([
    {
      name: 'arm',
      repository: 'octo/forge',
      labels: [],
      size: presets.standard,
      lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 },
      scaling: defaultScaling,
      neighbour: defaultNeighbour,
      rerunLost: true,
      paused: false,
    },
  ]);
});

const bomb = `a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: [*c,*c,*c,*c,*c,*c,*c,*c,*c]
`;
const one = (fields: string): string => `version: 1\npools:\n  - {name: arm, repository: o/r, ${fields}}\n`;

test.each([
  ['not YAML', 'version: 1\npools: [\n', 'The file is not YAML at line'],
  ['a tab', 'version: 1\npools:\n\t- name: a\n', 'The file is not YAML at line 3'],
  ['something else', 'just words', 'The file:'],
  ['another version', 'version: 2\npools: []', 'version:'],
  ['an unknown field', one('colour: red'), 'Pool 1: Unrecognized key'],
  ['a wrong size', one('size: {cores: 4, memory: 8}'), 'Pool 1, size'],
  ['a wrong time', one('lifecycle: {mode: auto, idleTimeout: soon}'), 'write a time such as 5 min'],
  ['aliases without end', bomb, 'The file cannot be unfolded'],
  ['a long file', ' '.repeat(1_000_001), 'too long'],
])('%s is refused with where it is wrong', (_name, text, message) => {
  expect(() => readPoolFile(text)).toThrow(TracksideError);
  expect(() => readPoolFile(text)).toThrow(message);
});
