/** What `config.sh` prints and asks. */
import { createInterface } from 'node:readline/promises';
import { Refusal } from './refusal.ts';
import type { CommandLine } from './command-line.ts';

export interface Terminal {
  print(...lines: string[]): void;
  /**
   * The value of an input: from the command line, else from the person; unattended, its default.
   * @param fallback null when there is no default
   * @throws Refusal unattended and without either
   */
  ask(line: CommandLine, name: string, question: string, fallback: string | null): Promise<string>;
  confirm(question: string): Promise<boolean>;
}

export function createTerminal(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Terminal {
  const print = (...lines: string[]): void => {
    for (const text of lines) output.write(`${text}\n`);
  };
  const question = async (text: string): Promise<string> => {
    const reader = createInterface({ input, output });
    try {
      return (await reader.question(`${text} `)).trim();
    } finally {
      reader.close();
    }
  };
  return {
    print,
    async ask(line, name, text, fallback) {
      const given = line.value(name);
      if (given !== null) return given;
      if (line.flag('unattended')) {
        if (fallback !== null) return fallback;
        throw new Refusal(`Invalid configuration provided for ${name}. Terminating unattended configuration.`);
      }
      const hint = fallback === null ? '' : ` [press Enter ${fallback === '' ? 'to skip' : `for ${fallback}`}]`;
      for (;;) {
        const answer = (await question(`${text}${hint}`)) || fallback;
        if (answer !== null) return answer;
        print('Entered value is invalid.');
      }
    },
    confirm: async (text) => (await question(`${text} [press Enter for N]`)).toLowerCase() === 'y',
  };
}
