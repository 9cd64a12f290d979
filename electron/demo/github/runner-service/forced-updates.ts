/** The fault `forced-update`: which runner is to update itself, and the message that tells it (SelfUpdaterV2.cs). */
import type { FaultSwitches } from '../../faults.ts';
import type { Archives } from '../archives.ts';
import type { RunnerRecord } from '../model.ts';
import { isNewer } from '../releases.ts';

const path = '/_runner/broker/message';

export interface ForcedUpdates {
  /** The version that a runner of this name and version is to have; null when it may stay as it is. */
  wanted(runner: { name: string; version: string }): string | null;
  /** Counts an order as given. */
  take(runner: { name: string }): void;
  /** The body of the `RunnerRefreshMessage`. @param root `http://HOST`, from where the package is downloaded */
  body(runner: RunnerRecord, version: string, root: string): Promise<string>;
}

export function createForcedUpdates(options: { faults: FaultSwitches; archives: Archives }): ForcedUpdates {
  const { faults, archives } = options;
  return {
    wanted({ name, version }) {
      const order = faults
        .list()
        .find((fault) => fault.kind === 'forced-update' && (!fault.runner || fault.runner === name));
      return order?.version && isNewer(order.version, version) ? order.version : null;
    },
    take({ name }) {
      faults.take('forced-update', { path, method: 'GET', runner: name });
    },
    async body(runner, version, root) {
      const os = runner.os === 'macOS' ? 'osx' : 'linux';
      const architecture = runner.architecture === 'ARM64' ? 'arm64' : 'x64';
      const { filename, sha256 } = await archives.find({ os, architecture }, version);
      return JSON.stringify({
        runner_id: String(runner.id),
        target_version: version,
        download_url: `${root}/actions/runner/releases/download/v${version}/${filename}`,
        sha256_checksum: sha256,
        os,
      });
    },
  };
}
