/** Words of a person as YAML takes them. */
import { Document, stringify } from 'yaml';

/** One word or sentence, quoted where it must be. */
export function yamlScalar(text: string): string {
  // Within a list in brackets more has to be quoted than elsewhere; quoting it everywhere is never wrong.
  return /^[A-Za-z][\w./-]*( [\w./-]+)*$/.test(text) ? stringify(text).trimEnd() : JSON.stringify(text);
}

/** A list on one line. */
export function yamlList(words: readonly string[]): string {
  const document = new Document(words.map(String));
  return document.toString({ flowCollectionPadding: false, collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}
