/** `bin/Runner.Worker spawnclient <pipe>`: runs the one job its listener gives it. */
import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { openDiagnostics } from './listener/diagnostics.ts';
import { resultNames, type WorkerOrder } from './listener/dispatcher.ts';
import { type JobRun, startJob } from './worker/job.ts';

const root = dirname(resolve(import.meta.dirname));
const diagnostics = openDiagnostics(root, 'Worker');
let job: JobRun | null = null;

// Signals to the group are the listener's to answer; the worker hears of them through its pipe.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

const orders = createInterface({ input: createReadStream('', { fd: Number(process.argv[3]) }) });
orders.on('line', (line) => {
  const order = JSON.parse(line) as WorkerOrder;
  if (order.kind === 'cancel') return job?.cancel();
  job = startJob(order, root, diagnostics);
  job.ended.then(
    (result) => process.exit(100 + resultNames.indexOf(result)),
    (error: unknown) => {
      diagnostics.write('ERR', 'Worker', error instanceof Error ? (error.stack ?? error.message) : String(error));
      process.exit(1);
    },
  );
});
// A listener that died takes its job with it: nobody could report it any more.
orders.on('close', () => job?.cancel());
