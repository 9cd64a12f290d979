import { expect, test } from 'vitest';
import { poolRow } from '../../testing/rows.ts';
import { readTerms, type Terms, termsOf } from './terms.ts';

const fresh = termsOf(null);
const withNeighbour = (changes: Partial<Terms['neighbour']>): Terms => ({
  ...fresh,
  neighbour: { ...fresh.neighbour, ...changes },
});

test('a new pool manages itself, balanced, five idle minutes', () => {
  expect(readTerms(fresh, 3)).toMatchObject({
    read: {
      lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 },
      scaling: { policy: 'balanced', minRunners: 0, maxRunners: 3 },
      neighbour: { pauseOnBattery: false, pauseAboveLoad: null, hours: null },
      rerunLost: true,
    },
    problems: {},
  });
});

test('what a pool is comes back unchanged through the fields', () => {
  const pool = poolRow({
    lifecycle: { mode: 'auto', idleTimeoutMs: 90_000 },
    scaling: { policy: 'lazy', minRunners: 1, maxRunners: 6 },
    neighbour: {
      pauseOnBattery: true,
      pauseOnMetered: false,
      pauseAboveLoad: 0.35,
      hours: { from: '22:00', to: '06:30', days: [1, 2, 5] },
      lowPriority: true,
    },
    rerunLost: false,
  });
  const { lifecycle, scaling, neighbour, rerunLost } = pool;
  expect(readTerms(termsOf(pool), 6).read).toEqual({ lifecycle, scaling, neighbour, rerunLost });
});

test('fields of another life are not asked for and do no harm', () => {
  const manual = { ...fresh, mode: 'manual', idleMinutes: 'x', spares: '9' } as const;
  expect(readTerms(manual, 2)).toMatchObject({
    read: { lifecycle: { mode: 'manual' }, scaling: { minRunners: 0, maxRunners: 2 } },
    problems: {},
  });
  const ephemeral = { ...fresh, mode: 'ephemeral', idleMinutes: 'x', spares: '1' } as const;
  expect(readTerms(ephemeral, 2).read).toMatchObject({
    lifecycle: { mode: 'ephemeral' },
    scaling: { minRunners: 1 },
  });
});

test.each([
  [{ idleMinutes: '' }, 'idleMinutes'],
  [{ idleMinutes: 'soon' }, 'idleMinutes'],
  [{ idleMinutes: '0' }, 'idleMinutes'],
  [{ idleMinutes: '20000' }, 'idleMinutes'],
  [{ spares: '4' }, 'spares'],
  [{ spares: '1.5' }, 'spares'],
] as const)('refuses %j at its field', (changes, field) => {
  const { read, problems } = readTerms({ ...fresh, ...changes }, 3);
  expect(read).toBeNull();
  expect(Object.keys(problems)).toEqual([field]);
});

test.each([
  [{ byLoad: true, load: '0' }, 'load'],
  [{ byLoad: true, load: 'half' }, 'load'],
  [{ byHours: true, from: '25:00' }, 'hours'],
  [{ byHours: true, from: '' }, 'hours'],
  [{ byHours: true, from: '07:00', to: '7:00' }, 'hours'],
  [{ byHours: true, days: [] }, 'hours'],
] as const)('refuses the consideration %j, and not once its tick is away', (changes, field) => {
  expect(Object.keys(readTerms(withNeighbour(changes), 3).problems)).toEqual([field]);
  expect(readTerms(withNeighbour({ ...changes, byLoad: false, byHours: false }), 3).problems).toEqual({});
});

test('a comma, an hour of one digit and a per cent sign are understood', () => {
  const terms = {
    ...withNeighbour({ byLoad: true, load: '40 %', byHours: true, from: '8:00' }),
    idleMinutes: '2,5',
  };
  expect(readTerms(terms, 3).read).toMatchObject({
    lifecycle: { idleTimeoutMs: 150_000 },
    neighbour: { pauseAboveLoad: 0.4, hours: { from: '08:00' } },
  });
});
