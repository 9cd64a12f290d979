/**
 * `npm test`: checks, builds, runs the unit tests and the end-to-end tests, and closes with one line of counts.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './browser.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'trackside-test-'));

function run(
  title: string,
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): boolean {
  console.log(`\n— ${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  return status === 0;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** A run that wrote no report has failed as a whole. */
const broken: Counts = { passed: 0, failed: 1, skipped: 0 };

function unitTests(): Counts {
  const report = join(scratch, 'unit.json');
  const ok = run('unit tests', 'npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const read = readJson(report) as Record<
    'numPassedTests' | 'numFailedTests' | 'numPendingTests',
    number
  > | null;
  if (!read) return broken;
  const counts = { passed: read.numPassedTests, failed: read.numFailedTests, skipped: read.numPendingTests };
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function endToEndTests(): Counts {
  const report = join(scratch, 'e2e.json');
  const ok = run(
    'end-to-end tests',
    'npx',
    ['playwright', 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
    {
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  );
  const read = readJson(report) as {
    stats: Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number>;
  } | null;
  if (!read) return broken;
  const { expected, unexpected, flaky, skipped } = read.stats;
  const counts = { passed: expected, failed: unexpected + flaky, skipped };
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function main(): number {
  ensureBrowser();
  if (!run('checks', 'npm', ['run', '--silent', 'check'])) return 1;
  if (!run('build', 'npm', ['run', '--silent', 'build'])) return 1;
  const all = [unitTests(), endToEndTests()];
  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
  return sum('failed') === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
