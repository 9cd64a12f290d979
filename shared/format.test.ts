import { expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatBytesOf,
  formatClock,
  formatCoreCount,
  formatCores,
  formatCount,
  formatDuration,
  formatHourMinute,
  formatList,
  formatRoughly,
  formatTimeOfDay,
} from './format.ts';

const s = 1000;
const min = 60 * s;
const h = 60 * min;
const d = 24 * h;
const gb = 1024 ** 3;

test.each([
  [-5, '0:00'],
  [7 * s + 999, '0:07'],
  [12 * min + 41 * s, '12:41'],
  [h + 2 * min + 3 * s, '1:02:03'],
  [2 * d + 3 * h + 4 * min + 5 * s, '2 d 3:04:05'],
])('a clock of %d ms reads %s', (span, text) => {
  expect(formatClock(span)).toBe(text);
});

test.each([
  [-1, '0 s'],
  [41 * s, '41 s'],
  [59_999, '59 s'],
  [min, '1 min'],
  [6 * min + 12 * s, '6 min 12 s'],
  [25 * min + 59 * s, '25 min'],
  [3 * h + 5 * min, '3 h 5 min'],
  [2 * d + 4 * h, '2 d 4 h'],
])('a span of %d ms reads %s', (span, text) => {
  expect(formatDuration(span)).toBe(text);
});

test.each([
  [-30 * s, 'just now'],
  [4.9 * s, 'just now'],
  [8 * s, '8 s ago'],
  [3 * min, '3 min ago'],
  [2.9 * h, '2 h ago'],
  [9 * d, '9 d ago'],
])('%d ms ago reads %s', (span, text) => {
  expect(formatAgo(span)).toBe(text);
});

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [512 * 1024, '512 KB'],
  [1023.9 * 1024, '1 MB'],
  [3.14 * gb, '3.1 GB'],
  [62 * gb, '62 GB'],
  [250 * gb, '250 GB'],
  [5000 * 1024 ** 5, '5,000 PB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('a part is told in the unit of its whole', () => {
  expect(formatBytesOf(0.1 * gb, 8 * gb)).toBe('0.1 of 8 GB');
  expect(formatBytesOf(3.1 * gb, 8 * gb)).toBe('3.1 of 8 GB');
});

test('cores, counts and lists', () => {
  expect(formatCores(0.04)).toBe('0');
  expect(formatCores(10.24)).toBe('10.2');
  expect(formatCoreCount(1)).toBe('1 core');
  expect(formatCoreCount(1.02)).toBe('1 core');
  expect(formatCoreCount(0.4)).toBe('0.4 cores');
  expect(formatCount(1, 'runner')).toBe('1 runner');
  expect(formatCount(10_000, 'job')).toBe('10,000 jobs');
  expect(formatCount(2, 'repository', 'repositories')).toBe('2 repositories');
  expect(formatList([])).toBe('');
  expect(formatList(['a'])).toBe('a');
  expect(formatList(['a', 'b'])).toBe('a and b');
  expect(formatList(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
});

test('roughly told, seconds are left out from a minute on', () => {
  expect(formatRoughly(41 * s)).toBe('41 s');
  expect(formatRoughly(6 * min + 12 * s)).toBe('6 min');
  expect(formatRoughly(3 * h + 5 * min)).toBe('3 h 5 min');
});

test('times of day are this machine’s, with or without seconds', () => {
  const at = new Date(2026, 10, 21, 14, 5, 9).getTime();
  expect(formatTimeOfDay(at)).toBe('14:05:09');
  expect(formatHourMinute(at)).toBe('14:05');
});
