/**
 * Where tokens are kept: the system's keyring where it works, else only the memory of this process. The desktop's safe
 * store implements the same interface in `shell/`.
 */
import { randomUUID } from 'node:crypto';
import type { TokenStore } from '../../shared/model.ts';

export interface SecretStore {
  /** What a person is told about where tokens are. */
  readonly kind: TokenStore;
  /** The secret kept under `key`; null when there is none. Rejects when the store cannot be read. */
  get(key: string): Promise<string | null>;
  /** Rejects when the store does not take it. */
  set(key: string, value: string): Promise<void>;
  /** Does nothing when there is no such secret. */
  delete(key: string): Promise<void>;
}

/** Keeps secrets until this process ends. */
export function createMemoryStore(): SecretStore {
  const secrets = new Map<string, string>();
  return {
    kind: 'memory',
    get: async (key) => secrets.get(key) ?? null,
    set: async (key, value) => void secrets.set(key, value),
    delete: async (key) => void secrets.delete(key),
  };
}

/** A keyring that hangs (a locked collection without anybody to unlock it) must not hold up the panel. */
const defaultProbeTimeoutMs = 5000;
/** Later a person may be asked to unlock it. */
const useTimeoutMs = 60_000;

type Keyring = (key: string) => {
  setPassword(password: string, signal?: AbortSignal): Promise<void>;
  getPassword(signal?: AbortSignal): Promise<string | null>;
  deleteCredential(signal?: AbortSignal): Promise<boolean>;
};

/**
 * On Linux only the Secret Service counts: the kernel's keyring, to which the library falls back, forgets everything when
 * the machine restarts.
 */
async function openKeyring(service: string): Promise<Keyring> {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  return (key) => new AsyncEntry(service, key, { linux: { store: 'secret-service' } });
}

/** Native calls do not always heed a signal; the caller is let go in any case. */
function within<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work(signal).then(resolve, reject);
  });
}

/** Writes, reads and deletes a scratch entry: only that shows that the keyring works. */
async function assertWorks(keyring: Keyring, timeoutMs: number): Promise<void> {
  const scratch = randomUUID();
  const entry = keyring(`probe ${scratch}`);
  // Without the signal: a probe that nobody waits for any more still clears up behind itself.
  await within(timeoutMs, async () => {
    await entry.setPassword(scratch);
    const read = await entry.getPassword();
    await entry.deleteCredential();
    if (read !== scratch) throw new Error('The keyring gave back something else than was put into it.');
  });
}

/**
 * The system's keyring (macOS Keychain, Windows Credential Manager, the Secret Service on Linux), or the memory store
 * when it does not work here; `kind` says which.
 * @param options.service name under which entries are filed
 */
export async function createKeyringStore(
  options: { service?: string; probeTimeoutMs?: number } = {},
): Promise<SecretStore> {
  const { service = 'Trackside', probeTimeoutMs = defaultProbeTimeoutMs } = options;
  let keyring: Keyring;
  try {
    keyring = await openKeyring(service);
    await assertWorks(keyring, probeTimeoutMs);
  } catch {
    return createMemoryStore();
  }
  return {
    kind: 'keyring',
    get: (key) => within(useTimeoutMs, (signal) => keyring(key).getPassword(signal)),
    set: (key, value) => within(useTimeoutMs, (signal) => keyring(key).setPassword(value, signal)),
    delete: async (key) => {
      await within(useTimeoutMs, (signal) => keyring(key).deleteCredential(signal));
    },
  };
}
