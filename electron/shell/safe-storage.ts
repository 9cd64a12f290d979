/** Keeps secrets encrypted with a key that the operating system guards for this application. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SafeStorage } from 'electron';
import { writeFileAtomically } from '../platform/records.ts';
import type { SecretStore } from '../platform/secrets.ts';

export type UsedSafeStorage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>;

/**
 * Whether the system really guards the key. On Linux without a keyring Electron falls back to a key that everybody
 * knows (`basic_text`), which protects nothing.
 */
export async function guardsSecrets(
  safeStorage: UsedSafeStorage,
  platform: NodeJS.Platform,
): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  if (platform !== 'linux') return true;
  const backend = safeStorage.getSelectedStorageBackend();
  return backend !== 'basic_text' && backend !== 'unknown';
}

/**
 * Opens the store; each secret is one encrypted file in `folder`, readable by this user only. Only to be used where
 * `guardsSecrets` is true, and after the application is ready.
 */
export function createSafeStorageStore(options: {
  safeStorage: UsedSafeStorage;
  folder: string;
}): SecretStore {
  const { safeStorage, folder } = options;
  const fileOf = (key: string): string => join(folder, `${encodeURIComponent(key)}.secret`);

  async function set(key: string, secret: string): Promise<void> {
    const encrypted = await safeStorage.encryptStringAsync(secret);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomically(fileOf(key), encrypted.toString('base64'));
  }

  return {
    kind: 'safe-storage',
    set,
    async get(key) {
      const encoded = await readFile(fileOf(key), 'utf8').catch(() => null);
      if (encoded === null) return null;
      const encrypted = Buffer.from(encoded, 'base64');
      // A secret that the system's key no longer opens (another user, a reset keyring) is as good as absent.
      const first = await safeStorage.decryptStringAsync(encrypted).catch(() => null);
      if (!first?.shouldReEncrypt) return first?.result ?? null;
      const { result } = await safeStorage.decryptStringAsync(encrypted);
      await set(key, result);
      return result;
    },
    delete: (key) => rm(fileOf(key), { force: true }),
  };
}
