/** A sentence of the engine, its labels as the forge writes them. */
import { Label } from './pill.tsx';
import { sentenceParts } from './sentence-parts.ts';

/** @param missing labels that no runner has: they are marked */
export function Sentence({ text, missing = [] }: { text: string; missing?: readonly string[] }) {
  return sentenceParts(text).map((part, index) =>
    part.kind === 'words' ? (
      part.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change their order
      <Label key={index} missing={missing.includes(part.text)}>
        {part.text}
      </Label>
    ),
  );
}
