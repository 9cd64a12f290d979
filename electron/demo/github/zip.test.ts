import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { JobRecord } from './model.ts';
import { logFiles } from './run-logs.ts';
import { zip } from './zip.ts';

test('the archive holds its entries, also for another program', () => {
  const content = Buffer.from('one line\n'.repeat(100));
  const bytes = zip(
    [
      { name: 'a/ü.txt', content },
      { name: 'b.txt', content: Buffer.from('') },
    ],
    Date.UTC(2026, 0, 2),
  );
  const nameLength = bytes.readUInt16LE(26);
  const start = 30 + nameLength;
  expect(inflateRawSync(bytes.subarray(start, start + bytes.readUInt32LE(18)))).toEqual(content);
  const folder = mkdtempSync(join(tmpdir(), 'trackside-zip-'));
  try {
    writeFileSync(join(folder, 'x.zip'), bytes);
    execFileSync('python3', ['-m', 'zipfile', '-e', 'x.zip', 'out'], { cwd: folder, stdio: 'pipe' });
    expect(readFileSync(join(folder, 'out', 'a', 'ü.txt'))).toEqual(content);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    console.log('python3 is not installed here; the archive was not opened by another program.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a run log is cut at the start of each step', () => {
  const step = (number: number, name: string, startedAt: string) =>
    ({
      number,
      name,
      status: 'completed',
      conclusion: 'success',
      startedAt,
      completedAt: startedAt,
    }) as const;
  const job = {
    id: 7,
    name: 'Test (a/b)',
    steps: [
      step(1, 'Set up job', '2026-01-01T00:00:00.100Z'),
      step(2, 'Try: it', '2026-01-01T00:00:01.500Z'),
    ],
  } as unknown as JobRecord;
  const log =
    '2026-01-01T00:00:00.1000000Z up\n2026-01-01T00:00:01.4999999Z still up\n2026-01-01T00:00:01.5000000Z trying\n';
  const files = logFiles([job], { 7: log });
  expect(files.map(({ name, content }) => [name, content.toString().split('\n').length - 1])).toEqual([
    ['0_Test (ab).txt', 3],
    ['Test (ab)/1_Set up job.txt', 2],
    ['Test (ab)/2_Try it.txt', 1],
  ]);
});
