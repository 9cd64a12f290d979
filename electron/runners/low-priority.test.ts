import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { createProcessTable } from '../platform/processes.ts';
import { createRunnerProcesses } from './process.ts';

const processes = createProcessTable();
const engine = createRunnerProcesses({ clock: systemClock, processes });
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'low-priority-'));
  await mkdir(join(folder, 'root', 'bin'), { recursive: true });
  const listener = join(folder, 'root', 'bin', 'Runner.Listener');
  await writeFile(
    listener,
    '#!/bin/sh\ntrap "exit 0" INT\nnice\nsh -c nice\necho listens\nwhile :; do sleep 0.05; done\n',
  );
  await chmod(listener, 0o755);
});
afterEach(async () => {
  for (const { pid } of await processes.workingIn(folder)) processes.signal(pid, 'SIGKILL');
  await rm(folder, { recursive: true });
});

test.each([
  [false, 0],
  [true, 10],
])(
  'low priority %s: the listener and its children are %i nicer than the engine',
  async (lowPriority, nicer) => {
    const controlFolder = join(folder, 'control');
    const runner = await engine.start({ runnerRoot: join(folder, 'root'), controlFolder, lowPriority });
    const log = await vi.waitFor(async () => {
      const text = await readFile(join(controlFolder, 'listener.log'), 'utf8');
      expect(text).toContain('listens');
      return text;
    });
    const niceness = String(Math.min(19, getPriority() + nicer));
    expect(log.split('\n').slice(0, 2)).toEqual([niceness, niceness]);
    expect(runner.priority !== null).toBe(lowPriority);
    expect((await processes.find(runner.pid))?.startToken).toBe(runner.startToken);
    expect(await runner.stop({ graceMs: 10_000 })).toEqual({ code: 0, forced: false });
  },
);
