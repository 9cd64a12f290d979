/** Looks for secrets in everything that lies on the disk, in plain words and in the usual disguises. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyToken } from '../demo/github/signed-tokens.ts';

export interface Finding {
  where: string;
  /** The secret's name, never its value. */
  secret: string;
}

/** The ways in which a secret may stand somewhere. */
function disguises(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [...new Set([secret, encodeURIComponent(secret), base64, JSON.stringify(secret).slice(1, -1)])];
}

/** Which of the secrets (by name) a text has. */
export function secretsIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, value]) =>
    disguises(value).some((form) => text.includes(form)) ? [name] : [],
  );
}

/** Tokens in a text that were signed with the demo GitHub's key: those of runners and their registration. */
export function signedTokensIn(text: string, signingKey: string): string[] {
  const candidates = text.match(/eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}/g) ?? [];
  return candidates.filter((candidate) => verifyToken(candidate, signingKey, 0) !== undefined);
}

/** Every regular file below a folder with its content as latin1. Links are not followed. */
export async function* filesBelow(folder: string): AsyncGenerator<{ path: string; content: string }> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry);
    const isFile = await lstat(path).then(
      (stats) => stats.isFile(),
      () => false,
    );
    if (!isFile) continue;
    // A temporary file may be gone by now.
    const content = await readFile(path, 'latin1').catch(() => null);
    if (content !== null) yield { path, content };
  }
}

/** Every place below the folders where one of the secrets lies; a file's own path counts as a place too. */
export async function searchDisk(
  folders: readonly string[],
  secrets: Readonly<Record<string, string>>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const folder of folders) {
    for await (const { path, content } of filesBelow(folder)) {
      for (const secret of secretsIn(`${path}\n${content}`, secrets)) findings.push({ where: path, secret });
    }
  }
  return findings;
}
