/**
 * Looks for Electron's binary without `require('electron')`, which would try to download it.
 * The places are those of the `electron` package's own `index.js`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type ElectronSearch =
  | { found: true; binary: string }
  /** Why no window can be opened, as a clause without a full stop. */
  | { found: false; reason: string };

function binaryName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * @param packageFolder the installed `electron` package; null when it is not installed
 * @param env environment, for `ELECTRON_OVERRIDE_DIST_PATH` and the display
 * @param isRoot whether this process is root, for whom Chromium refuses its sandbox
 */
export function findElectron(options: {
  packageFolder: string | null;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  isRoot: boolean;
}): ElectronSearch {
  const { packageFolder, env, platform, isRoot } = options;
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH || (packageFolder && join(packageFolder, 'dist'));
  const pathFile = packageFolder && join(packageFolder, 'path.txt');
  const name = pathFile && existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : null;
  const binary = folder && join(folder, name || binaryName(platform));
  if (!binary || !existsSync(binary)) {
    return {
      found: false,
      reason: env.ELECTRON_OVERRIDE_DIST_PATH
        ? 'Electron’s binary is not in ELECTRON_OVERRIDE_DIST_PATH'
        : 'Electron’s binary is not here (npx install-electron fetches it)',
    };
  }
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { found: false, reason: 'Electron has no display here' };
  }
  if (platform === 'linux' && isRoot) {
    return { found: false, reason: 'Electron’s sandbox does not work for root' };
  }
  return { found: true, binary };
}
