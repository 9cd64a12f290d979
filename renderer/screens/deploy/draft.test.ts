import { expect, test } from 'vitest';
import type { Plan, Repository } from '../../../shared/model.ts';
import { presets } from '../../../shared/sizes.ts';
import { type Draft, earlyProblems, pageOf, problemsOn, readDraft, startDraft, takeLabels } from './draft.ts';

const repository: Repository = {
  id: 'r1',
  connectionId: 'c1',
  fullName: 'octo/forge',
  visibility: 'private',
  defaultBranch: 'main',
  webUrl: 'https://github.com/octo/forge',
  checkedAt: null,
  problem: null,
  watch: null,
};

const nothingWanted = { labels: '', repositoryId: null };

const plan: Plan = {
  size: presets.standard,
  suggestedCount: 3,
  fits: 3,
  sum: [],
  bound: 'cores',
  reservedCores: 4,
  usedCores: 0,
  totalCores: 16,
  diskPerRunnerBytes: 1e9,
  warnings: [],
  refusal: null,
  suggestedName: 'arm',
  defaultLabels: ['self-hosted', 'Linux', 'ARM64'],
};

function draft(changes: Partial<Draft> = {}): Draft {
  return { ...startDraft([repository], nothingWanted), ...changes };
}

test('an untouched draft asks for what is suggested', () => {
  expect(readDraft(draft(), plan, repository)).toMatchObject({
    request: {
      repositoryId: 'r1',
      count: 3,
      name: 'arm',
      labels: [],
      size: presets.standard,
      lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 },
      scaling: { policy: 'balanced', minRunners: 0, maxRunners: 3 },
      rerunLost: true,
      acceptPublicRisk: false,
    },
    problems: {},
  });
});

/** A draft with other terms. */
const onTerms = (changes: Partial<Draft['terms']>, more: Partial<Draft> = {}): Draft =>
  draft({ ...more, terms: { ...draft().terms, ...changes } });

test.each([
  ['a fixed pool starts all', onTerms({ mode: 'manual' }, { count: '5' }), 5, 5],
  ['an automatic one starts what fits of them', draft({ count: '5' }), 3, 5],
  ['or none before the first job', draft({ begin: 'first-job' }), 0, 3],
  ['but what is kept ready', onTerms({ spares: '2' }, { begin: 'first-job' }), 2, 3],
  ['fresh runners come with their jobs', onTerms({ mode: 'ephemeral' }), 0, 3],
  ['the spare ones at once', onTerms({ mode: 'ephemeral', spares: '1' }), 1, 3],
] as const)('%s', (_, of, count, maxRunners) => {
  expect(readDraft(of, plan, repository).request).toMatchObject({ count, scaling: { maxRunners } });
});

test('chooses the repository by itself only when there is one', () => {
  const two = [repository, { ...repository, id: 'r2' }];
  expect(startDraft([repository], nothingWanted).repositoryId).toBe('r1');
  expect(startDraft(two, nothingWanted).repositoryId).toBeNull();
  expect(startDraft([], nothingWanted).repositoryId).toBeNull();
  expect(startDraft(two, { labels: '', repositoryId: 'r2' }).repositoryId).toBe('r2');
  expect(startDraft(two, { labels: '', repositoryId: 'gone' }).repositoryId).toBeNull();
});

test('takes labels from a link, and keeps what cannot be a label in the field', () => {
  const long = 'x'.repeat(300);
  const from = (labels: string): Draft => startDraft([], { labels, repositoryId: null });
  expect(from('gpu,large,GPU')).toMatchObject({ labels: ['gpu', 'large'], labelText: '' });
  expect(from(`gpu,${long}`)).toMatchObject({ labels: ['gpu'], labelText: long });
});

test('a label still in the field counts when the person goes on', () => {
  const typed = draft({ labelText: 'gpu, Linux' });
  expect(takeLabels(typed, plan)).toMatchObject({
    labels: ['gpu'],
    labelText: '',
    note: 'Every runner has “Linux” anyway.',
  });
  expect(readDraft(typed, plan, repository).request?.labels).toEqual(['gpu']);
});

test.each([
  [{ count: '0' }, 'count', 'how-many'],
  [{ count: '' }, 'count', 'how-many'],
  [{ count: '10000' }, 'count', 'how-many'],
  [{ preset: 'custom', custom: { cores: 'x', memory: '4' } }, 'cores', 'how-many'],
  [{ preset: 'custom', custom: { cores: '2', memory: '' } }, 'memory', 'how-many'],
  [{ name: 'my runner' }, 'name', 'how'],
  [{ labelText: 'x'.repeat(300) }, 'labels', 'how'],
  [{ terms: { ...draft().terms, idleMinutes: 'x' } }, 'idleMinutes', 'how'],
  [{ terms: { ...draft().terms, spares: '4' } }, 'spares', 'how'],
] as const)('refuses %j at its field', (changes, field, page) => {
  const { request, problems } = readDraft(draft(changes), plan, repository);
  expect(request).toBeNull();
  expect(Object.keys(problems)).toEqual([field]);
  expect(pageOf(field)).toBe(page);
  expect(problemsOn(page, problems)).toEqual(problems);
  expect(problemsOn('where', problems)).toEqual({});
});

test('a public repository needs the tick, a private one does not', () => {
  const open = { ...repository, visibility: 'public' } as const;
  const unticked = readDraft(draft(), plan, open);
  expect(unticked).toMatchObject({ request: null, wanted: { count: 3 } });
  expect(unticked.problems).toHaveProperty('acceptPublicRisk');
  expect(earlyProblems(unticked.problems)).toEqual({});
  expect(readDraft(draft({ acceptPublicRisk: true }), plan, open).request?.acceptPublicRisk).toBe(true);
});

test('names the missing repository', () => {
  expect(readDraft(draft(), plan, undefined).problems).toHaveProperty('repositoryId');
});

test('a field that this panel does not know has no page', () => {
  expect(pageOf('flavour')).toBeNull();
  expect(pageOf('toString')).toBeNull();
  expect(pageOf(null)).toBeNull();
});
