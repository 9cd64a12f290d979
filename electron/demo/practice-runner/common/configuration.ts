/** The files that hold a runner's configuration, as actions/runner writes them. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Settings {
  AgentId: number;
  AgentName: string;
  PoolId: number;
  PoolName: string;
  ServerUrl: string;
  /** Absent or empty for runners with a JIT configuration. */
  GitHubUrl?: string;
  WorkFolder: string;
  UseV2Flow: boolean;
  ServerUrlV2: string;
  DisableUpdate?: true;
  Ephemeral?: true;
}

export interface Credentials {
  clientId: string;
  authorizationUrl: string;
  /** PKCS 8 PEM; lies in a file of its own that only its owner may read. */
  privateKey: string;
}

const byteOrderMark = '\uFEFF';
const names = { settings: '.runner', credentials: '.credentials', key: '.credentials_rsaparams' } as const;

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8').replace(byteOrderMark, ''));
}

export function isConfigured(root: string): boolean {
  return existsSync(join(root, names.settings));
}

export function hasCredentials(root: string): boolean {
  return existsSync(join(root, names.credentials));
}

/** @throws when the file is missing or is not JSON */
export function readSettings(root: string): Settings {
  return readJson(join(root, names.settings)) as Settings;
}

/** @throws when a file is missing or is not JSON */
export function readCredentials(root: string): Credentials {
  const { Data } = readJson(join(root, names.credentials)) as { Data: Omit<Credentials, 'privateKey'> };
  const { clientId, authorizationUrl } = Data;
  return { clientId, authorizationUrl, privateKey: readFileSync(join(root, names.key), 'utf8') };
}

export function writeCredentials(root: string, { privateKey, ...data }: Credentials): void {
  writeMarked(join(root, names.credentials), { Scheme: 'OAuth', Data: data });
  writeFileSync(join(root, names.key), privateKey, { mode: 0o600 });
}

export function writeSettings(root: string, settings: Settings): void {
  writeMarked(join(root, names.settings), settings);
}

function writeMarked(path: string, content: unknown): void {
  writeFileSync(path, `${byteOrderMark}${JSON.stringify(content, null, 2)}`);
}

/**
 * Writes the files of an encoded JIT configuration.
 * @throws when it is not base64 of a JSON object of base64 texts
 */
export function writeJitConfiguration(root: string, encoded: string): void {
  const files = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<string, string>;
  for (const name of Object.values(names)) {
    const content = files[name];
    if (content === undefined) throw new Error(`The JIT configuration has no ${name}.`);
    writeFileSync(join(root, name), Buffer.from(content, 'base64'), { mode: 0o600 });
  }
}

export function deleteCredentials(root: string): void {
  rmSync(join(root, names.credentials), { force: true });
  rmSync(join(root, names.key), { force: true });
}

export function deleteSettings(root: string): void {
  rmSync(join(root, names.settings), { force: true });
}
