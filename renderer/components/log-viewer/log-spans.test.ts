import { expect, test } from 'vitest';
import { colourSpans, markHits } from './log-spans.ts';

const e = '\u001b';
const brief = (coloured: string) =>
  colourSpans(coloured).map(({ text, looks, colour, background }) => [
    text,
    looks.join(' '),
    colour,
    background,
  ]);

test('the sixteen colours have names, decorations stand beside them', () => {
  expect(brief(`a${e}[31mred${e}[0m ${e}[1;92mbold${e}[0m`)).toEqual([
    ['a', '', null, null],
    ['red', 'red', null, null],
    [' ', '', null, null],
    ['bold', 'bold bright-green', null, null],
  ]);
});

test('other colours are made readable', () => {
  expect(brief(`${e}[38;5;208mpalette`)).toEqual([['palette', '', 'rgb(255 135 0)', null]]);
  const [dark] = colourSpans(`${e}[38;2;20;20;90mdark`);
  expect(dark?.colour).not.toBe('rgb(20 20 90)');
});

test('on a background the text is black or white, whatever it was', () => {
  expect(brief(`${e}[38;5;226;48;5;231mpale`)).toEqual([['pale', '', 'rgb(0 0 0)', 'rgb(255 255 255)']]);
  expect(brief(`${e}[41;97mwarning`)).toEqual([['warning', 'on-red', null, null]]);
});

test('nothing is hidden', () => {
  expect(brief(`${e}[8msecret sauce`)).toEqual([['secret sauce', '', null, null]]);
});

test('hits are marked across pieces', () => {
  const spans = colourSpans(`an ${e}[31mERR${e}[0mor, error`);
  expect(markHits(spans, [3, 10], 5, 10).map(({ text, hit }) => [text, hit])).toEqual([
    ['an ', 'none'],
    ['ERR', 'some'],
    ['or', 'some'],
    [', ', 'none'],
    ['error', 'current'],
  ]);
  expect(markHits(spans, [], 5, null)).toEqual(spans);
});
