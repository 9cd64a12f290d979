/** What the command line needs around it, and what a command works with. */
import type { Board } from '../../shared/board.ts';
import type { LocalClient } from '../doors/local-client.ts';

export interface ProgramHost {
  /** @throws TracksideError CONFLICT when no engine runs */
  connect(options: { dataFolder?: string; demo: boolean }): Promise<{ client: LocalClient; close(): void }>;
  print(text: string): void;
  /** Everything from standard input, for `-` as a file. */
  readInput(): Promise<string>;
  now(): number;
  version: string;
  /** Where the person is: folders are meant from there. */
  folder: string;
}

/** What a command works with. */
export interface Call {
  client: LocalClient;
  board: Board;
  /** Prints the value as JSON with `--json`, else what the function makes of it. */
  tell<T>(value: T, words: (value: T) => string): void;
}

/** Connects, does the work, and lets go. */
export type Run = (work: (call: Call) => Promise<void> | void) => Promise<void>;
