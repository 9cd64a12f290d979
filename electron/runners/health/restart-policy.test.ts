import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainExit, parseListenerLine } from '../listener-lines.ts';
import { maxRestarts, planRestart } from './restart-policy.ts';

const middle = () => 0.5;

/** What becomes of a runner that ends in the same way again and again, until a person is asked. */
function courseOf(problemCode: string, exitCode: number | null): string[] {
  const course: string[] = [];
  for (let restarts = 0; restarts < 20; restarts += 1) {
    const plan = planRestart({ problemCode, exitCode, restarts, random: middle });
    course.push(plan.action === 'ask' ? 'ask' : `${plan.action} ${plan.delayMs / 1000}`);
    if (plan.action === 'ask') return course;
  }
  return course;
}

const backingOff = [5, 10, 20, 40, 80, 160, 300, 300].map((seconds) => `start ${seconds}`).concat('ask');

const courses: [code: string, exitCode: number | null, course: string[]][] = [
  ['RETRYABLE', 2, backingOff],
  ['KILLED', 137, backingOff],
  ['LOST', null, backingOff],
  ['UNKNOWN_EXIT', 99, backingOff],
  ['SESSION_CONFLICT', 5, backingOff],
  ['TERMINATED', 1, backingOff],
  ['ENDED', 0, backingOff],
  ['DISK', 125, backingOff],
  ['CLOCK_SKEW', 1, backingOff],
  ['REGISTRATION_DELETED', 0, ['redeploy 5', 'redeploy 10', 'ask']],
  ['NOT_CONFIGURED', 1, ['redeploy 5', 'redeploy 10', 'ask']],
  ['FILES_DAMAGED', 127, ['redeploy 5', 'redeploy 10', 'ask']],
  ['VERSION_DEPRECATED', 7, ['start 5', 'redeploy 10', 'redeploy 20', 'ask']],
  ['UPDATE_FAILED', 1, ['start 5', 'redeploy 10', 'redeploy 20', 'ask']],
  ['ROOT_REFUSED', 1, ['ask']],
];

test.each(courses)('%s again and again', (code, exitCode, course) => {
  expect(courseOf(code, exitCode)).toEqual(course);
});

test.each([3, 4])('a self-update (%i) starts at once, however often, and is not counted', (exitCode) => {
  for (const restarts of [0, 3, 50]) {
    expect(planRestart({ problemCode: 'UPDATING', exitCode, restarts, random: middle })).toEqual({
      action: 'start',
      delayMs: 0,
      reason: 'The runner updates itself.',
      counted: false,
    });
  }
});

test('a deleted registration is redeployed even after some crashes, within the bound', () => {
  const end = { problemCode: 'REGISTRATION_DELETED', exitCode: 1, random: middle };
  expect(planRestart({ ...end, restarts: 5, redeploys: 0 }).action).toBe('redeploy');
  expect(planRestart({ ...end, restarts: 5, redeploys: 2 }).action).toBe('ask');
  expect(planRestart({ ...end, restarts: maxRestarts, redeploys: 0 }).action).toBe('ask');
});

test('the delay keeps to 20 % around its step, and grows to five minutes', () => {
  fc.assert(
    fc.property(
      fc.nat(maxRestarts - 1),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (restarts, chance) => {
        const plan = planRestart({ problemCode: 'KILLED', exitCode: 137, restarts, random: () => chance });
        const step = Math.min(300_000, 5000 * 2 ** restarts);
        if (plan.action === 'ask') throw new Error('asked too early');
        expect(plan.delayMs).toBeGreaterThanOrEqual(Math.round(step * 0.8));
        expect(plan.delayMs).toBeLessThanOrEqual(Math.round(step * 1.2));
      },
    ),
  );
});

describe('what people read', () => {
  test('a restart says what happened, when it starts again and which try it is', () => {
    const { message } = explainExit(137, []);
    const plan = planRestart({ problemCode: 'KILLED', exitCode: 137, message, restarts: 1, random: middle });
    expect(plan).toMatchObject({
      reason: 'The runner was ended from outside (SIGKILL). Starts again after 10 s, try 2.',
    });
  });

  test('a question says how often it was tried, what happened and what to do', () => {
    const plan = planRestart({ problemCode: 'KILLED', exitCode: 137, restarts: 8, random: middle });
    expect(plan).toEqual({
      action: 'ask',
      problem: {
        code: 'KILLED',
        message: 'It was restarted 8 times in a row. The runner was ended from outside (SIGKILL).',
        remedy: expect.stringContaining('out of memory'),
      },
    });
  });

  test('what the listener said is told along', () => {
    const event = parseListenerLine(
      'The runner no longer exists on the server. Cleaning up local configuration.',
    );
    if (!event) throw new Error('not understood');
    const { code, message } = explainExit(0, [event]);
    expect(
      planRestart({ problemCode: code, exitCode: 0, message, restarts: 0, random: middle }),
    ).toMatchObject({
      action: 'redeploy',
      reason:
        'GitHub no longer knows this runner: its registration was deleted there. Registers anew with the newest package after 5 s, try 1.',
    });
  });
});
