/** Brings a runner package onto the disk, its checksum proven, and unpacks it (SelfUpdaterV2.cs). */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { statusError } from '../common/http.ts';

/** Streams it into a file: a package is larger than what a listener may hold. @throws when it cannot be had */
export async function download(url: string, file: string, signal: AbortSignal): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, signal, headers: { 'User-Agent': 'GitHubActionsRunner' } }, resolve).once(
      'error',
      reject,
    );
  });
  if (answer.statusCode !== 200) {
    answer.resume();
    throw new Error(statusError(answer.statusCode ?? 0));
  }
  await pipeline(answer, createWriteStream(file), { signal });
}

/** @throws when the file has another SHA-256 */
export async function validateHash(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  const computed = hash.digest('hex');
  if (computed === expected.toLowerCase()) return;
  throw new Error(
    `Computed runner hash ${computed} did not match expected Runner Hash ${expected} for ${file}`,
  );
}

/** Unpacks a `.tar.gz` with the host's tar, as actions/runner does. @throws when tar fails */
export async function extract(file: string, folder: string): Promise<void> {
  const code = await exitOf(spawn('tar', ['-xzf', file], { cwd: folder, stdio: 'ignore' }));
  if (code !== 0)
    throw new Error(`Can't use 'tar -xzf' to extract archive file: ${file}. return code: ${code}.`);
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
}
