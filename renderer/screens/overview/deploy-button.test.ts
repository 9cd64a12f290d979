import { expect, test } from 'vitest';
import type { Plan } from '../../../shared/model.ts';
import { defaultIdleTimeoutMs, defaultNeighbour, defaultScaling } from '../../../shared/pool-defaults.ts';
import { repositoryRow } from '../../testing/rows.ts';
import { suggestedDeploy } from './deploy-button.tsx';

const plan: Plan = {
  size: { preset: 'standard', cores: 4, memoryBytes: 8 },
  suggestedCount: 4,
  fits: 4,
  sum: [],
  bound: 'cores',
  reservedCores: 4,
  usedCores: 0,
  totalCores: 20,
  diskPerRunnerBytes: 1,
  warnings: [],
  refusal: null,
  suggestedName: 'arm',
  defaultLabels: ['self-hosted'],
};

test('the suggested set is asked for as the plan has it', () => {
  expect(suggestedDeploy(plan, repositoryRow(), true)).toEqual({
    repositoryId: 'r1',
    count: 4,
    name: 'arm',
    labels: [],
    size: plan.size,
    lifecycle: { mode: 'auto', idleTimeoutMs: defaultIdleTimeoutMs },
    scaling: { ...defaultScaling, maxRunners: 4 },
    neighbour: defaultNeighbour,
    rerunLost: true,
    acceptPublicRisk: false,
  });
});

test('a public repository, a refusal, or no room leads to the wizard instead', () => {
  expect(suggestedDeploy(plan, repositoryRow({ visibility: 'public' }), true)).toBeNull();
  expect(suggestedDeploy({ ...plan, suggestedCount: 0 }, repositoryRow(), true)).toBeNull();
  const refusal = { code: 'UNSUPPORTED', message: 'No runner exists for this host.', remedy: null };
  expect(suggestedDeploy({ ...plan, refusal }, repositoryRow(), true)).toBeNull();
});

test('the first runners are deployed even where the machine is small, further ones only where they fit', () => {
  const small = { ...plan, suggestedCount: 1, fits: 0 };
  expect(suggestedDeploy(small, repositoryRow(), true)?.count).toBe(1);
  expect(suggestedDeploy(small, repositoryRow(), false)).toBeNull();
});
