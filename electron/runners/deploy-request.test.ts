import { expect, test } from 'vitest';
import type { DeployRequest } from '../../shared/contract.ts';
import { TracksideError } from '../../shared/errors.ts';
import type { Repository } from '../../shared/model.ts';
import { defaultNeighbour, defaultScaling } from '../../shared/pool-defaults.ts';
import { presets } from '../../shared/sizes.ts';
import { checkDeployRequest, nextNames } from './deploy-request.ts';

const repository: Repository = {
  id: 'r',
  connectionId: 'c',
  fullName: 'octo/forge',
  visibility: 'private',
  defaultBranch: 'main',
  webUrl: 'https://github.com/octo/forge',
  checkedAt: null,
  problem: null,
  watch: null,
};
const request: DeployRequest = {
  repositoryId: 'r',
  count: 4,
  name: 'arm',
  labels: [],
  size: presets.standard,
  lifecycle: { mode: 'manual' },
  scaling: defaultScaling,
  neighbour: defaultNeighbour,
  rerunLost: true,
  acceptPublicRisk: false,
};

const bad: [string, Partial<DeployRequest>, keyof DeployRequest, string][] = [
  ['no runners', { count: 0 }, 'count', '0 runners cannot be deployed: there must be at least one.'],
  ['fewer than none', { count: -1 }, 'count', '-1 runners cannot be deployed'],
  ['ten thousand', { count: 10_000 }, 'count', '10000 runners are more than one deploy takes (200).'],
  ['half a runner', { count: 1.5 }, 'count', '1.5 is not a number of runners.'],
  ['not a number', { count: Number.NaN }, 'count', 'NaN is not a number of runners.'],
  ['no name', { name: '  ' }, 'name', 'The runners need a name.'],
  ['a path as a name', { name: '../etc' }, 'name', '“../etc” cannot name a runner.'],
  ['a long name', { name: 'a'.repeat(65) }, 'name', 'The name has 65 characters'],
  ['a comma', { labels: ['a,b'] }, 'labels', 'The label “a,b” contains a comma.'],
  ['300 characters', { labels: ['x'.repeat(300)] }, 'labels', 'has 300 characters; GitHub takes 256.'],
  ['an empty label', { labels: [' '] }, 'labels', 'A label is empty.'],
  ['a control character', { labels: ['a\u0007b'] }, 'labels', 'contains a control character'],
  ['no time to idle', { lifecycle: { mode: 'auto', idleTimeoutMs: 1 } }, 'lifecycle', 'cannot be kept'],
  [
    'more than the pool may have',
    { lifecycle: { mode: 'ephemeral' }, count: 5 },
    'count',
    '5 runners are more than the pool may have (4).',
  ],
  [
    'more spares than runners',
    { lifecycle: { mode: 'ephemeral' }, scaling: { policy: 'lazy', minRunners: 5, maxRunners: 4 } },
    'scaling',
    '5 runners cannot always wait',
  ],
  [
    'a pool without runners',
    { lifecycle: { mode: 'ephemeral' }, count: 0, scaling: { policy: 'lazy', minRunners: 0, maxRunners: 0 } },
    'scaling',
    '0 is not a maximum',
  ],
  [
    'an hour that is none',
    { neighbour: { ...defaultNeighbour, hours: { from: '25:00', to: '08:00', days: [1] } } },
    'neighbour',
    '“25:00” is not a time of day.',
  ],
  ['no core at all', { size: { preset: 'custom', cores: 0, memoryBytes: 1 } }, 'size', '0 cores'],
];

test.each(bad)('%s is refused at its field', (_name, change, field, message) => {
  const attempt = () => checkDeployRequest({ ...request, ...change }, repository);
  expect(attempt).toThrow(message);
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(TracksideError);
    expect((error as TracksideError).data).toMatchObject({ field, remedy: expect.any(String) });
  }
});

test('a public repository needs a yes', () => {
  const open: Repository = { ...repository, visibility: 'public' };
  expect(() => checkDeployRequest(request, open)).toThrow('octo/forge is public');
  expect(checkDeployRequest({ ...request, acceptPublicRisk: true }, open).count).toBe(4);
});

test('labels are trimmed and de-duplicated ignoring case', () => {
  expect(checkDeployRequest({ ...request, labels: [' gpu ', 'GPU', 'large'] }, repository).labels).toEqual([
    'gpu',
    'large',
  ]);
});

test('names skip what is taken', () => {
  expect(nextNames('arm', 3, ['ARM-1', 'arm-3', 'other'])).toEqual(['arm-2', 'arm-4', 'arm-5']);
});
