/**
 * Makes a line of a log harmless and readable: whatever a job printed, the page shows text and colours, nothing else.
 * The engine searches what the page shows.
 */

/** Longer lines are cut by the engine: no screen shows them, and one of them could fill the memory. */
export const maxLineBytes = 16 * 1024;

/** What stands at the end of a line that was cut. @param bytes its true length */
export const cutNote = (bytes: number): string => ` … (cut: this line has ${bytes} bytes)`;
const noted = / … \(cut: this line has (\d+) bytes\)$/;

/** Longer lines are cut for the page; the rest is counted. */
export const maxLineLength = 4000;

export type LineKind = 'plain' | 'group' | 'end' | 'command' | 'error' | 'warning' | 'notice' | 'debug';

export interface LogLine {
  /** When it was printed, epoch milliseconds; null where the line does not say. */
  at: number | null;
  kind: LineKind;
  /** Text with colour escapes (SGR) and no other control characters. */
  coloured: string;
  /** The same without colours: what is searched and copied. */
  text: string;
  /** How long the whole line is where not all of it is here: "18,000 characters"; null where it is. */
  whole: string | null;
}

const esc = '\u001b';
/** Operating system commands (titles, links, clipboard) and other strings, up to their end or the line's. */
const strings = `${esc}[\\]PX^_][^\\u0007${esc}]*(?:\\u0007|${esc}\\\\|$)`;
/** Control sequences; only those that end in `m` are colours. */
const sequences = `(?:${esc}\\[|\\u009b)([0-9;:?<=>!]*)[ -/]*([@-~]?)`;
const otherEscapes = `${esc}[ -/]*[0-~]?`;
// Controls but tab and escape, and the marks that turn the direction of text around.
const invisible =
  '[\\u0000-\\u0008\\u000a-\\u001a\\u001c-\\u001f\\u007f-\\u009a\\u009c-\\u009f' +
  '\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]';
const special = new RegExp(`${strings}|${sequences}|${otherEscapes}|(${invisible})`, 'g');
const colours = new RegExp(`${esc}\\[[0-9;]*m`, 'g');

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
export function readLine(raw: string): LogLine {
  // A huge line is cut before anything looks at it letter by letter; an escape may be halved, which cleaning removes.
  const kept = raw.slice(0, maxLineLength);
  const { at, kind, content } = contentOf(kept);
  const coloured = clean(content);
  const text = coloured.replace(colours, '');
  return { at, kind, coloured, text, whole: raw.length > maxLineLength ? lengthOf(raw) : null };
}

function lengthOf(raw: string): string {
  const bytes = noted.exec(raw)?.[1];
  if (bytes !== undefined) return `${Number(bytes).toLocaleString('en')} bytes`;
  return `${raw.length.toLocaleString('en')} characters`;
}

interface Content {
  at: number | null;
  kind: LineKind;
  /** What is left of the line without its time and its mark. */
  content: string;
  /** Where that begins in the line. */
  offset: number;
}

function contentOf(raw: string): Content {
  const ended = raw.slice(0, endOf(raw));
  const time = jobTime.exec(ended) ?? listenerTime.exec(ended);
  const at = time?.[1] ? Date.parse(`${time[1].replace(' ', 'T')}Z`) : Number.NaN;
  const afterTime = time && !Number.isNaN(at) ? time[0].length : 0;
  // A carriage return goes back to the start of the line: what was written last is what a terminal shows.
  const start = Math.max(afterTime, ended.lastIndexOf('\r') + 1);
  const mark = command.exec(ended.slice(start, start + 20));
  const offset = start + (mark?.[0].length ?? 0);
  return {
    at: Number.isNaN(at) ? null : at,
    kind: kinds[mark?.[1] ?? ''] ?? 'plain',
    content: ended.slice(offset),
    offset,
  };
}

/** Where a line ends without its carriage returns. No pattern: one for a run of them takes its length squared. */
function endOf(raw: string): number {
  let end = raw.length;
  while (end > 0 && raw[end - 1] === '\r') end -= 1;
  return end;
}

/** Keeps colours, drops every other escape, and shows controls as what they are. */
export function clean(line: string): string {
  return line.replace(special, (_whole, parameters?: string, final?: string, control?: string) => {
    if (control !== undefined) return picture(control);
    return final === 'm' && /^[0-9;]*$/.test(parameters ?? '') ? `${esc}[${parameters}m` : '';
  });
}

/** A character in caret notation (`^G`), or its number where it has none. */
function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}

/** What finds words in `LogLine.text`, ignoring case. */
export function wordsPattern(words: string): RegExp {
  return new RegExp(words.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu');
}

/** Where a pattern of `wordsPattern` is found in a text, in order. */
export function findWords(text: string, pattern: RegExp): number[] {
  pattern.lastIndex = 0;
  return [...text.matchAll(pattern)].map(({ index }) => index);
}

/** Where a pattern is found in what is shown of a line, as places in the line as it was written. */
export function findInLine(raw: string, pattern: RegExp): number[] {
  const { content, offset } = contentOf(raw);
  if (content.search(special) < 0) return findWords(content, pattern).map((at) => offset + at);
  const places: number[] = [];
  let text = '';
  let from = 0;
  const keep = (end: number): void => {
    for (let at = from; at < end; at += 1) places.push(offset + at);
    text += content.slice(from, end);
  };
  for (const { 0: whole, 3: control, index } of content.matchAll(special)) {
    keep(index);
    from = index + whole.length;
    if (control === undefined) continue;
    const shown = picture(control);
    for (let _ = 0; _ < shown.length; _ += 1) places.push(offset + index);
    text += shown;
  }
  keep(content.length);
  return findWords(text, pattern).flatMap((at) => places[at] ?? []);
}
