/** What the health of every runner here hangs on alike: the disk of their folders and this machine's memory. */
import { freemem, totalmem } from 'node:os';
import { diskSpace } from '../../platform/disk.ts';
import type { HostFacts } from './checks.ts';

/** @param folder holds the runners' folders */
export async function readHostFacts(folder: string): Promise<HostFacts> {
  return {
    disk: await diskSpace(folder).catch(() => null),
    // What programs can have: on Linux libuv reads MemAvailable.
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
  };
}
