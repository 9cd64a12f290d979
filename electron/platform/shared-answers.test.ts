import { expect, test } from 'vitest';
import { createManualClock } from './clock.ts';
import { createSharedAnswers } from './shared-answers.ts';

const never = new AbortController().signal;

function counting(clock = createManualClock(0)) {
  let asked = 0;
  const answers = createSharedAnswers<{ until: number }>(clock, ({ until }) => until);
  const ask = async () => ({ until: 100, asked: ++asked });
  return { clock, answers, ask, count: () => asked };
}

test('many askers, one question', async () => {
  const { answers, ask, count } = counting();
  await Promise.all(Array.from({ length: 8 }, () => answers.get('k', ask, never)));
  expect(count()).toBe(1);
});

test('an answer that is no longer good is asked for again', async () => {
  const { clock, answers, ask, count } = counting();
  await answers.get('k', ask, never);
  await clock.advance(100);
  await answers.get('k', ask, never);
  expect(count()).toBe(2);
});

test('a failure is not kept', async () => {
  const { answers, ask } = counting();
  await expect(answers.get('k', () => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
  await expect(answers.get('k', ask, never)).resolves.toMatchObject({ until: 100 });
});

test('one asker leaving does not disturb the others', async () => {
  const { answers, ask } = counting();
  const leaving = new AbortController();
  const first = answers.get('k', ask, leaving.signal);
  const second = answers.get('k', ask, never);
  leaving.abort(new Error('left'));
  await expect(first).rejects.toThrow('left');
  await expect(second).resolves.toMatchObject({ until: 100 });
});
