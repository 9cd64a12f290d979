/** `npm start`: the panel in a window where Electron's binary is, else the same panel in a browser. */
import { spawn } from 'node:child_process';
import { createRequire, enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import packageFile from '../package.json' with { type: 'json' };
import { findElectron } from './find-electron.ts';
import { parsePanelCommand } from './panel-server/command.ts';

/** Exit code of the dynamic loader when a library that the program needs is missing. */
const missingLibrary = 127;

const outFolder = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const command = parsePanelCommand({
  name: 'start',
  description: 'Opens the Trackside panel.',
  version: packageFile.version,
  args,
  env: process.env,
});

function electronPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}

/** Runs Electron on the built application; resolves with its exit code, or null when it could not be started. */
function runElectron(binary: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(binary, [dirname(outFolder), ...args], { stdio: 'inherit' });
    const forward = (signal: NodeJS.Signals): boolean => child.kill(signal);
    process.on('SIGTERM', forward).on('SIGINT', forward);
    child.on('error', () => resolve(null));
    child.on('exit', (code) => {
      process.off('SIGTERM', forward).off('SIGINT', forward);
      resolve(code === missingLibrary ? null : (code ?? 1));
    });
  });
}

async function serveInstead(reason: string): Promise<void> {
  process.stdout.write(`${reason}; the same panel is served for your browser instead.\n`);
  enableCompileCache(join(command.folders.cacheFolder, 'compiled'));
  const { servePanel } = await import('./panel-server/program.ts');
  await servePanel({ command, opensByItself: true, outFolder, version: packageFile.version });
}

const electron = findElectron({
  packageFolder: electronPackage(),
  env: process.env,
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
});
if (electron.found) {
  const exitCode = await runElectron(electron.binary);
  if (exitCode === null) await serveInstead('Electron could not be started');
  else process.exitCode = exitCode;
} else {
  await serveInstead(electron.reason);
}
