/**
 * The served panel with an engine whose clock a spec may move forward: the same engine and the same built page, composed
 * here with another clock. A line on standard input is how far, in milliseconds. Arguments: port, data and cache folder.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { createEngine } from '../electron/engine.ts';
import { runPanel } from '../electron/panel-server/run-panel.ts';
import { createMemoryStore } from '../electron/platform/secrets.ts';
import { createSteppableClock } from '../electron/testing/steppable-clock.ts';

const [port = '', dataFolder = '', cacheFolder = ''] = process.argv.slice(2);
const out = join(import.meta.dirname, '..', 'out');
const clock = createSteppableClock();
const panel = await runPanel({
  command: { port: Number(port) },
  staticFolder: join(out, 'renderer'),
  open: false,
  terminal: { input: new PassThrough(), output: process.stdout },
  env: process.env,
  openEngine: () =>
    createEngine({
      dataFolder,
      cacheFolder,
      secrets: createMemoryStore(),
      version: '0.0.0',
      servesDownloads: true,
      nodePath: process.execPath,
      practiceRunnerFolder: join(out, 'practice-runner'),
      clock,
    }),
});
createInterface({ input: process.stdin }).on('line', (line) => clock.advance(Number(line)));
process.once('SIGTERM', () => void panel.close().then(() => process.exit(0)));
