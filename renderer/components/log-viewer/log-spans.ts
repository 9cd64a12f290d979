/** A line's text cut into pieces of one look each: its colours, and where the search hit. */
import Anser, { type AnserJsonEntry } from 'anser';
import { cssColour, paletteColour, parseRgb, type Rgb, readableColour, textOn } from './log-colours.ts';

export interface Span {
  text: string;
  /** Names of the sixteen colours and decorations: `red`, `bright-red`, `bold`. */
  looks: string[];
  /** A colour beyond the sixteen; null where none. */
  colour: string | null;
  background: string | null;
  /** `current`: the hit that the search stands on. */
  hit: 'none' | 'some' | 'current';
}

/** Cuts a line with colour escapes into pieces. */
export function colourSpans(coloured: string): Span[] {
  if (!coloured.includes('\u001b')) return coloured === '' ? [] : [plain(coloured)];
  return Anser.ansiToJson(coloured, { json: true, use_classes: true, remove_empty: true }).map(toSpan);
}

const plain = (text: string): Span => ({ text, looks: [], colour: null, background: null, hit: 'none' });

function toSpan(entry: AnserJsonEntry): Span {
  const background = colourOf(entry.bg, entry.bg_truecolor);
  const foreground = colourOf(entry.fg, entry.fg_truecolor);
  const looks: string[] = entry.decorations.filter((decoration) => decoration !== 'hidden');
  if (background.name !== null) looks.push(`on-${background.name}`);
  else if (foreground.name !== null && background.rgb === null) looks.push(foreground.name);
  const rgb =
    background.rgb === null ? foreground.rgb && readableColour(foreground.rgb) : textOn(background.rgb);
  return {
    text: entry.content,
    looks,
    colour: rgb === null || background.name !== null ? null : cssColour(rgb),
    background: background.rgb === null ? null : cssColour(background.rgb),
    hit: 'none',
  };
}

/** Reads anser's class names: `ansi-red`, `ansi-palette-208`, `ansi-truecolor`. */
function colourOf(name: string | null, trueColour: string | null): { name: string | null; rgb: Rgb | null } {
  if (!name) return { name: null, rgb: null };
  const word = name.replace(/^ansi-/, '');
  if (word === 'truecolor') return { name: null, rgb: parseRgb(trueColour) };
  const palette = /^palette-(\d+)$/.exec(word)?.[1];
  if (palette !== undefined) return { name: null, rgb: paletteColour(Number(palette)) };
  return { name: word, rgb: null };
}

/**
 * Marks the places in the line where the search hit.
 * @param starts where hits start in the line's text, in order
 * @param length characters of each hit
 * @param current the one of `starts` that the search stands on; null when it is in another line
 */
export function markHits(
  spans: readonly Span[],
  starts: readonly number[],
  length: number,
  current: number | null,
): Span[] {
  if (starts.length === 0) return [...spans];
  const edges = [...new Set(starts.flatMap((start) => [start, start + length]))].sort((a, b) => a - b);
  const marked: Span[] = [];
  let offset = 0;
  for (const span of spans) {
    const end = offset + span.text.length;
    const cuts = [offset, ...edges.filter((edge) => edge > offset && edge < end), end];
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const to = cuts[index + 1] ?? end;
      const within = starts.find((start) => from >= start && from < start + length);
      const hit = within === undefined ? 'none' : within === current ? 'current' : 'some';
      marked.push({ ...span, text: span.text.slice(from - offset, to - offset), hit });
    }
    offset = end;
  }
  return marked;
}
