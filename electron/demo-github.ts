/** Runs the demo GitHub alone: `npm run demo:github -- --port 8080`. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { startDemoGitHub } from './demo/github/server.ts';
import { buildPracticeRunnerArchive } from './demo/practice-runner/archive.ts';

interface Options {
  port: number;
  state?: string;
  archives: string;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  }
  return port;
}

const program = new Command()
  .name('demo:github')
  .description(
    'A simulated GitHub on this machine, with practice runners to download and workflows to run on them.',
  )
  .option('--port <number>', 'port on 127.0.0.1; 0 takes any free one', portNumber, 8080)
  .option(
    '--state <file>',
    'file that keeps runners, runs and tokens; without it they are gone when the server ends',
  )
  .option(
    '--archives <folder>',
    'where runner packages are built',
    join(tmpdir(), 'trackside-practice-runner'),
  );

const { port, state, archives } = program.parse().opts<Options>();

try {
  const demo = await startDemoGitHub({
    port,
    statePath: state,
    archiveFolder: archives,
    buildArchive: buildPracticeRunnerArchive,
  });
  console.log(`The demo GitHub listens on ${demo.url} (REST also under /api/v3).`);
  console.log(`Repository: ${demo.repository}`);
  console.log(`Token with full rights: ${demo.token}`);
  console.log('Press Ctrl+C to end it.');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void demo.close().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
