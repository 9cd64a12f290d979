import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStateText } from './state-text.ts';
import { type StartedDemo, startForTest } from './testing/started.ts';

let started: StartedDemo;
beforeEach(async () => {
  started = await startForTest({ seed: { repositories: 1, runners: 2, runs: 3, queuedJobs: 5 } });
});
afterEach(() => started.stop());

test('the text is that of JSON.stringify, also after changes', () => {
  const { jobs, runs } = started.demo.snapshot();
  const data = { formatVersion: 1, port: 1, runs, jobs, logs: {} } as unknown as Parameters<
    ReturnType<typeof createStateText>['of']
  >[0];
  const text = createStateText();
  const isSame = () =>
    expect(JSON.parse(String(text.of(data, { runs, jobs })))).toEqual(JSON.parse(JSON.stringify(data)));
  isSame();
  const waiting = jobs.find(({ status }) => status === 'queued');
  if (!waiting) throw new Error('no job waits');
  waiting.offer = { runnerId: 1, expiresAtMs: 2 };
  isSame();
  Object.assign(waiting, { offer: null, status: 'pending' });
  isSame();
  Object.assign(waiting, { status: 'queued', queuedAtMs: 77 });
  isSame();
  expect(String(text.of(data, { runs: [], jobs: [] }))).toContain('"runs":[],"jobs":[]');
});
