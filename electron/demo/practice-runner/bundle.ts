/** Bundles the practice runner: two programs as single files that need nothing but a Node, and the package's scripts. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const programs = { 'Runner.Listener': 'listener.ts', 'Runner.Worker': 'worker.ts' };

/**
 * Writes `Runner.Listener.mjs`, `Runner.Worker.mjs` and `package/` into a folder, which is emptied before. What is written
 * is all that `buildPracticeRunnerArchive` needs.
 */
export async function bundlePracticeRunner(outputFolder: string): Promise<void> {
  const here = import.meta.dirname;
  for (const [index, [name, entry]] of Object.entries(programs).entries()) {
    await build({
      configFile: false,
      logLevel: 'warn',
      root: here,
      publicDir: false,
      ssr: { noExternal: true },
      build: {
        ssr: true,
        target: 'node24',
        minify: true,
        outDir: outputFolder,
        emptyOutDir: index === 0,
        rolldownOptions: {
          input: { [name]: join(here, entry) },
          output: { format: 'es', entryFileNames: '[name].mjs', codeSplitting: false },
        },
      },
    });
  }
  await cp(join(here, 'package'), join(outputFolder, 'package'), { recursive: true });
}
