/** Hides secrets in everything that is logged. */

export interface Masks {
  /** Adds a value, and each of its lines. */
  add(value: string): void;
  apply(text: string): string;
}

export function createMasks(secrets: readonly string[]): Masks {
  const values = new Set<string>();
  let ordered: string[] = [];
  const add = (value: string): void => {
    for (const part of [value, ...value.split(/[\r\n]+/)]) if (part.trim() !== '') values.add(part.trim());
    // The longest first, so that no part of one remains.
    ordered = [...values].sort((a, b) => b.length - a.length);
  };
  for (const secret of secrets) add(secret);
  return {
    add,
    apply: (text) => ordered.reduce((masked, value) => masked.replaceAll(value, '***'), text),
  };
}
