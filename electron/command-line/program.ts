/** `trackside`: asks the engine that runs on this machine, and tells it what to do. */
import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Board } from '../../shared/board.ts';
import { TracksideError } from '../../shared/errors.ts';
import type { Pool, QuitManner, Runner } from '../../shared/model.ts';
import { keepForMs } from '../../shared/pool-defaults.ts';
import type { LocalClient } from '../doors/local-client.ts';
import type { Call, ProgramHost, Run } from './host.ts';
import { addRunCommands } from './run-commands.ts';
import { describePools, describeRunners, describeStatus } from './tables.ts';
import { addWorkflowCommands } from './workflow-commands.ts';

/** Exit codes, as scripts meet them. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, refused: 3 } as const;

interface Options {
  dataFolder?: string;
  demo?: boolean;
  json?: boolean;
}

const quitManners: readonly QuitManner[] = ['finish-jobs', 'leave-running', 'stop-now'];

function readManner(text: string): QuitManner {
  const manner = quitManners.find((known) => known === text);
  if (manner) return manner;
  throw new InvalidArgumentError(`Use one of ${quitManners.join(', ')}.`);
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && Number.isFinite(minutes)) return minutes;
  throw new InvalidArgumentError('Minutes are a number above 0.');
}

/** Builds the command line. Its commands reject with what went wrong. */
export function createProgram(host: ProgramHost): Command {
  const program = new Command('trackside')
    .exitOverride()
    .description('Looks after the CI runners of this machine. A Trackside must be running.')
    .version(host.version)
    .option('--data-folder <path>', 'where the engine keeps what it knows')
    .option('--demo', 'the engine of “npm run demo”')
    .option('--json', 'print JSON for programs');

  const run = async (work: (call: Call) => Promise<void> | void): Promise<void> => {
    const { json = false, demo = false, ...where } = program.opts<Options>();
    const { client, close } = await host.connect({ ...where, demo });
    try {
      const board = await firstBoard(client);
      await work({
        client,
        board,
        tell: (value, words) => host.print(json ? JSON.stringify(value, null, 2) : words(value)),
      });
    } finally {
      close();
    }
  };

  program
    .command('status')
    .description('what runs, what waits, what is wrong')
    .action(() => run(({ board, tell }) => tell(board, (shown) => describeStatus(shown, host.now()))));
  addPoolCommands(program, host, run);
  addRunnerCommands(program, host, run);
  addWorkflowCommands(program, host, run);
  addRunCommands(program, host, run);
  program
    .command('quit')
    .description('ends the engine')
    .option('--how <manner>', quitManners.join(' | '), readManner, 'finish-jobs' as QuitManner)
    .action(({ how }: { how: QuitManner }) =>
      run(async ({ client, tell }) => {
        await client.engine.quit({ how });
        tell({ how }, () => 'The engine ends.');
      }),
    );
  return program;
}

function addPoolCommands(program: Command, host: ProgramHost, run: Run): void {
  const pools = program.command('pools').description('the pools: what the engine keeps running');
  pools
    .command('list', { isDefault: true })
    .description('each pool with its runners and what waits for it')
    .action(() => run(({ board, tell }) => tell(Object.values(board.pools), () => describePools(board))));
  pools
    .command('export')
    .description('pools as YAML; all when none is named')
    .argument('[names...]')
    .action((names: string[]) =>
      run(async ({ client, board, tell }) => {
        const poolIds = names.length === 0 ? null : names.map((name) => poolNamed(board, name).id);
        tell(await client.pools.export({ poolIds }), ({ yaml }) => yaml.trimEnd());
      }),
    );
  pools
    .command('import')
    .description('creates and changes pools from YAML')
    .argument('<file>', 'a file, or - for standard input')
    .option('--dry-run', 'only tell what would be done')
    .option('--accept-public-risk', 'for public repositories: strangers’ pull requests could run here')
    .action((file: string, { dryRun = false, acceptPublicRisk = false }) =>
      run(async ({ client, tell }) => {
        const yaml = file === '-' ? await host.readInput() : await readFile(file, 'utf8');
        const outcome = await client.pools.import({ yaml, dryRun, acceptPublicRisk });
        tell(outcome, ({ pools: rows }) =>
          rows
            .map(({ action, name, repository, detail }) => `${action} ${name} (${repository}): ${detail}`)
            .join('\n'),
        );
        const refused = outcome.pools.filter(({ action }) => action === 'refuse').length;
        if (refused > 0)
          throw new TracksideError('CONFLICT', `${refused} of ${outcome.pools.length} pools were refused.`);
      }),
    );
  for (const paused of [true, false]) {
    pools
      .command(paused ? 'pause' : 'resume')
      .description(paused ? 'takes no new jobs; running ones end' : 'takes jobs again')
      .argument('<name>')
      .action((name: string) =>
        run(async ({ client, board, tell }) => {
          const { id } = poolNamed(board, name);
          const pool = await client.pools.update({ poolId: id, change: { paused } });
          tell(pool, () => `${pool.name} ${paused ? 'is paused' : 'takes jobs again'}.`);
        }),
      );
  }
  pools
    .command('add')
    .description('starts more runners of a pool now')
    .argument('<name>')
    .argument('[count]', 'how many', Number, 1)
    .action((name: string, count: number) =>
      run(async ({ client, board, tell }) => {
        const { id } = poolNamed(board, name);
        tell(await client.pools.add({ poolId: id, count }), () => `Started in ${name}.`);
      }),
    );
  pools
    .command('remove')
    .description('removes a pool with its runners, each after its job')
    .argument('<name>')
    .action((name: string) =>
      run(async ({ client, board, tell }) => {
        const { id } = poolNamed(board, name);
        tell(await client.pools.remove({ poolId: id, how: 'drain' }), () => `${name} is being removed.`);
      }),
    );
}

function addRunnerCommands(program: Command, host: ProgramHost, run: Run): void {
  const runners = program.command('runners').description('the runners of this machine');
  runners
    .command('list', { isDefault: true })
    .description('each runner with its state and its deadline')
    .action(() =>
      run(({ board, tell }) => tell(Object.values(board.runners), () => describeRunners(board, host.now()))),
    );
  runners
    .command('keep')
    .description('puts the idle deadline of a runner off')
    .argument('<name>')
    .option('--minutes <number>', 'how long from now', readMinutes, keepForMs / 60_000)
    .action((name: string, { minutes }: { minutes: number }) =>
      run(async ({ client, board, tell }) => {
        const { id } = runnerNamed(board, name);
        await client.runners.keepFor({ runnerId: id, durationMs: minutes * 60_000 });
        tell({ name, minutes }, () => `${name} stays for ${minutes} more minutes.`);
      }),
    );
  for (const verb of ['stop', 'remove'] as const) {
    runners
      .command(verb)
      .description(verb === 'stop' ? 'stops a runner after its job' : 'removes a runner after its job')
      .argument('<name>')
      .action((name: string) =>
        run(async ({ client, board, tell }) => {
          const { id } = runnerNamed(board, name);
          await client.runners[verb]({ runnerId: id, how: 'drain' });
          tell({ name }, () => `${name} ${verb === 'stop' ? 'stops' : 'leaves'} as soon as it has no job.`);
        }),
      );
  }
}

async function firstBoard(client: LocalClient): Promise<Board> {
  const events = await client.board.watch();
  for await (const event of events) {
    if (event.kind === 'snapshot') return event.board;
  }
  throw new TracksideError('HOST_FAILED', 'The engine ended the connection.');
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function poolNamed(board: Board, name: string): Pool {
  return named(Object.values(board.pools), name, 'pool');
}

function runnerNamed(board: Board, name: string): Runner {
  return named(Object.values(board.runners), name, 'runner');
}

function named<T extends { name: string; id: string }>(rows: readonly T[], name: string, what: string): T {
  const found = rows.filter((row) => sameName(row.name, name) || row.id === name);
  const [only] = found;
  if (only && found.length === 1) return only;
  const problem = only ? `${found.length} ${what}s are called “${name}”` : `There is no ${what} “${name}”`;
  const remedy = only
    ? `Use its id: ${found.map(({ id }) => id).join(', ')}.`
    : `There ${rows.length === 0 ? 'is none' : `are: ${rows.map((row) => row.name).join(', ')}`}.`;
  throw new TracksideError('UNKNOWN', `${problem}.`, { remedy });
}
