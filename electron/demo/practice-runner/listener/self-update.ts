/** Replaces the runner's own programs by another version's, on the server's order (SelfUpdaterV2.cs). */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Settings } from '../common/configuration.ts';
import type { Release } from '../common/release.ts';
import { reasonOf } from '../common/text.ts';
import type { Trace } from '../common/trace.ts';
import { download, extract, validateHash } from './package-download.ts';
import type { Terminal } from './terminal.ts';
import { updateScript } from './update-script.ts';

interface UpdateContext {
  root: string;
  settings: Settings;
  release: Release;
  terminal: Terminal;
  trace: Trace;
  /** Aborts when the listener is being stopped. */
  shutdown: AbortSignal;
}

interface RefreshMessage {
  target_version: string;
  download_url: string;
  sha256_checksum: string;
}

/** The folders of a package that are replaced as wholes; all else in it is a script of the runner root. */
const folders: readonly string[] = ['bin', 'externals'];

/**
 * Brings the version that a `RunnerRefreshMessage` names, waits for the job that runs, and leaves a script behind that
 * exchanges the programs once this process has ended.
 * @param idle resolves when no job runs
 * @returns whether the listener has to end for it
 */
export async function updateSelf(
  context: UpdateContext,
  body: string,
  idle: () => Promise<unknown>,
): Promise<boolean> {
  const { settings, release, terminal, trace } = context;
  const message = JSON.parse(body) as RefreshMessage;
  if (settings.DisableUpdate || message.target_version === release.version) {
    trace.info('SelfUpdater', `Skip the update to ${message.target_version}.`);
    return false;
  }
  terminal.writeLine('Runner update in progress, do not shutdown runner.');
  try {
    terminal.writeLine(`Downloading ${message.target_version} runner`);
    await obtain(context, message);
    terminal.writeLine('Waiting for current job finish running.');
    await idle();
    context.shutdown.throwIfAborted();
    terminal.writeLine('Generate and execute update script.');
    startScript(context, message.target_version);
    terminal.writeLine('Runner will exit shortly for update, should be back online within 10 seconds.');
    return true;
  } catch (error) {
    trace.error('SelfUpdater', error);
    if (!context.shutdown.aborted) terminal.writeError(`Runner update failed: ${reasonOf(error)}`);
    return false;
  } finally {
    terminal.writeLine('Runner update process finished.');
  }
}

const workFolder = ({ root, settings }: UpdateContext): string => resolve(root, settings.WorkFolder);

/** Unpacks the package below `_work/_update` and lays its programs beside those in use. */
async function obtain(context: UpdateContext, message: RefreshMessage): Promise<void> {
  const { root, shutdown } = context;
  const update = join(workFolder(context), '_update');
  rmSync(update, { recursive: true, force: true });
  mkdirSync(update, { recursive: true });
  const archive = join(update, 'runner1.tar.gz');
  try {
    await download(message.download_url, archive, shutdown);
    await validateHash(archive, message.sha256_checksum);
    await extract(archive, update);
  } finally {
    rmSync(archive, { force: true });
  }
  for (const folder of folders) {
    const target = join(root, `${folder}.${message.target_version}`);
    rmSync(target, { recursive: true, force: true });
    cpSync(join(update, folder), target, { recursive: true });
  }
  for (const name of readdirSync(update).filter((entry) => !folders.includes(entry))) {
    cpSync(join(update, name), join(root, name), { recursive: true });
  }
}

function startScript(context: UpdateContext, version: string): void {
  const { root, release } = context;
  const script = join(workFolder(context), '_update.sh');
  rmSync(join(root, 'update.finished'), { force: true });
  const text = updateScript({ root, pid: process.pid, from: release.version, to: version });
  writeFileSync(script, text, { mode: 0o755 });
  spawn('bash', [script], { cwd: root, stdio: 'ignore' }).unref();
}
