/** The files that hold a runner's configuration, as actions/runner writes them. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Settings {
  AgentId: number;
  AgentName: string;
  PoolId: number;
  PoolName: string;
  ServerUrl: string;
  /** Empty for runners with a JIT configuration. */
  GitHubUrl: string;
  WorkFolder: string;
  UseV2Flow: boolean;
  ServerUrlV2: string;
  DisableUpdate?: true;
  Ephemeral?: true;
}

export interface Credentials {
  clientId: string;
  authorizationUrl: string;
  /** PKCS 8 PEM; lies in a file of its own, readable by its owner only. */
  privateKey: string;
}

const byteOrderMark = '\uFEFF';
const files = ['.runner', '.credentials', '.credentials_rsaparams'] as const;

const readJson = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path, 'utf8').replace(byteOrderMark, '')) as Record<string, unknown>;

export function isConfigured(root: string): boolean {
  return existsSync(join(root, '.runner'));
}

export function readSettings(root: string): Settings {
  return readJson(join(root, '.runner')) as unknown as Settings;
}

export function readCredentials(root: string): Credentials {
  const { Data } = readJson(join(root, '.credentials')) as { Data: Omit<Credentials, 'privateKey'> };
  return { ...Data, privateKey: readFileSync(join(root, '.credentials_rsaparams'), 'utf8') };
}

export function writeConfiguration(root: string, settings: Settings, credentials: Credentials): void {
  const { privateKey, ...data } = credentials;
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(root, name), `${byteOrderMark}${JSON.stringify(content, null, 2)}`);
  write('.runner', settings);
  write('.credentials', { Scheme: 'OAuth', Data: data });
  writeFileSync(join(root, '.credentials_rsaparams'), privateKey, { mode: 0o600 });
}

/** Writes the files of an encoded JIT configuration. */
export function writeJitConfiguration(root: string, encoded: string): void {
  const decoded = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<string, string>;
  for (const name of files) {
    const content = Buffer.from(decoded[name] ?? '', 'base64');
    writeFileSync(join(root, name), content, { mode: 0o600 });
  }
}

/** Deletes the local configuration. @returns the names deleted */
export function deleteConfiguration(root: string): string[] {
  const present = [...files].reverse().filter((name) => existsSync(join(root, name)));
  for (const name of present) rmSync(join(root, name));
  return present;
}
