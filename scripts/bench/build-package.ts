/**
 * `bundle FOLDER` bundles the practice runner, `archive JSON` builds its package and prints what was built. A program of
 * its own: the memory that this takes would slow down the engine that is measured later in the same process.
 */
import {
  buildPracticeRunnerArchive,
  type PracticeRunnerArchiveOptions,
} from '../../electron/demo/practice-runner/archive.ts';
import { bundlePracticeRunner } from '../../electron/demo/practice-runner/bundle.ts';

const [what, argument = ''] = process.argv.slice(2);
if (what === 'bundle') await bundlePracticeRunner(argument);
else {
  const options = JSON.parse(argument) as PracticeRunnerArchiveOptions;
  console.log(JSON.stringify(await buildPracticeRunnerArchive(options)));
}
