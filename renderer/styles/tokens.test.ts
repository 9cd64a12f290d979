import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contrast, type Rgb } from '../components/log-viewer/log-colours.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours of a rule, by token. */
function tokensOf(selector: string): Map<string, Rgb> {
  const start = css.indexOf(`${selector} {`);
  const rule = css.slice(start, css.indexOf('\n}', start));
  const found = rule.matchAll(/--([a-z0-9-]+):\s*#([0-9a-f]{6})\b/gi);
  return new Map([...found].map(([, name = '', hex = '']) => [name, rgb(hex)]));
}

function rgb(hex: string): Rgb {
  const part = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16);
  return [part(0), part(2), part(4)];
}

const themes = { light: tokensOf(':root'), dark: tokensOf(':root[data-theme="dark"]') };
const grounds = ['bg', 'surface', 'raised', 'sunken', 'hover'];
const states = ['idle', 'busy', 'wait', 'fail', 'ok', 'off'];

const text: [string, string][] = [
  ...['ink', 'muted', 'faint'].flatMap((ink) => grounds.map((ground): [string, string] => [ink, ground])),
  ...states.flatMap((state): [string, string][] => [
    [state, 'surface'],
    [state, 'bg'],
    [state, 'raised'],
    [state, `${state}-soft`],
    ['ink', `${state}-soft`],
    ['muted', `${state}-soft`],
  ]),
  ...['ok', 'busy', 'fail', 'off', 'wait'].map((state): [string, string] => [state, `${state}-bar`]),
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-hover'],
  ['accent-text', 'bg'],
  ['accent-text', 'surface'],
  ['accent-text', 'accent-soft'],
  ['ink', 'accent-soft'],
  ['muted', 'accent-soft'],
  ['bg', 'ink'],
];

/** Edges of controls, focus, and shapes that carry meaning. */
const shapes: [string, string][] = [
  ...['bg', 'surface', 'raised'].flatMap((ground): [string, string][] => [
    ['line-control', ground],
    ['focus', ground],
    ['accent', ground],
  ]),
  ...states.map((state): [string, string] => [state, 'sunken']),
];

function contrastOf(theme: keyof typeof themes, a: string, b: string): number {
  const [front, ground] = [themes[theme].get(a), themes[theme].get(b)];
  if (!front || !ground) throw new Error(`The ${theme} theme has no colour for --${front ? b : a}.`);
  return contrast(front, ground);
}

test.each(['light', 'dark'] as const)('in the %s theme all text can be read (WCAG 2.2 AA, 4.5)', (theme) => {
  const poor = text.filter(([a, b]) => contrastOf(theme, a, b) < 4.5);
  expect(poor.map(([a, b]) => `${a} on ${b}: ${contrastOf(theme, a, b).toFixed(2)}`)).toEqual([]);
});

test.each(['light', 'dark'] as const)('in the %s theme shapes and edges can be seen (3.0)', (theme) => {
  const poor = shapes.filter(([a, b]) => contrastOf(theme, a, b) < 3);
  expect(poor.map(([a, b]) => `${a} on ${b}: ${contrastOf(theme, a, b).toFixed(2)}`)).toEqual([]);
});

test('both themes have the same colours', () => {
  expect([...themes.dark.keys()].sort()).toEqual([...themes.light.keys()].sort());
});
