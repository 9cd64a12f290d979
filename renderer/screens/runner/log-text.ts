/** Makes a line of a log harmless and readable: whatever a job printed, the page shows text and colours, nothing else. */

/** Longer lines are cut; the rest is counted. */
export const maxLineLength = 4000;

export type LineKind = 'plain' | 'group' | 'end' | 'command' | 'error' | 'warning' | 'notice' | 'debug';

export interface LogLine {
  /** Counts up over the whole log, so that a line keeps its identity while others come and go. */
  id: number;
  /** When it was printed, epoch milliseconds; null where the line does not say. */
  at: number | null;
  kind: LineKind;
  /** Text with colour escapes (SGR) and no other control characters. */
  coloured: string;
  /** The same without colours: what is searched and copied. */
  text: string;
  /** Characters left out at the end. */
  cut: number;
}

const esc = '\u001b';
/** Operating system commands (titles, links, clipboard) and other strings, up to their end or the line's. */
const strings = new RegExp(`${esc}[\\]PX^_][^\\u0007${esc}]*(?:\\u0007|${esc}\\\\|$)`, 'g');
/** Control sequences; only those that end in `m` are colours. */
const sequences = new RegExp(`(?:${esc}\\[|\\u009b)([0-9;:?<=>!]*)[ -/]*([@-~]?)`, 'g');
const otherEscapes = new RegExp(`${esc}(?!\\[[0-9;]*m)[ -/]*[0-~]?`, 'g');
const colours = new RegExp(`${esc}\\[[0-9;]*m`, 'g');
// Controls but tab and escape, and the marks that turn the direction of text around.
const invisible = new RegExp(
  '[\\u0000-\\u0008\\u000a-\\u001a\\u001c-\\u001f\\u007f-\\u009f' +
    '\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]',
  'g',
);

const jobTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z ?/;
const listenerTime = /^\[?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)Z(?:: | )/;
const command = /^##\[(group|endgroup|command|error|warning|notice|debug|section)\]/;

const kinds: Record<string, LineKind> = {
  group: 'group',
  endgroup: 'end',
  command: 'command',
  error: 'error',
  warning: 'warning',
  notice: 'notice',
  debug: 'debug',
  section: 'group',
};

/** Reads one line as the runner wrote it. */
export function readLine(id: number, raw: string): LogLine {
  // A huge line is cut before anything looks at it letter by letter; escapes may be halved, which cleaning removes.
  const { text: kept, cut } = cutLine(raw);
  const shown = lastWritten(kept);
  const { at, rest } = takeTime(shown);
  const found = command.exec(rest);
  const kind = found?.[1] ? (kinds[found[1]] ?? 'plain') : 'plain';
  const coloured = clean(found ? rest.slice(found[0].length) : rest);
  return { id, at, kind, coloured, text: coloured.replace(colours, ''), cut };
}

function cutLine(raw: string): { text: string; cut: number } {
  if (raw.length <= maxLineLength) return { text: raw, cut: 0 };
  return { text: raw.slice(0, maxLineLength), cut: raw.length - maxLineLength };
}

/** A carriage return goes back to the start of the line: what was written last is what a terminal shows. */
function lastWritten(line: string): string {
  const ended = line.replace(/\r+$/, '');
  const back = ended.lastIndexOf('\r');
  if (back === -1) return ended;
  const time = jobTime.exec(ended)?.[0] ?? '';
  return time + ended.slice(back + 1);
}

function takeTime(line: string): { at: number | null; rest: string } {
  const found = jobTime.exec(line) ?? listenerTime.exec(line);
  const time = found?.[1];
  if (!found || !time) return { at: null, rest: line };
  const at = Date.parse(`${time.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? { at: null, rest: line } : { at, rest: line.slice(found[0].length) };
}

/** Keeps colours, drops every other escape, and shows controls as what they are. */
export function clean(line: string): string {
  return line
    .replace(strings, '')
    .replace(sequences, (_whole, parameters: string, final: string) =>
      final === 'm' && /^[0-9;]*$/.test(parameters) ? `${esc}[${parameters}m` : '',
    )
    .replace(otherEscapes, '')
    .replace(invisible, picture);
}

/** A character in caret notation (`^G`), or its number where it has none. */
function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}
