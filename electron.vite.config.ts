/**
 * One build for all parts: `out/main` (the desktop's main process and the plain-Node programs, as ES modules that need
 * no `node_modules`, so that a packaged application can run them headless), `out/preload` (one CommonJS file, as a
 * sandboxed preload must be) and `out/renderer`.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import packageFile from './package.json' with { type: 'json' };

/** Loaded only where they are there: one is native code, the other finds its files beside itself. */
const leftOutside = ['@napi-rs/keyring', 'open'];
const bundled = Object.keys(packageFile.dependencies).filter((name) => !leftOutside.includes(name));

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: { exclude: bundled },
      target: 'node24',
      rolldownOptions: {
        input: {
          main: 'electron/main.ts',
          serve: 'electron/serve.ts',
          start: 'electron/start.ts',
          cli: 'electron/cli.ts',
          'demo-github': 'electron/demo-github.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'electron/shell/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      assetsInlineLimit: 0,
      rolldownOptions: { input: 'renderer/index.html' },
    },
  },
});
