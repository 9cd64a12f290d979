/** Opens the engine for the desktop: secrets in the system's safe store, practice runners on a plain Node. */
import { join } from 'node:path';
import type { App, SafeStorage } from 'electron';
import { withLocalSocket } from '../doors/local-socket.ts';
import { createEngine, type Engine } from '../engine.ts';
import type { PanelCommand } from '../panel-server/command.ts';
import { routeThroughProxy } from '../platform/proxy.ts';
import { createMemoryStore } from '../platform/secrets.ts';
import { findResources } from './resources.ts';
import { createSafeStorageStore, guardsSecrets } from './safe-storage.ts';

/**
 * Opens the engine. Where the system does not guard secrets they are kept in memory only, and the panel says so.
 * @throws TracksideError CONFLICT when another engine has the data folder
 */
export async function openDesktopEngine(options: {
  app: Pick<App, 'isPackaged' | 'getVersion'>;
  command: PanelCommand;
  outFolder: string;
  safeStorage: SafeStorage;
  /** Called when the engine was asked to end and can be disposed of. */
  onQuit: () => void;
}): Promise<Engine> {
  const { app, command, outFolder, safeStorage, onQuit } = options;
  const { platform, resourcesPath } = process;
  routeThroughProxy();
  const folder = join(command.folders.dataFolder, 'secrets');
  const secrets = (await guardsSecrets(safeStorage, platform))
    ? createSafeStorageStore({ safeStorage, folder })
    : createMemoryStore();
  const engine = await createEngine({
    ...command.folders,
    ...findResources({ isPackaged: app.isPackaged, resourcesFolder: resourcesPath, outFolder, platform }),
    secrets,
    version: app.getVersion(),
    demo: command.demo,
    onQuit,
  });
  return withLocalSocket(engine, command.folders.dataFolder);
}
