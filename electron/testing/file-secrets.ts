/** A secret store for tests that outlives its process, as a keyring does. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretStore } from '../platform/secrets.ts';

/** Keeps each secret in a file of `folder`, which is outside everything the engine writes. */
export function createFileSecrets(folder: string): SecretStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (key: string): string => join(folder, encodeURIComponent(key));
  return {
    kind: 'keyring',
    async get(key) {
      try {
        return readFileSync(pathOf(key), 'utf8');
      } catch {
        return null;
      }
    },
    set: async (key, value) => writeFileSync(pathOf(key), value, { mode: 0o600 }),
    delete: async (key) => rmSync(pathOf(key), { force: true }),
  };
}
