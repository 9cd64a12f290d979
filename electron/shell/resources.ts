/** What the application brings along besides its own code; see `electron-builder.yml`. */
import { join } from 'node:path';

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
    practiceRunnerFolder: isPackaged
      ? join(resourcesFolder, 'headless', 'out', 'practice-runner')
      : join(outFolder, 'practice-runner'),
  };
}
