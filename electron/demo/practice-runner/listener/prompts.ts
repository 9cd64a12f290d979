/** Asks for what the command line leaves out (PromptManager.cs, CommandSettings.cs). */
import type { CommandLine } from './command-line.ts';
import type { Terminal } from './terminal.ts';

interface Question {
  /** Of the argument, without `--`. */
  name: string;
  text: string;
  fallback?: string;
  /** Whether nothing is an answer. */
  optional?: boolean;
  isValid?(value: string): boolean;
}

export interface Prompts {
  /** The argument's value, else the person's answer; unattended the fallback. @throws when there is none */
  value(question: Question): Promise<string>;
  /** A flag, else the person's yes or no; unattended no. */
  confirm(name: string, text: string): Promise<boolean>;
}

/** Nobody is there to answer. */
export class InputEnded extends Error {}

const yesOrNo = /^(true|false|y|n)$/i;

export function createPrompts(line: CommandLine, terminal: Terminal): Prompts {
  const ask = async ({ name, text, fallback, optional = false, isValid }: Question): Promise<string> => {
    if (line.flag('unattended')) {
      if (fallback) return fallback;
      if (optional) return '';
      throw new Error(`Invalid configuration provided for ${name}. Terminating unattended configuration.`);
    }
    for (;;) {
      const hint = fallback ? `[press Enter for ${fallback}] ` : optional ? '[press Enter to skip] ' : '';
      terminal.write(`${text} ${hint}`);
      const typed = await terminal.readLine();
      if (typed === null)
        throw new InputEnded(`Standard input ended before an answer for ${name} was given.`);
      const answer = typed.trim();
      if (answer === '' && (fallback || optional)) return fallback ?? '';
      if (answer === '') continue;
      if (isValid?.(answer) ?? true) return answer;
      terminal.writeLine('Entered value is invalid');
    }
  };
  return {
    async value(question) {
      const given = line.take(question.name);
      return given && (question.isValid?.(given) ?? true) ? given : ask(question);
    },
    async confirm(name, text) {
      if (line.flag(name)) return true;
      const answer = await ask({ name, text, fallback: 'N', isValid: (value) => yesOrNo.test(value) });
      return /^(true|y)$/i.test(answer);
    },
  };
}
