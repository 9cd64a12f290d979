import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProgram } from './find-program.ts';
import { createLowPriority } from './priority.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'priority-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string, script: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

/** Becomes the command, as the real ones do, after dropping its own arguments. */
const becoming = (own: number): string => `shift ${own}; exec "$@"`;

test.runIf(process.platform === 'linux')('a real process and its children run at low priority', async () => {
  const { lowPriorityCommand } = createLowPriority();
  const wrapped = await lowPriorityCommand('/bin/sh', ['-c', 'sleep 600 & echo $!; wait']);
  const child = spawn(wrapped.command, wrapped.args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const pids = [child.pid ?? 0, Number(line)];
  try {
    for (const pid of pids) {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const [niceness] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(16);
      expect(Number(niceness)).toBe(Math.min(19, getPriority() + 10));
    }
    const ionice = await findProgram('ionice', process.env.PATH);
    if (ionice) {
      for (const pid of pids) expect((await execa(ionice, ['-p', String(pid)])).stdout).toBe('idle');
      expect(wrapped.inForce).toBe('processor priority 10 lower, disk only when nobody else needs it');
    }
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  }
});

test('without the programs the command is left as it is, and that is told', async () => {
  const { lowPriorityCommand } = createLowPriority({ platform: 'linux', path: folder });
  expect(await lowPriorityCommand('/bin/sh', ['-c', 'true'])).toEqual({
    command: '/bin/sh',
    args: ['-c', 'true'],
    inForce: null,
  });
});

test('only what works here is used and told', async () => {
  const nice = await program('nice', becoming(2));
  await program('ionice', 'echo "ioprio_set failed" >&2; exit 1');
  const { lowPriorityCommand } = createLowPriority({ platform: 'linux', path: folder });
  expect(await lowPriorityCommand('/bin/sh', ['x'])).toEqual({
    command: nice,
    args: ['-n', '10', '/bin/sh', 'x'],
    inForce: 'processor priority 10 lower',
  });
});

test('macOS has one program for all of it', async () => {
  const taskpolicy = await program('taskpolicy', becoming(1));
  const { lowPriorityCommand } = createLowPriority({ platform: 'darwin', path: folder });
  expect(await lowPriorityCommand('/bin/sh', ['x'])).toEqual({
    command: taskpolicy,
    args: ['-b', '/bin/sh', 'x'],
    inForce: 'background priority for processor, disk and network',
  });
});
