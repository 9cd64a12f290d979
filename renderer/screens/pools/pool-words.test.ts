import { expect, test } from 'vitest';
import { defaultNeighbour, defaultScaling } from '../../../shared/pool-defaults.ts';
import {
  boundsSentence,
  daysWords,
  hoursWords,
  lifeLine,
  neighbourPhrases,
  policySentence,
} from './pool-words.ts';

const auto = { mode: 'auto', idleTimeoutMs: 300_000 } as const;

test('each life in a line', () => {
  expect(lifeLine({ lifecycle: auto, scaling: defaultScaling })).toBe(
    'Until nothing is left to do · 5 min idle, then away · balanced',
  );
  expect(lifeLine({ lifecycle: { mode: 'ephemeral' }, scaling: { ...defaultScaling, minRunners: 1 } })).toBe(
    'One job each · 1 kept ready',
  );
  expect(lifeLine({ lifecycle: { mode: 'manual' }, scaling: defaultScaling })).toBe('Until you stop them');
});

test('the bounds are told as they are', () => {
  expect(boundsSentence({ lifecycle: auto, scaling: defaultScaling })).toBe(
    'Up to 4 at once; none runs while nothing waits.',
  );
  expect(boundsSentence({ lifecycle: auto, scaling: { ...defaultScaling, minRunners: 2 } })).toBe(
    'Up to 4 at once; 2 are kept ready while nothing waits.',
  );
  expect(
    boundsSentence({ lifecycle: { mode: 'manual' }, scaling: { ...defaultScaling, maxRunners: 1 } }),
  ).toBe('1 runner, until you stop them.');
});

test('a policy says what it does with the idle time that is set', () => {
  expect(policySentence('lazy', 60_000)).toContain('once a job has waited 30 s');
  expect(policySentence('balanced', 60_000)).toContain('10 min after the last job');
  expect(policySentence('aggressive', 300_000)).toContain('They stay 15 min.');
  expect(policySentence('aggressive', null)).toContain('three idle times');
});

test.each([
  [[0, 1, 2, 3, 4, 5, 6], 'every day'],
  [[1, 2, 3, 4, 5], 'Monday to Friday'],
  [[0, 6], 'Saturday and Sunday'],
  [[3], 'Wednesdays'],
  [[1, 3, 5], 'Mo, We, Fr'],
  [[0, 5, 6], 'Friday to Sunday'],
])('days %j are %s', (days, words) => {
  expect(daysWords(days)).toBe(words);
});

test('a span over midnight says so', () => {
  expect(hoursWords({ from: '20:00', to: '07:00', days: [1, 2, 3, 4, 5] })).toBe(
    '20:00–07:00 (the next morning), Monday to Friday',
  );
  expect(hoursWords({ from: '09:00', to: '17:00', days: [6] })).toBe('09:00–17:00, Saturdays');
});

test('only what is set is told', () => {
  expect(neighbourPhrases(defaultNeighbour)).toEqual([]);
  expect(neighbourPhrases({ ...defaultNeighbour, pauseOnBattery: true, pauseAboveLoad: 0.5 })).toEqual([
    'pauses on battery',
    'pauses while your programs use more than 50 % of the cores',
  ]);
});
