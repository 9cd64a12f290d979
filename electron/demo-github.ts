/** Runs the demo GitHub alone: `npm run demo:github -- --port 8080`. Started as built, from `out/main`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { benchmarkSize } from './demo/github/seed.ts';
import { startDemoGitHub } from './demo/github/server.ts';
import { buildPracticeRunnerArchive } from './demo/practice-runner/archive.ts';

interface Options {
  port: number;
  state?: string;
  archives?: string;
  seed: boolean;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  }
  return port;
}

/** Where the build puts the practice runner. */
const bundleFolder = join(import.meta.dirname, '..', 'practice-runner');

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
    '--seed',
    'begin with 20 repositories, 200 runners, 10,000 runs and 2,000 queued jobs (a new state only)',
    false,
  )
  .option('--archives <folder>', 'where runner packages are built and kept; else in a temporary folder');

const { port, state, archives, seed } = program.parse().opts<Options>();

const archiveFolder = archives ?? (await mkdtemp(join(tmpdir(), 'trackside-demo-github-')));
const tidyUp = async () => {
  if (!archives) await rm(archiveFolder, { recursive: true, force: true });
};

try {
  const demo = await startDemoGitHub({
    port,
    statePath: state,
    archiveFolder,
    ...(seed ? { seed: benchmarkSize } : {}),
    buildArchive: (target) =>
      buildPracticeRunnerArchive({ ...target, nodePath: process.execPath, bundleFolder }),
  });
  console.log(`The demo GitHub listens on ${demo.url} (REST also under /api/v3).`);
  console.log(`Repository: ${demo.repository}`);
  console.log(`Token with full rights: ${demo.token}`);
  console.log('Press Ctrl+C to end it.');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(
      signal,
      () =>
        void demo
          .close()
          .then(tidyUp)
          .then(() => process.exit(0)),
    );
  }
} catch (error) {
  await tidyUp();
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
