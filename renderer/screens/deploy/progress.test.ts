import { expect, test } from 'vitest';
import { type DeployStep, deployStepIds, type Runner } from '../../../shared/model.ts';
import { currentStep, deploySpan, joinSeen, phaseOf, readyAfter, summariseDeploy } from './progress.ts';

type Progressing = Pick<Runner, 'state' | 'steps'>;

/** Steps of which the first `done` have ended and the next has the given status. */
function steps(done: number, next: DeployStep['status'] = 'active'): DeployStep[] {
  return deployStepIds.map((id, index) => ({
    id,
    status: index < done ? 'done' : index === done ? next : 'waiting',
    progress: null,
    detail: null,
    startedAt: index <= done ? 1000 + index * 100 : null,
    endedAt: index < done || (index === done && next === 'failed') ? 1100 + index * 100 : null,
  }));
}

const listening: Progressing = { state: 'idle', steps: steps(7) };
const underway: Progressing = { state: 'deploying', steps: steps(3) };
const failed: Progressing = { state: 'failed', steps: steps(4, 'failed') };
const cancelled: Progressing = { state: 'removing', steps: steps(2, 'cancelled') };

test.each([
  [listening, 'listening'],
  [{ ...listening, state: 'busy' } satisfies Progressing, 'listening'],
  [underway, 'underway'],
  [{ state: 'starting', steps: steps(6) } satisfies Progressing, 'underway'],
  [failed, 'failed'],
  [cancelled, 'gone'],
])('knows the phase %#', (runner, phase) => {
  expect(phaseOf(runner)).toBe(phase);
});

test('names the step that tells most', () => {
  expect(currentStep(steps(3))?.id).toBe('clone');
  expect(currentStep(steps(4, 'failed'))?.id).toBe('register');
  expect(currentStep(steps(0, 'waiting'))?.id).toBe('download');
  expect(currentStep(steps(7))).toBeNull();
});

test('spans from the first step to the last, open while one is under way', () => {
  expect(deploySpan(steps(3))).toEqual({ startedAt: 1000, endedAt: null });
  expect(deploySpan(steps(7))).toEqual({ startedAt: 1000, endedAt: 1700 });
  expect(deploySpan(steps(4, 'failed'))).toEqual({ startedAt: 1000, endedAt: 1500 });
  expect(deploySpan(steps(-1))).toEqual({ startedAt: null, endedAt: null });
});

test.each([
  [[underway, listening], 'Deploying 2 runners for octo/forge', false],
  [[listening, listening, listening, listening], '4 runners are listening', true],
  [[listening], '1 runner is listening', true],
  [[listening, listening, listening, failed], '3 runners are listening, 1 failed', true],
  [[failed], 'The runner could not be deployed', true],
  [[failed, failed], 'None of 2 runners could be deployed', true],
  [[cancelled, cancelled], 'The deploy was cancelled and nothing is left of it', true],
  [[cancelled, listening], '1 runner is listening', true],
  [[], 'The deploy was cancelled and nothing is left of it', true],
])('says it in one sentence %#', (runners, headline, finished) => {
  const summary = summariseDeploy(runners, { fullName: 'octo/forge' });
  expect(summary.headline).toBe(headline);
  expect(summary.finished).toBe(finished);
});

test('keeps the rows of cancelled runners, in place, and lets removed ones go', () => {
  const one = { id: 'one', ...listening };
  const two = { id: 'two', ...underway };
  const three = { id: 'three', ...underway };
  const later = { ...three, state: 'starting' } as const;
  expect(joinSeen([], [one, two])).toEqual([one, two]);
  expect(joinSeen([one, two, three], [later, one])).toEqual([one, two, later]);
  expect(joinSeen([one, two], [two])).toEqual([two]);
  expect(joinSeen([two], [one, two])).toEqual([two, one]);
});

test('knows how long it took until all were listening', () => {
  expect(readyAfter([listening, failed])).toBe(700);
  expect(readyAfter([failed])).toBeNull();
  expect(readyAfter([])).toBeNull();
});
