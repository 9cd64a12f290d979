/** The forge's name cannot be looked up any more. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Fault, wait } from './fault.ts';

const run = promisify(execFile);

async function impossible(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux';
  return run('unshare', ['--mount', 'true']).then(
    () => null,
    () => 'no file system view of its own can be had here (unshare)',
  );
}

export const nameGone: Fault = {
  name: 'name-gone',
  title: 'The forge’s name cannot be looked up for twenty seconds',
  verdicts: ['connection-lost'],
  ownNames: true,
  impossible,
  async inject(lab) {
    await lab.names?.forget();
    await wait(20_000);
    await lab.names?.restore();
  },
};
