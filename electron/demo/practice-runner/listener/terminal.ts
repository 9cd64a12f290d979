/** What the listener prints, as Terminal.cs does: errors to standard error, everything also to the diagnostic log. */
import { writeErrorOutput, writeOutput } from '../common/output.ts';
import type { Trace } from '../common/trace.ts';

export interface Terminal {
  write(text: string): void;
  writeLine(text?: string): void;
  writeError(text: string): void;
  /** `# Title` between empty lines. */
  section(title: string): void;
  /** `√ text` */
  success(text: string): void;
  /** A line from standard input, null at its end. */
  readLine(): Promise<string | null>;
}

export function createTerminal(trace: Trace): Terminal {
  let lines: AsyncIterator<string> | null = null;
  const writeLine = (text = ''): void => {
    if (text) trace.info('Terminal', `WRITE LINE: ${text}`);
    writeOutput(`${text}\n`);
  };
  return {
    write: writeOutput,
    writeLine,
    writeError(text) {
      trace.error('Terminal', `WRITE ERROR: ${text}`);
      writeErrorOutput(`${text}\n`);
    },
    section: (title) => writeOutput(`\n# ${title}\n\n`),
    success: (text) => writeOutput(`√ ${text}\n`),
    async readLine() {
      const { createInterface } = await import('node:readline');
      lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      const next = await lines.next();
      return next.done ? null : next.value;
    },
  };
}
