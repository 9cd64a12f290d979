/** `npm run serve`: the engine and the served panel in plain Node, without a window. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import packageFile from '../package.json' with { type: 'json' };
import { parsePanelCommand } from './panel-server/command.ts';

const command = parsePanelCommand({
  name: 'serve',
  description: 'Serves the Trackside panel to browsers of this machine.',
  version: packageFile.version,
  args: process.argv.slice(2),
  env: process.env,
});
enableCompileCache(join(command.folders.cacheFolder, 'compiled'));
const { servePanel } = await import('./panel-server/program.ts');
await servePanel({
  command,
  opensByItself: false,
  outFolder: join(import.meta.dirname, '..'),
  version: packageFile.version,
});
