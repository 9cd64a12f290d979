/** The tokens of connections in the safe store, with this process's memory where that fails. */
import type { Connection, Problem, TokenStore } from '../../shared/model.ts';
import { createMemoryStore, type SecretStore } from '../platform/secrets.ts';

type Kept = Pick<Connection, 'id' | 'demo' | 'tokenStore'>;

export interface ConnectionTokens {
  /** The token of a connection of earlier, or why there is none. */
  load(connection: Kept): Promise<string | Problem>;
  /** Keeps a token; resolves to where it is now. The demo's is made anew at every start, so memory does for it. */
  keep(connectionId: string, token: string, demo: boolean): Promise<TokenStore>;
  /** Rejects when the safe store cannot be reached. */
  forget(connectionId: string): Promise<void>;
}

/** Why a connection of earlier has no token now. */
export function tokenGone({ demo, tokenStore }: Kept): Problem {
  const code = 'TOKEN_REFUSED';
  if (demo) return { code, message: 'The demo GitHub is not running.', remedy: 'Open the demo again.' };
  return {
    code,
    message:
      tokenStore === 'memory'
        ? 'The token of this connection is gone: it was only kept in memory, and Trackside was restarted since.'
        : 'The token of this connection is not in the store where it was kept; it was deleted there, or Trackside was started another way.',
    remedy: 'Connect again with a token.',
  };
}

function tokenUnreadable(): Problem {
  return {
    code: 'TOKEN_REFUSED',
    message: 'The token of this connection cannot be read from where it is kept.',
    remedy: "Unlock the system's keyring and restart Trackside, or connect again with a token.",
  };
}

const keyOf = (connectionId: string): string => `connection ${connectionId}`;

/** @param secrets the safest store there is */
export function createConnectionTokens(secrets: SecretStore): ConnectionTokens {
  const memory = createMemoryStore();
  return {
    async load(connection) {
      try {
        return (await secrets.get(keyOf(connection.id))) ?? tokenGone(connection);
      } catch {
        return tokenUnreadable();
      }
    },
    async keep(id, token, demo) {
      if (!demo) {
        try {
          await secrets.set(keyOf(id), token);
          return secrets.kind;
        } catch {
          // Told by the store's name at the connection; the next start asks for the token again.
        }
      }
      await memory.set(keyOf(id), token);
      return memory.kind;
    },
    async forget(id) {
      await Promise.all([secrets.delete(keyOf(id)), memory.delete(keyOf(id))]);
    },
  };
}
