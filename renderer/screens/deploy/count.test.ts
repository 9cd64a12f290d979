import { expect, test } from 'vitest';
import { readCount } from './count.ts';

test.each([
  ['1', 1],
  [' 4 ', 4],
  ['+3', 3],
  ['007', 7],
  ['2.0', 2],
  ['200', 200],
])('reads %j as %d', (text, value) => {
  expect(readCount(text)).toEqual({ ok: true, value });
});

test.each([
  ['', 'Say how many runners: a whole number from 1 to 200.'],
  ['   ', 'Say how many runners: a whole number from 1 to 200.'],
  ['four', '“four” is not a number. Enter a whole number from 1 to 200.'],
  ['1e3', '“1e3” is not a number. Enter a whole number from 1 to 200.'],
  ['0x10', '“0x10” is not a number. Enter a whole number from 1 to 200.'],
  ['0', '0 runners would deploy nothing. Enter at least 1.'],
  ['-0', '0 runners would deploy nothing. Enter at least 1.'],
  ['-1', 'There cannot be fewer than no runners. Enter at least 1.'],
  ['−1', 'There cannot be fewer than no runners. Enter at least 1.'],
  ['1.5', '1.5 is not a whole number. Enter 1 or 2.'],
  ['1,5', '1,5 is not a whole number. Enter 1 or 2.'],
  ['0.5', '0.5 is not a whole number. Enter at least 1.'],
  ['-2.5', '-2.5 is not a whole number. Enter at least 1.'],
  ['200.5', '200.5 is not a whole number. Enter at most 200.'],
  ['201', '201 runners are more than one deploy can take. Enter at most 200.'],
  ['10000', '10,000 runners are more than one deploy can take. Enter at most 200.'],
  ['10,000', '10,000 runners are more than one deploy can take. Enter at most 200.'],
  ['10 000', '10,000 runners are more than one deploy can take. Enter at most 200.'],
])('refuses %j', (text, problem) => {
  expect(readCount(text)).toEqual({ ok: false, problem });
});
