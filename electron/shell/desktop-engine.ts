/** Opens the engine for the desktop: secrets in the system's safe store, practice runners on a plain Node. */
import { join } from 'node:path';
import type { App, SafeStorage } from 'electron';
import { createEngine, type Engine } from '../engine.ts';
import type { PanelCommand } from '../panel-server/command.ts';
import { createMemorySecretStore } from '../platform/secrets.ts';
import { createSafeStorageStore, guardsSecrets } from './safe-storage.ts';

export interface Resources {
  /** A plain Node: Electron's own binary cannot stand in for it, as its `runAsNode` fuse is off. */
  nodePath: string;
  /** The bundled practice runner, as real files outside the application's archive. */
  practiceRunnerFolder: string;
}

/** Where the application's own resources lie, in a packaged application and in a checkout. */
export function findResources(options: {
  isPackaged: boolean;
  resourcesFolder: string;
  outFolder: string;
  platform: NodeJS.Platform;
}): Resources {
  const { isPackaged, resourcesFolder, outFolder, platform } = options;
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const checkout = join(outFolder, '..');
  return {
    nodePath: isPackaged
      ? join(resourcesFolder, 'node', 'bin', name)
      : join(checkout, 'node_modules', 'node', 'bin', name),
    practiceRunnerFolder: join(isPackaged ? resourcesFolder : outFolder, 'practice-runner'),
  };
}

/**
 * Opens the engine. Where the system does not guard secrets they are kept in memory only, and the panel says so.
 * @throws TracksideError CONFLICT when another engine has the data folder
 */
export async function openDesktopEngine(options: {
  app: Pick<App, 'isPackaged' | 'getVersion'>;
  command: PanelCommand;
  outFolder: string;
  safeStorage: SafeStorage;
}): Promise<Engine> {
  const { app, command, outFolder, safeStorage } = options;
  const { platform, resourcesPath } = process;
  const folder = join(command.folders.dataFolder, 'secrets');
  const secrets = (await guardsSecrets(safeStorage, platform))
    ? createSafeStorageStore({ safeStorage, folder })
    : createMemorySecretStore();
  return createEngine({
    ...command.folders,
    ...findResources({ isPackaged: app.isPackaged, resourcesFolder: resourcesPath, outFolder, platform }),
    secrets,
    version: app.getVersion(),
    demo: command.demo,
  });
}
