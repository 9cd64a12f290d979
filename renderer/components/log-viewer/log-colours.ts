/** The colours of a log's text on its dark ground: the sixteen have names, all others are made readable. */

/** The log's ground; see `--log-bg` in the stylesheet. */
const ground: Rgb = [24, 22, 20];

export type Rgb = readonly [red: number, green: number, blue: number];

/** The colour of a number of the 256-colour palette above the sixteen named ones. */
export function paletteColour(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const cube = Math.max(0, index - 16);
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}

/** Relative luminance as WCAG defines it, 0–1. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** The contrast of two colours, 1–21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

const wanted = 4.5;

/** The colour itself where it can be read on the log's ground, else mixed with white until it can. */
export function readableColour(colour: Rgb): Rgb {
  let mixed = colour;
  for (let share = 0.1; contrast(mixed, ground) < wanted && share <= 1; share += 0.1) {
    mixed = mix(colour, share);
  }
  return mixed;
}

function mix([red, green, blue]: Rgb, share: number): Rgb {
  const towardsWhite = (part: number): number => Math.round(part + (255 - part) * share);
  return [towardsWhite(red), towardsWhite(green), towardsWhite(blue)];
}

/** Black or white, whichever can be read on `background`. */
export function textOn(background: Rgb): Rgb {
  return luminance(background) > 0.18 ? [0, 0, 0] : [255, 255, 255];
}

/** Reads anser's notation `"187, 0, 0"`; null for anything else. */
export function parseRgb(text: string | null | undefined): Rgb | null {
  const parts = (text ?? '').split(',').map(Number);
  const [red, green, blue] = parts;
  if (parts.length !== 3 || red === undefined || green === undefined || blue === undefined) return null;
  return parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)
    ? [red, green, blue]
    : null;
}

export const cssColour = (colour: Rgb): string => `rgb(${colour.join(' ')})`;
