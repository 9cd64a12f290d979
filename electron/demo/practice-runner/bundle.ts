/** Bundles the practice runner: two programs as single files that need nothing but a Node, and the package's scripts. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

const programs = { 'Runner.Listener': 'listener.ts', 'Runner.Worker': 'worker.ts' };

/**
 * Takes Node's own modules as objects. An import statement reads every one of their exports, lent ones included: with
 * `node:http` that loads all of undici, 15 MB for each of many listeners.
 */
const leanImports: Plugin = {
  name: 'lean-imports',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      chunk.code = chunk.code.replace(
        /\bimport\s*\{([^}]*)\}\s*from\s*["'](node:[^"']+)["'];?/g,
        (_match, names: string, module: string) =>
          `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule('${module}');`,
      );
    }
  },
};

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
      plugins: [leanImports],
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
