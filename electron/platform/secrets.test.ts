import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMemoryStore } from './secrets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const installed = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const hasSecretService =
  process.platform === 'linux' && installed('dbus-run-session') && installed('gnome-keyring-daemon');

test('the memory store keeps, replaces and forgets', async () => {
  const store = createMemoryStore();
  expect(store.kind).toBe('memory');
  expect(await store.get('a')).toBeNull();
  await store.set('a', 'one');
  await store.set('a', 'two');
  expect(await store.get('a')).toBe('two');
  await store.delete('a');
  await store.delete('a');
  expect(await store.get('a')).toBeNull();
});

/** Runs a script of ours in a D-Bus session of its own; resolves to what it printed, which is checked for the token as its files are. */
async function inSession(script: string, withDaemon: boolean): Promise<string> {
  const home = await mkdtemp(join(folder, 'home-'));
  const runtime = join(home, 'run');
  await mkdir(runtime, { mode: 0o700 });
  // It goes into the background once it is ready, and ends with the session's bus.
  const daemon = withDaemon
    ? 'echo pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;'
    : '';
  const shell = `${daemon} "$NODE" --input-type=module -e "$SCRIPT"`;
  const child = spawn('dbus-run-session', ['--', 'sh', '-c', shell], {
    cwd: import.meta.dirname,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_RUNTIME_DIR: runtime,
      NODE: process.execPath,
      SCRIPT: script,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const files = await Promise.all(
    (await readdir(home, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  );
  expect(files.join('') + output).not.toContain('planted-token');
  return output;
}

const useStore = `
import { createKeyringStore } from ${JSON.stringify(join(import.meta.dirname, 'secrets.ts'))};
const store = await createKeyringStore({ service: 'Trackside test' });
await store.set('connection 1', 'planted-token');
const kept = await store.get('connection 1');
await store.delete('connection 1');
await store.delete('connection 1');
const hurried = await createKeyringStore({ service: 'Trackside test', probeTimeoutMs: 0 });
let left = 0;
if (store.kind === 'keyring') {
  const { findCredentialsAsync } = await import('@napi-rs/keyring');
  // An entry that goes while they are listed makes the listing fail.
  const count = () => findCredentialsAsync('Trackside test').then((found) => found.length, () => 1);
  do left = await count(); while (left > 0);
}
console.log(JSON.stringify({ kind: store.kind, kept: kept === 'planted-token', after: await store.get('connection 1'), left, hurried: hurried.kind }));
await store.set('connection 2', 'planted-token');
process.exit(0);
`;

test.skipIf(!hasSecretService)(
  'a Secret Service keeps tokens, encrypted, and is not waited for when it is slow (needs dbus-run-session and gnome-keyring-daemon)',
  async () => {
    const output = await inSession(useStore, true);
    expect(output).toContain('{"kind":"keyring","kept":true,"after":null,"left":0,"hurried":"memory"}');
  },
);

test.skipIf(!hasSecretService)('without a Secret Service it is the memory, and says so', async () => {
  const output = await inSession(useStore, false);
  expect(output).toContain('"kind":"memory","kept":true');
});
