/** What the archive's builder wrote down about this release. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Release {
  version: string;
  os: 'Linux' | 'macOS';
  architecture: 'X64' | 'ARM64';
}

/** Path below the runner root. */
export const releaseFile = 'bin/release.json';

/** @throws when the file is missing */
export function readRelease(root: string): Release {
  return JSON.parse(readFileSync(join(root, releaseFile), 'utf8')) as Release;
}
