import { expect, test } from 'vitest';
import { jobToOpen } from './job-to-open.ts';
import { runJobRow } from './testing.ts';

test('what failed comes before what runs, and that before the only one', () => {
  const good = runJobRow('good');
  const runs = runJobRow('runs', { status: 'in_progress', conclusion: null });
  const failed = runJobRow('failed', { conclusion: 'failure' });
  expect(jobToOpen([good, runs, failed])).toBe('failed');
  expect(jobToOpen([good, runs])).toBe('runs');
  expect(jobToOpen([good])).toBe('good');
  expect(jobToOpen([good, runJobRow('other')])).toBeNull();
  expect(jobToOpen([runJobRow('waits', { status: 'queued', conclusion: null, startedAt: null })])).toBeNull();
  expect(jobToOpen([])).toBeNull();
});
