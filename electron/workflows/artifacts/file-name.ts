/** Names for downloaded files that every operating system takes, and that say what they are. */
import sanitize from 'sanitize-filename';

/** Leaves room for an ending and a number within the 255 bytes that file systems take. */
const longestBytes = 200;

/**
 * A file name made of words from elsewhere.
 * @param name anything
 * @param fallback when nothing of it is left
 */
export function safeFileName(name: string, fallback: string): string {
  // Marks of direction make a name look like another.
  const plain = sanitize(name.replace(/\p{Cf}/gu, ''), { replacement: '-' });
  const kept = shorten(plain.replace(/^[.\s]+/, ''));
  return kept === '' ? fallback : kept;
}

/** The same name with a number before its ending: `report (2).zip`. 1 is the name as it is. */
export function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  return `${stem} (${number})${ending}`;
}

function shorten(name: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > longestBytes) break;
    kept += character;
  }
  return kept.trimEnd();
}
