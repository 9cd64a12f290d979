/** Fetches one Node binary of one release and checks it against the release's list of SHA-256 digests. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract } from 'tar';

export type NodeOs = 'mac' | 'linux' | 'win';
export type NodeArch = 'x64' | 'arm64';

export interface FetchNodeOptions {
  /** Address under which each release is a folder `v<version>`, as on nodejs.org. */
  releases: string;
  version: string;
  os: NodeOs;
  arch: NodeArch;
  /** Gets `bin/node` or `bin/node.exe`; nothing is fetched when it is there already. */
  folder: string;
}

/** The release's file that holds the binary: Windows has it by itself, others within an archive. */
function releaseFile({ version, os, arch }: FetchNodeOptions): string {
  if (os === 'win') return `win-${arch}/node.exe`;
  return `node-v${version}-${os === 'mac' ? 'darwin' : 'linux'}-${arch}.tar.gz`;
}

async function download(address: string): Promise<Buffer> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered with ${answer.status}.`);
  return Buffer.from(await answer.arrayBuffer());
}

/** @throws Error when the release or the file is not there, or its digest is not the listed one */
export async function fetchNode(options: FetchNodeOptions): Promise<void> {
  const { releases, version, os, folder } = options;
  const target = join(folder, 'bin', os === 'win' ? 'node.exe' : 'node');
  if (await stat(target).catch(() => null)) return;
  const name = releaseFile(options);
  const release = `${releases}/v${version}`;
  const list = (await download(`${release}/SHASUMS256.txt`)).toString('utf8');
  const expected = list
    .split('\n')
    .map((line) => line.split(/\s+/))
    .find(([, file]) => file === name)?.[0];
  if (!expected) throw new Error(`Release v${version} of Node lists no ${name}.`);
  const content = await download(`${release}/${name}`);
  const actual = createHash('sha256').update(content).digest('hex');
  if (actual !== expected) throw new Error(`${name} has the SHA-256 ${actual}, but ${expected} is listed.`);
  await mkdir(dirname(target), { recursive: true });
  if (os === 'win') await writeFile(target, content);
  else await placeBinary(content, target);
}

/** Takes `bin/node` out of a release's archive. */
async function placeBinary(archive: Buffer, target: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(target), 'unpack-'));
  try {
    const file = join(folder, 'node.tar.gz');
    await writeFile(file, archive);
    await extract({ file, cwd: folder, strip: 1, filter: (path) => /^[^/]+\/bin\/node$/.test(path) });
    await rename(join(folder, 'bin', 'node'), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
