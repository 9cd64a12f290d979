/** Connections to forges: a token each, kept in the safest store there is, never given back and never on our own disk. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import {
  type Connection,
  connectionSchema,
  type PermissionReport,
  type Problem,
} from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Records } from '../platform/records.ts';
import type { SecretStore } from '../platform/secrets.ts';
import { createConnectionTokens, tokenGone } from './connection-tokens.ts';
import type { CreateForge, Forge } from './forge.ts';
import { forgeAddress, parseRepository } from './github/addresses.ts';
import { readToken } from './github/token-format.ts';
import { type TokenPage, tokenPage } from './github/token-page.ts';
import { createGitHubCli, type GitHubCli } from './github-cli.ts';

/** What is on disk of a connection: everything but the token. */
export const connectionRecordSchema = connectionSchema.pick({
  id: true,
  forge: true,
  webUrl: true,
  apiUrl: true,
  login: true,
  demo: true,
  tokenStore: true,
  expiresAt: true,
});
export type ConnectionRecord = z.infer<typeof connectionRecordSchema>;

export interface Credentials {
  /** As pasted; a secret. */
  token: string;
  /** null = github.com */
  apiUrl: string | null;
  /** owner/name to check rights on; null = only the token itself. */
  repository: string | null;
}

export interface Connections {
  /** Yields the report again each time another check has ended. Keeps nothing. */
  check(credentials: Credentials, signal?: AbortSignal): AsyncGenerator<PermissionReport>;
  /** Connects, or gives an existing connection of the same account its new token. */
  add(credentials: Credentials): Promise<Connection>;
  githubCli(): Promise<{ available: boolean; host: string | null; login: string | null }>;
  addGithubCli(input: { repository: string | null }): Promise<Connection>;
  addWithToken(input: { apiUrl: string; webUrl: string; token: string; demo: boolean }): Promise<Connection>;
  tokenPage(input: { apiUrl: string | null; repository: string | null }): TokenPage;
  /** Forgets the token. Whether it is still used is for the caller to ask. */
  remove(connectionId: string): Promise<void>;
  get(connectionId: string): Connection;
  /** @throws TracksideError UNKNOWN, or TOKEN_REFUSED when there is no token for it any more */
  forge(connectionId: string): Forge;
  /** Takes in how a call to the forge went: a refused token makes the connection unusable, a good answer usable. */
  note(connectionId: string, outcome: unknown): void;
  dispose(): void;
}

export interface ConnectionsOptions {
  board: BoardPublisher;
  store: Records<ConnectionRecord>;
  secrets: SecretStore;
  createForge: CreateForge;
  clock: Clock;
  /** The `gh` of this machine by default. */
  githubCli?: GitHubCli;
}

/** Budget figures change with every request; the board gets them at most this often. */
const budgetPeriodMs = 2000;

/** Loads the connections of earlier and their tokens, and shows them on the board. */
export async function createConnections(options: ConnectionsOptions): Promise<Connections> {
  const { board, store, secrets, createForge, clock, githubCli = createGitHubCli() } = options;
  const tokens = createConnectionTokens(secrets);
  const forges = new Map<string, Forge>();
  const cancelBudget = new Map<string, () => void>();

  const rowOf = (id: string): Connection | undefined => board.current().connections[id];
  const get = (id: string): Connection => {
    const row = rowOf(id);
    if (!row)
      throw new TracksideError('UNKNOWN', 'This connection is not there any more.', {
        remedy: 'Connect again with a token.',
      });
    return row;
  };
  const show = (id: string, change: Partial<Connection>): void => {
    const row = rowOf(id);
    if (row) board.set('connections', id, { ...row, ...change });
  };

  const showBudgetSoon = (id: string): void => {
    if (cancelBudget.has(id)) return;
    const cancel = clock.after(budgetPeriodMs, () => {
      cancelBudget.delete(id);
      const budget = forges.get(id)?.budget();
      if (budget) show(id, { budget });
    });
    cancelBudget.set(id, cancel);
  };
  const open = (record: ConnectionRecord, token: string): Forge => {
    const forge = createForge({ apiUrl: record.apiUrl, token, onBudget: () => showBudgetSoon(record.id) });
    forges.set(record.id, forge);
    return forge;
  };

  const load = async (record: ConnectionRecord): Promise<void> => {
    const token = await tokens.load(record);
    const known = typeof token === 'string';
    if (known) open(record, token);
    board.set('connections', record.id, {
      ...record,
      usable: known,
      problem: known ? null : token,
      budget: null,
      spending: null,
    });
  };

  const connect = async (input: {
    apiUrl: string;
    webUrl: string;
    token: string;
    demo: boolean;
  }): Promise<Connection> => {
    const account = await createForge({ apiUrl: input.apiUrl, token: input.token }).account();
    const login = account.login ?? 'unknown';
    const same = store
      .all()
      .find((row) =>
        input.demo ? row.demo : !row.demo && row.apiUrl === input.apiUrl && row.login === login,
      );
    const id = same?.id ?? randomUUID();
    const tokenStore = await tokens.keep(id, input.token, input.demo);
    const record: ConnectionRecord = {
      id,
      forge: 'github',
      webUrl: input.webUrl,
      apiUrl: input.apiUrl,
      login,
      demo: input.demo,
      tokenStore,
      expiresAt: account.expiresAt,
    };
    await store.put(record);
    const forge = open(record, input.token);
    const row: Connection = {
      ...record,
      usable: true,
      problem: null,
      budget: forge.budget(),
      spending: null,
    };
    board.set('connections', id, row);
    return row;
  };

  const assertGood = (pasted: string): string => {
    const { token, problem } = readToken(pasted);
    if (problem)
      throw new TracksideError('TOKEN_REFUSED', problem.detail, { remedy: problem.remedy, field: 'token' });
    return token;
  };
  const cliLogin = async () => {
    const found = await githubCli.login();
    const token = found && (await githubCli.token(found.host));
    if (!found || !token) {
      throw new TracksideError('UNKNOWN', 'The GitHub CLI is not logged in on this machine.', {
        remedy: 'Run "gh auth login", or paste a token.',
      });
    }
    return { ...found, token };
  };

  await Promise.all(store.all().map(load));

  return {
    get,
    async *check({ token, apiUrl, repository }, signal) {
      const forge = createForge({ apiUrl: forgeAddress(apiUrl).apiUrl, token });
      yield* forge.checkPermissions(repository, signal);
    },
    async add({ token, apiUrl }) {
      const address = forgeAddress(apiUrl);
      return connect({ ...address, token: assertGood(token), demo: false });
    },
    async githubCli() {
      const found = await githubCli.login();
      return { available: found !== null, host: found?.host ?? null, login: found?.login ?? null };
    },
    async addGithubCli({ repository }) {
      const { host, token } = await cliLogin();
      const address = forgeAddress(host);
      await assertSufficient(createForge({ apiUrl: address.apiUrl, token }), repository);
      return connect({ ...address, token, demo: false });
    },
    addWithToken: connect,
    tokenPage: ({ apiUrl, repository }) =>
      tokenPage(forgeAddress(apiUrl), repository === null ? null : parseRepository(repository)),
    async remove(id) {
      get(id);
      // The record goes last: should the keyring fail, the connection is still there to be removed again.
      await tokens.forget(id);
      await store.delete(id);
      forges.delete(id);
      cancelBudget.get(id)?.();
      cancelBudget.delete(id);
      board.delete('connections', id);
    },
    forge(id) {
      const row = get(id);
      const forge = forges.get(id);
      if (forge) return forge;
      const { message, remedy } = row.problem ?? tokenGone(row);
      throw new TracksideError('TOKEN_REFUSED', message, { remedy });
    },
    note(id, outcome) {
      const row = rowOf(id);
      if (!row || !forges.has(id)) return;
      const refused = outcome instanceof TracksideError && outcome.code === 'TOKEN_REFUSED' ? outcome : null;
      if (!refused && outcome instanceof Error) return;
      const problem = refused && refusedProblem(row, refused, clock.now());
      if (row.usable !== (problem === null)) show(id, { usable: problem === null, problem });
    },
    dispose() {
      for (const cancel of cancelBudget.values()) cancel();
      cancelBudget.clear();
    },
  };
}

/** @throws TracksideError with the first thing that the token lacks */
async function assertSufficient(forge: Forge, repository: string | null): Promise<void> {
  let report: PermissionReport | null = null;
  for await (const next of forge.checkPermissions(repository)) report = next;
  const lacking = report?.checks.find(({ required, status }) => required && status !== 'ok');
  if (!lacking) return;
  throw new TracksideError(
    lacking.id === 'network' ? 'FORGE_UNREACHABLE' : 'PERMISSION_MISSING',
    lacking.detail,
    { remedy: lacking.remedy },
  );
}

/** Says that the token has expired where its end is known; the forge itself does not tell why it refuses. */
function refusedProblem(
  { login, expiresAt, webUrl }: Connection,
  refused: TracksideError,
  now: number,
): Problem {
  const { code, message, data } = refused;
  if (expiresAt === null || expiresAt > now) return { code, message, remedy: data.remedy };
  const day = new Date(expiresAt).toISOString().slice(0, 10);
  return {
    code,
    message: `The token of ${login} expired on ${day}.`,
    remedy: `Make a new one at ${webUrl}/settings/personal-access-tokens and connect again.`,
  };
}
