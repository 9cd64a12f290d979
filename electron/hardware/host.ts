/** What this machine is. The quick part is known at once; the model of its processor is looked up later. */
import { arch, availableParallelism, cpus, hostname, platform, totalmem } from 'node:os';
import type { Host } from '../../shared/model.ts';
import type { PackageTarget } from '../forges/forge.ts';

const packageOs: Partial<Record<NodeJS.Platform, PackageTarget['os']>> = {
  linux: 'linux',
  darwin: 'osx',
  win32: 'win',
};
const packageArchitecture: Record<string, PackageTarget['architecture']> = {
  x64: 'x64',
  arm64: 'arm64',
  arm: 'arm',
};

/** The runner package that fits this machine; null when the forge has none for it. */
export function packageTarget(): PackageTarget | null {
  const os = packageOs[platform()];
  const architecture = packageArchitecture[arch()];
  return os && architecture ? { os, architecture } : null;
}

/** Memory this process may use: a container's limit where there is one, else the machine's. In bytes. */
function availableMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}

/** The facts that cost nothing to read. */
export function quickHostFacts(): Host {
  const os =
    ({ linux: 'linux', darwin: 'macos', win32: 'windows' } as const)[platform() as 'linux'] ?? 'other';
  return {
    hostname: hostname(),
    os,
    architecture: arch().toUpperCase(),
    cores: availableParallelism(),
    memoryBytes: availableMemoryBytes(),
    cpuModel: null,
    unsupported: unsupportedReason(),
  };
}

function unsupportedReason(): string | null {
  if (platform() === 'win32') {
    return 'Runners on Windows hosts are not supported yet: they are watched here, and deployed from Linux or macOS.';
  }
  return packageTarget() ? null : `GitHub offers no runner for ${platform()} on ${arch()}.`;
}

/**
 * The processor's marketing name, e.g. "AMD EPYC 7763"; null where the machine does not tell.
 * Loads systeminformation only when called: it is slow to start (facts measured 30–50 ms).
 */
export async function detectCpuModel(): Promise<string | null> {
  const { cpu } = await import('systeminformation');
  const { manufacturer, brand } = await cpu();
  const named = `${manufacturer} ${brand}`.trim();
  const fallback = cpus()[0]?.model ?? '';
  return named || (fallback === 'unknown' ? '' : fallback) || null;
}
