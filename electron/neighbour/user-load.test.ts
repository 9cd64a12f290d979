import { expect, test } from 'vitest';
import { calm, followLoad, type LoadMemory } from './user-load.ts';

const threshold = 0.6;

/** Measures every ten seconds; tells how often it was then paused, one letter per measurement. */
function play(loads: readonly (number | null)[], from: LoadMemory = calm): string {
  let memory = from;
  return loads
    .map((load, index) => {
      memory = followLoad(memory, threshold, load, index * 10_000);
      return memory.paused ? 'p' : '.';
    })
    .join('');
}
const times = (count: number, load: number | null): (number | null)[] => new Array(count).fill(load);
const paused = { paused: true, since: null };

test.each([
  ['a minute above pauses', times(8, 0.9), '......pp'],
  ['at the threshold is not above', times(8, 0.6), '........'],
  ['a dip begins the minute anew', [...times(6, 0.9), 0.5, ...times(7, 0.9)], '.............p'],
  ['unknown is not above', times(8, null), '........'],
])('%s', (_what, loads, expected) => {
  expect(play(loads)).toBe(expected);
});

test.each([
  ['two minutes below three quarters resume', times(14, 0.4), 'pppppppppppp..'],
  ['between the two it stays', times(14, 0.5), 'pppppppppppppp'],
  ['a peak begins the two minutes anew', [...times(12, 0.1), 0.5, ...times(13, 0.1)], `${'p'.repeat(25)}.`],
  ['unknown counts as low', times(13, null), 'pppppppppppp.'],
])('%s', (_what, loads, expected) => {
  expect(play(loads, paused)).toBe(expected);
});

test('without a threshold there is no pause', () => {
  expect(followLoad(paused, null, 1, 0)).toEqual(calm);
});
