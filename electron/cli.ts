/** `trackside …` in a terminal: speaks to the engine that runs on this machine, over its local socket. */
import { text } from 'node:stream/consumers';
import { ORPCError } from '@orpc/client';
import { CommanderError } from 'commander';
import packageFile from '../package.json' with { type: 'json' };
import { TracksideError } from '../shared/errors.ts';
import { createProgram, exitCodes } from './command-line/program.ts';
import { connectLocally } from './doors/local-client.ts';
import { findFolders } from './platform/folders.ts';

const program = createProgram({
  connect: ({ dataFolder, demo }) =>
    connectLocally(findFolders({ demo, dataFolder, env: process.env }).dataFolder),
  print: (line) => process.stdout.write(`${line}\n`),
  readInput: () => text(process.stdin),
  now: Date.now,
  version: packageFile.version,
  // npm runs its scripts in the folder of the package and says here where it was called.
  folder: process.env.INIT_CWD ?? process.cwd(),
});

/** What went wrong in words, with what to do. */
function explain(error: unknown): string {
  const remedy =
    error instanceof TracksideError || error instanceof ORPCError
      ? (error.data as { remedy?: string | null } | undefined)?.remedy
      : null;
  const message = error instanceof Error ? error.message : String(error);
  return remedy ? `${message} ${remedy}` : message;
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    process.stderr.write(`${explain(error)}\n`);
    const refused = error instanceof TracksideError || error instanceof ORPCError;
    process.exitCode = refused ? exitCodes.refused : exitCodes.failed;
  }
}
