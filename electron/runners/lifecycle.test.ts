import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runnerStateSchema } from '../../shared/model.ts';
import { mayFollow, transition } from './lifecycle.ts';
import { newRunnerRecord } from './record.ts';

const { runner } = newRunnerRecord({
  id: 'r1',
  poolId: 'p',
  repositoryId: 'x',
  name: 'arm-1',
  defaultLabels: [],
  customLabels: [],
  ephemeral: false,
  cause: 'Asked for just now.',
  now: 5,
});

test('a transition keeps its cause and time', () => {
  const next = transition(runner, 'starting', 'Its files are ready.', 9);
  expect(next).toMatchObject({ state: 'starting', cause: 'Its files are ready.', stateSince: 9 });
});

test('a new cause in the same state keeps the time of the state', () => {
  const idle = transition(transition(runner, 'starting', 'a', 9), 'idle', 'b', 11);
  expect(transition(idle, 'idle', 'c', 20)).toMatchObject({ cause: 'c', stateSince: 11 });
});

test('a runner that is being removed never comes back to work', () => {
  for (const state of runnerStateSchema.options) {
    expect(mayFollow('removing', state)).toBe(state === 'removing' || state === 'failed');
  }
});

test('an illegal transition is a mistake of ours and throws', () => {
  expect(() => transition(runner, 'busy', 'x', 1)).toThrow('cannot go from deploying to busy');
});

test('for any walk: no job outside a state that can have one, no failure outside failed', () => {
  const states = fc.array(fc.constantFrom(...runnerStateSchema.options), { maxLength: 40 });
  fc.assert(
    fc.property(states, (walk) => {
      let at = { ...runner };
      for (const to of walk) {
        if (!mayFollow(at.state, to)) continue;
        at = transition(at, to, 'walk', at.stateSince + 1);
        if (to === 'busy') at = { ...at, job: { name: 'build', startedAt: 1, url: null } };
        if (['idle', 'stopped', 'failed'].includes(at.state)) expect(at.job).toBeNull();
        if (at.state !== 'failed') expect(at.failure).toBeNull();
      }
    }),
  );
});
