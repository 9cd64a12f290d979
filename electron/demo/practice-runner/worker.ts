/** `bin/Runner.Worker`: does one job that the listener hands it through a pipe, then ends (Worker.cs). */
import { dirname, resolve } from 'node:path';
import { exitCodeOf } from './common/results.ts';
import { reasonOf } from './common/text.ts';
import { openTrace } from './common/trace.ts';
import { createRunnerClock } from './common/waits.ts';
import { channelDescriptor } from './common/worker-messages.ts';
import { openChannel } from './worker/channel.ts';
import { runJob } from './worker/job.ts';

const root = dirname(dirname(resolve(process.argv[1] ?? '')));
const trace = openTrace(root, 'Worker', process.env);
const clock = createRunnerClock(process.env);
// A test's scale is not the jobs' business.
delete process.env.PRACTICE_RUNNER_TIME_SCALE;

async function main(): Promise<number> {
  const [command, descriptor] = process.argv.slice(2);
  if (command !== 'spawnclient' || Number(descriptor) !== channelDescriptor) {
    throw new Error('Runner.Worker is started by Runner.Listener only.');
  }
  const channel = openChannel(channelDescriptor, { clock, trace });
  const assignment = await channel.assignment;
  trace.info('Worker', 'Message received.');
  const { jobDisplayName } = assignment.job;
  trace.info('Worker', `Job message:\n ${JSON.stringify({ jobDisplayName }, null, 2)}`);
  const result = await runJob({
    root,
    assignment,
    stop: channel.stop,
    environment: process.env,
    trace,
    clock,
  });
  trace.info('Worker', 'Job completed.');
  return exitCodeOf(result);
}

try {
  process.exit(await main());
} catch (error) {
  trace.error('Worker', error);
  console.log(reasonOf(error));
  process.exit(1);
}
