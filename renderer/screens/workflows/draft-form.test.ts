import { expect, test } from 'vitest';
import { draftRequest, formProblems, initialForm } from './draft-form.ts';

test('the form begins by hand, with the label that all runners of one’s own have', () => {
  expect(initialForm(['gpu', 'Self-Hosted'])).toMatchObject({
    labels: ['Self-Hosted'],
    triggers: 'dispatch',
  });
  expect(initialForm(['gpu']).labels).toEqual(['gpu']);
  expect(initialForm([]).labels).toEqual([]);
});

test('a form that is in order becomes a request', () => {
  const form = { ...initialForm(['self-hosted']), name: ' Nightly ' };
  expect(draftRequest('r1', form)).toEqual({
    repositoryId: 'r1',
    name: 'Nightly',
    labels: ['self-hosted'],
    template: 'shell',
    triggers: 'dispatch',
    timeoutMinutes: 30,
  });
});

test.each([
  [{ name: ' ' }, 'name'],
  [{ labels: [] }, 'labels'],
  [{ timeout: '' }, 'timeout'],
  [{ timeout: '1.5' }, 'timeout'],
  [{ timeout: '7201' }, 'timeout'],
  [{ timeout: 'long' }, 'timeout'],
])('what is wrong is told at its field: %j', (part, field) => {
  const form = { ...initialForm(['self-hosted']), ...part };
  expect(Object.keys(formProblems(form))).toEqual([field]);
  expect(draftRequest('r1', form)).toBeNull();
});
