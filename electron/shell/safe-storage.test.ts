import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSafeStorageStore, guardsSecrets, type UsedSafeStorage } from './safe-storage.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safe-storage-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Backend = ReturnType<UsedSafeStorage['getSelectedStorageBackend']>;

/** Encrypts for real, with a key that can be rotated as a keyring does. */
function createKeyring(options: { available?: boolean; backend?: Backend } = {}) {
  const { available = true, backend = 'gnome_libsecret' } = options;
  const keys = [randomBytes(32)];
  const safeStorage: UsedSafeStorage = {
    isAsyncEncryptionAvailable: async () => available,
    getSelectedStorageBackend: () => backend,
    async encryptStringAsync(text) {
      const index = keys.length - 1;
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keys[index] ?? '', iv);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([index]), iv, cipher.getAuthTag(), sealed]);
    },
    async decryptStringAsync(encrypted) {
      const index = encrypted[0] ?? 0;
      const decipher = createDecipheriv('aes-256-gcm', keys[index] ?? '', encrypted.subarray(1, 13));
      decipher.setAuthTag(encrypted.subarray(13, 29));
      const result = decipher.update(encrypted.subarray(29), undefined, 'utf8') + decipher.final('utf8');
      return { result, shouldReEncrypt: index !== keys.length - 1 };
    },
  };
  return { safeStorage, rotate: () => keys.push(randomBytes(32)) };
}

const secret = 'ghp_planted_0123456789';

test('a secret comes back, and lies on disk encrypted and for this user only', async () => {
  const store = createSafeStorageStore({ ...createKeyring(), folder });
  await store.set('github.com/a', secret);
  expect(await store.get('github.com/a')).toBe(secret);
  const [name] = await readdir(folder);
  const file = join(folder, name ?? '');
  expect(await readFile(file, 'utf8')).not.toContain(secret);
  expect(Buffer.from(await readFile(file, 'utf8'), 'base64').toString('latin1')).not.toContain(secret);
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a secret that was never kept or was deleted is null', async () => {
  const store = createSafeStorageStore({ ...createKeyring(), folder });
  expect(await store.get('a')).toBeNull();
  await store.set('a', secret);
  await store.delete('a');
  await store.delete('a');
  expect(await store.get('a')).toBeNull();
  expect(await readdir(folder)).toEqual([]);
});

test('after the key was rotated the secret is encrypted anew', async () => {
  const { safeStorage, rotate } = createKeyring();
  const store = createSafeStorageStore({ safeStorage, folder });
  await store.set('a', secret);
  const [name] = await readdir(folder);
  const before = await readFile(join(folder, name ?? ''), 'utf8');
  rotate();
  expect(await store.get('a')).toBe(secret);
  const after = await readFile(join(folder, name ?? ''), 'utf8');
  expect(after).not.toBe(before);
  expect(Buffer.from(after, 'base64')[0]).toBe(1);
});

test('what the key does not open is absent, not an error', async () => {
  const store = createSafeStorageStore({ ...createKeyring(), folder });
  await writeFile(join(folder, 'a.secret'), Buffer.alloc(64, 7).toString('base64'));
  expect(await store.get('a')).toBeNull();
});

test('a key cannot name a file elsewhere', async () => {
  const store = createSafeStorageStore({ ...createKeyring(), folder });
  await store.set('../../outside', secret);
  expect(await readdir(folder)).toEqual(['..%2F..%2Foutside.secret']);
});

test.each<[string, Parameters<typeof createKeyring>[0], NodeJS.Platform, boolean]>([
  ['a keyring', { backend: 'gnome_libsecret' }, 'linux', true],
  ['plain text', { backend: 'basic_text' }, 'linux', false],
  ['an unknown backend', { backend: 'unknown' }, 'linux', false],
  ['no encryption', { available: false }, 'darwin', false],
  ['the keychain', { backend: 'unknown' }, 'darwin', true],
])('%s: guarded or not', async (_name, keyring, platform, expected) => {
  expect(await guardsSecrets(createKeyring(keyring).safeStorage, platform)).toBe(expected);
});
