/** electron-builder's hook before it packs for one platform: puts the plain Node that the application ships in place. */
import { join } from 'node:path';
import type { AfterPackContext } from 'electron-builder';
import nodePackage from 'node/package.json' with { type: 'json' };
import { fetchNode, type NodeArch, type NodeOs } from './fetch-node.ts';

/** Node's own place for its releases; a mirror laid out alike may be named instead. */
const releases = process.env.NODEJS_ORG_MIRROR ?? 'https://nodejs.org/dist';

const systems: Record<string, NodeOs> = { darwin: 'mac', linux: 'linux', win32: 'win' };
const architectures: Record<number, NodeArch> = { 1: 'x64', 3: 'arm64' };

/** Called by electron-builder with the platform and the architecture (its own numbers) that it packs for. */
export async function beforePack(
  context: Pick<AfterPackContext, 'electronPlatformName' | 'arch'>,
): Promise<void> {
  const os = systems[context.electronPlatformName];
  const arch = architectures[context.arch];
  if (!os || !arch) {
    throw new Error(`No Node is known for ${context.electronPlatformName}, architecture ${context.arch}.`);
  }
  const folder = join(import.meta.dirname, '..', 'dist', 'node', `${os}-${arch}`);
  await fetchNode({ releases, version: nodePackage.version, os, arch, folder });
}
