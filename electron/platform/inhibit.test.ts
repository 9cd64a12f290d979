import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInhibitor } from './inhibit.ts';
import { createProcessTable } from './processes.ts';

const processes = createProcessTable();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inhibit-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Does what the real one does: takes its options, refuses or runs the command and waits for it. */
async function program(name: string, refuses = ''): Promise<void> {
  const file = join(folder, name);
  await writeFile(
    file,
    `#!/bin/sh
echo "$*" >> "${folder}/calls"
case "$*" in ${refuses || 'nothing'}) exit 1;; esac
while case "$1" in -*) true;; *) false;; esac; do shift; done
echo $$ > "${folder}/pid"
"$@"
`,
  );
  await chmod(file, 0o755);
}
const calls = async (): Promise<string[]> =>
  (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
const holder = async () => processes.find(Number(await readFile(join(folder, 'pid'), 'utf8')));
const whenGone = () => vi.waitFor(async () => expect(await holder()).toBeNull(), { timeout: 10_000 });

test('sleep and shutdown are put off by a process that lives until the release', async () => {
  await program('systemd-inhibit');
  const inhibitor = createInhibitor({ platform: 'linux', path: folder });
  expect(await inhibitor.hold()).toEqual({
    strength: 'held',
    sentence: 'Sleep and shutdown are put off while jobs run.',
  });
  expect(await inhibitor.hold()).toMatchObject({ strength: 'held' });
  expect(await calls()).toEqual([
    expect.stringContaining('--what=sleep:shutdown --who=Trackside --why=CI jobs'),
  ]);
  expect((await calls())[0]).toContain('--mode=block');
  expect(await holder()).not.toBeNull();
  inhibitor.release();
  inhibitor.release();
  await whenGone();
  await inhibitor.hold();
  expect(await calls()).toHaveLength(2);
  inhibitor.release();
  await whenGone();
});

test('a user who may not block delays, and that is told', async () => {
  await program('systemd-inhibit', '*--mode=block*');
  const inhibitor = createInhibitor({ platform: 'linux', path: folder });
  expect(await inhibitor.hold()).toMatchObject({ strength: 'brief' });
  expect(await calls()).toHaveLength(2);
  inhibitor.release();
  await whenGone();
});

test('a system that refuses or has no such program is told as it is', async () => {
  await program('systemd-inhibit', '*');
  const refused = createInhibitor({ platform: 'linux', path: folder });
  expect(await refused.hold()).toEqual({
    strength: 'none',
    sentence: 'Sleep and shutdown are not put off: this system refuses it.',
  });
  refused.release();
  const absent = createInhibitor({ platform: 'linux', path: join(folder, 'nowhere') });
  expect(await absent.hold()).toEqual({
    strength: 'none',
    sentence: 'Sleep and shutdown are not put off: systemd-inhibit is not there.',
  });
});

test('macOS keeps awake, and does not claim more', async () => {
  await program('caffeinate');
  const inhibitor = createInhibitor({ platform: 'darwin', path: folder });
  expect(await inhibitor.hold()).toEqual({
    strength: 'held',
    sentence: 'Sleep is put off while jobs run; a shutdown is not.',
  });
  expect((await calls())[0]).toMatch(/^-s -i /);
  inhibitor.release();
  await whenGone();
});

test('a release before it is held leaves nothing behind', async () => {
  await program('systemd-inhibit');
  const inhibitor = createInhibitor({ platform: 'linux', path: folder });
  const holding = inhibitor.hold();
  inhibitor.release();
  await holding;
  expect(await calls()).toEqual([]);
});

test('it ends with an engine that is killed', async () => {
  await program('systemd-inhibit');
  const script = `
    import { createInhibitor } from ${JSON.stringify(join(import.meta.dirname, 'inhibit.ts'))};
    const inhibitor = createInhibitor({ platform: 'linux', path: ${JSON.stringify(folder)} });
    console.log((await inhibitor.hold()).strength);
    setInterval(() => {}, 1000);
  `;
  const engine = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: engine.stdout }), 'line');
  expect(line).toBe('held');
  expect(await holder()).not.toBeNull();
  engine.kill('SIGKILL');
  await once(engine, 'exit');
  await whenGone();
});
