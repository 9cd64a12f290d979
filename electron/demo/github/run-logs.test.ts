import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogFiles, type LogFiles } from './log-files.ts';
import type { JobRecord } from './model.ts';
import { logArchive, logDownload } from './run-logs.ts';
import { createStateFolder, type StateFolder } from './state-folder.ts';
import { filesInZip } from './testing/zip-files.ts';

const log =
  '2026-01-01T00:00:00.1000000Z up\n2026-01-01T00:00:01.4999999Z still ü\n2026-01-01T00:00:01.5000000Z trying\n';

let folder: StateFolder;
let logs: LogFiles;
beforeEach(() => {
  folder = createStateFolder(undefined, '');
  logs = createLogFiles(folder);
});
afterEach(() => folder.dispose());

function job(): JobRecord {
  const step = (number: number, name: string, startedAt: string) =>
    ({
      number,
      name,
      status: 'completed',
      conclusion: 'success',
      startedAt,
      completedAt: startedAt,
    }) as const;
  const steps = [
    step(1, 'Set up job', '2026-01-01T00:00:00.100Z'),
    step(2, 'Try: it', '2026-01-01T00:00:01.500Z'),
  ];
  return { id: 7, name: 'Test (a/b)', steps } as unknown as JobRecord;
}

test('a run log is cut at the start of each step', async () => {
  logs.append(7, log);
  const files = await filesInZip(await buffer(await logArchive([job()], logs)));
  expect(files.map(({ name, content }) => [name, content.toString()])).toEqual([
    ['0_Test (ab).txt', log],
    ['Test (ab)/1_Set up job.txt', log.slice(0, log.indexOf('2026-01-01T00:00:01.5'))],
    ['Test (ab)/2_Try it.txt', '2026-01-01T00:00:01.5000000Z trying\n'],
  ]);
});

test('a log comes with the mark that GitHub puts before it, and as long as is said', async () => {
  logs.append(7, log.slice(0, 50));
  logs.append(7, log.slice(50));
  const { stream, sizeBytes } = logDownload(logs, 7);
  const bytes = Buffer.from(await text(stream));
  // `text` takes the mark off.
  expect(bytes.toString()).toBe(log);
  expect(sizeBytes).toBe(bytes.length + 3);
  expect(logs.size(8)).toBeUndefined();
});
