/** `npm run bench` lists the benchmarks; `npm run bench NAME -- [--json] [--strict]` runs one. */
import { Command } from 'commander';
import { type Benchmark, formatTable, judge } from './bench/benchmark.ts';
import { deployBenchmark } from './bench/deploy.ts';
import { logsBenchmark } from './bench/logs.ts';
import { panelBenchmark } from './bench/panel.ts';
import { queueBenchmark } from './bench/queue.ts';
import { reactionBenchmark } from './bench/reaction.ts';
import { scaleBenchmark } from './bench/scale.ts';

const benchmarks: Benchmark[] = [
  deployBenchmark,
  logsBenchmark,
  panelBenchmark,
  queueBenchmark,
  reactionBenchmark,
  scaleBenchmark,
];

function list(): void {
  console.log('Benchmarks, run with: npm run bench NAME\n');
  for (const { name, description } of benchmarks) console.log(`  ${name.padEnd(8)} ${description}`);
}

async function runOne(name: string, options: { json?: boolean; strict?: boolean }): Promise<void> {
  const benchmark = benchmarks.find((candidate) => candidate.name === name);
  if (!benchmark) {
    console.error(
      `There is no benchmark “${name}”. There are: ${benchmarks.map((known) => known.name).join(', ')}.`,
    );
    process.exitCode = 2;
    return;
  }
  console.log(`${benchmark.name}: ${benchmark.description}\n`);
  const outcome = judge(name, await benchmark.run((line) => console.log(`  ${line}`)));
  console.log(`\n${formatTable(outcome)}\n\n  ${outcome.met ? 'All targets met.' : 'Not all targets met.'}`);
  if (options.json) console.log(JSON.stringify(outcome));
  if (options.strict && !outcome.met) process.exitCode = 1;
}

await new Command()
  .name('bench')
  .argument('[name]', 'the benchmark to run; without it they are listed')
  .option('--json', 'print the figures as one JSON object in the last line')
  .option('--strict', 'exit with 1 when a target is missed')
  .action(async (name: string | undefined, options: { json?: boolean; strict?: boolean }) => {
    if (name === undefined) list();
    else await runOne(name, options);
  })
  .parseAsync();
