import { expect, test } from 'vitest';
import { eventRow } from '../../testing/rows.ts';
import { dayTitle, eventRows, mergeEvents } from './event-rows.ts';

const at = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime();
const now = at(24, 12);

test('what the board shows comes first, once, and replaces what it no longer has of its time', () => {
  const loaded = [
    eventRow({ id: '3', at: 25 }),
    eventRow({ id: '2', at: 20 }),
    eventRow({ id: '1', at: 10 }),
  ];
  const fresh = [eventRow({ id: '4', at: 30 }), eventRow({ id: '2', at: 20 })];
  expect(mergeEvents(fresh, loaded, 20).map(({ id }) => id)).toEqual(['4', '2', '1']);
  expect(mergeEvents([], loaded, null)).toEqual(loaded);
});

test('at one time the later number is the later event', () => {
  const events = [eventRow({ id: '001', at: 5 }), eventRow({ id: '002', at: 5 })];
  expect(mergeEvents(events, [], 5).map(({ id }) => id)).toEqual(['002', '001']);
});

test('events stand under the day on which they happened here', () => {
  const events = [
    eventRow({ id: 'a', at: at(24, 11) }),
    eventRow({ id: 'b', at: at(24, 0) }),
    eventRow({ id: 'c', at: at(23, 23) }),
  ];
  const rows = eventRows(events, now).map((row) => (row.kind === 'day' ? row.title : row.event.id));
  expect(rows).toEqual(['Today', 'a', 'b', 'Yesterday', 'c']);
  expect(eventRows([], now)).toEqual([]);
});

test('days are named as one says them', () => {
  expect(dayTitle(at(20, 9), now)).toBe('Friday 20 November');
  expect(dayTitle(new Date(2025, 11, 31).getTime(), now)).toContain('2025');
});
