/** Lines of a file with what some of them are for. */
export interface NotedLines {
  /** Adds a line; with a note at most one, for it stands beside its line. */
  add(text: string, note?: string): void;
  text(): string;
  /** By line, from 1. */
  notes(): { line: number; text: string }[];
}

export function createNotedLines(): NotedLines {
  const lines: string[] = [];
  const notes: { line: number; text: string }[] = [];
  return {
    add(text, note) {
      lines.push(text);
      if (note !== undefined) notes.push({ line: lines.length, text: note });
    },
    text: () => `${lines.join('\n')}\n`,
    notes: () => notes,
  };
}
