/** Sentences of the engine, in which labels stand between backticks. */

export interface SentencePart {
  kind: 'words' | 'label';
  text: string;
}

/** "No runner has `gpu`." as words and labels, in order; a backtick without a second one is a part of the words. */
export function sentenceParts(sentence: string): SentencePart[] {
  return sentence.split(/(`[^`]+`)/).flatMap<SentencePart>((text) => {
    if (text === '') return [];
    if (text.length > 2 && text.startsWith('`') && text.endsWith('`')) {
      return { kind: 'label', text: text.slice(1, -1) };
    }
    return { kind: 'words', text };
  });
}

/** The same where only words can stand, such as the title of a page: "No runner has “gpu”." */
export function plainSentence(sentence: string): string {
  return sentenceParts(sentence)
    .map(({ kind, text }) => (kind === 'label' ? `“${text}”` : text))
    .join('');
}
