import { expect, test } from 'vitest';
import { boardWith, poolRow, runnerRow } from '../../testing/rows.ts';
import { existingLabels } from './existing-labels.ts';

const foreign = {
  id: 'f1',
  repositoryId: 'r1',
  name: 'old-pi',
  labels: ['SELF-HOSTED', 'pi'],
  status: 'online' as const,
  busy: false,
  group: null,
  excluded: null,
};

test('labels of all runners that serve the repository, the most common first', () => {
  const board = boardWith({
    runners: [
      runnerRow({ name: 'a', labels: ['self-hosted', 'gpu'] }),
      runnerRow({ name: 'b', labels: ['self-hosted', 'gpu', 'arm'] }),
      runnerRow({ name: 'c', repositoryId: 'r2', labels: ['elsewhere'] }),
    ],
    foreignRunners: [foreign, { ...foreign, id: 'f2', excluded: 'Not for it.', labels: ['locked'] }],
    pools: [poolRow({ labels: ['nightly'] })],
  });
  expect(existingLabels(board, 'r1')).toEqual([
    { label: 'self-hosted', runners: 3 },
    { label: 'gpu', runners: 2 },
    { label: 'arm', runners: 1 },
    { label: 'pi', runners: 1 },
    { label: 'nightly', runners: 0 },
  ]);
});
