/** Bundles the practice runner's programs into single files that need nothing but a Node. */
import { join } from 'node:path';
import { build } from 'vite';

/** Writes `Runner.Listener.mjs` and `Runner.Worker.mjs` into `outputFolder`. */
export async function bundlePracticeRunner(outputFolder: string): Promise<void> {
  const here = import.meta.dirname;
  await build({
    configFile: false,
    logLevel: 'warn',
    root: here,
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      minify: true,
      outDir: outputFolder,
      emptyOutDir: true,
      rolldownOptions: {
        input: { 'Runner.Listener': join(here, 'listener.ts'), 'Runner.Worker': join(here, 'worker.ts') },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'shared-[hash].mjs' },
      },
    },
  });
}
