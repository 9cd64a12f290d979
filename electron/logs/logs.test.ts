import { appendFile, mkdir, rename, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job } from '../../shared/jobs.ts';
import { all, createLogLab, download, type LogLab } from '../testing/log-lab.ts';

let lab: LogLab;
beforeEach(async () => {
  lab = await createLogLab();
});
afterEach(() => lab.dispose());

const listener = { kind: 'listener', runnerId: 'r1' } as const;
const ofJob = { kind: 'job', repositoryId: 'x', jobId: 7 } as const;
const ofRunner = { kind: 'runner-job', runnerId: 'r1' } as const;

const job: Job = {
  ...{ id: 'j', repositoryId: 'x', runId: 1, jobId: 7, name: 'build', workflow: 'CI', workflowPath: null },
  ...{ branch: null, event: null, actor: null, labels: [], status: 'in_progress', queuedAt: 0, startedAt: 1 },
  ...{ runnerName: 'arm-1', url: null, waitId: null, position: null, estimate: null },
};
const lines = async (logId: string, from = 0, count = 100): Promise<string[]> =>
  (await lab.logs.lines({ logId, from, count })).lines;

test('a listener’s log: told as it grows, its lines asked for, another one when it is replaced', async () => {
  const { until, states } = lab.follow(listener, 2);
  expect((await until(() => true)).empty).toBe('The listener has written nothing yet.');
  await writeFile(lab.listenerPath, 'one\ntwo\nthr');
  const first = await until((state) => state.bytes === 11);
  expect(first).toMatchObject({
    lines: 3,
    tail: ['two', 'thr'],
    complete: false,
    fetched: null,
    empty: null,
  });
  await appendFile(lab.listenerPath, 'ee\nfour\n');
  const second = await until((state) => state.lines === 4);
  expect(second).toMatchObject({ logId: first.logId, tail: ['three', 'four'] });
  expect(await lines(first.logId, 1, 2)).toEqual(['two', 'three']);

  await rename(lab.listenerPath, `${lab.listenerPath}.1`);
  await writeFile(lab.listenerPath, 'new\n');
  const replaced = await until((state) => state.tail.includes('new'));
  expect(replaced.logId).not.toBe(first.logId);
  await expect(lines(first.logId)).rejects.toMatchObject({ code: 'UNKNOWN' });
  await truncate(lab.listenerPath);
  const emptied = await until((state) => state.bytes === 0);
  expect(emptied.empty).toBe('The listener has written nothing yet.');
  await unlink(lab.listenerPath);
  await writeFile(lab.listenerPath, 'again\n');
  await until((state) => state.tail[0] === 'again');

  lab.board.delete('runners', 'r1');
  expect((await until((state) => state.complete)).tail.length).toBeLessThanOrEqual(1);
  expect(new Set(states.map(({ logId }) => logId)).size).toBeGreaterThanOrEqual(4);
});

test('a runner that does not exist is refused', async () => {
  const stranger = lab.follow({ kind: 'runner-job', runnerId: 'nobody' });
  await expect(stranger.failed).rejects.toMatchObject({ code: 'UNKNOWN' });
});

test('a job here is taken down as its worker writes it, and gives way to the forge’s log at its end', async () => {
  const { until } = lab.follow(ofRunner);
  expect((await until(() => true)).empty).toContain('No job has run on this runner yet');
  lab.runJob();
  await writeFile(lab.page('t_a_1.log'), '\uFEFFRun it\n');
  const live = await until((state) => state.tail.includes('Run it'));
  expect(live.complete).toBe(false);
  expect((await lab.cached()).length).toBe(1);
  // The worker deletes its pieces as it uploads them.
  await unlink(lab.page('t_a_1.log'));
  await writeFile(lab.page('t_b_1.log'), 'Then that\n');
  await until((state) => state.lines === 2);
  expect(await lines(live.logId)).toEqual(['Run it', 'Then that']);

  const coming = download();
  lab.answer = async () => coming;
  lab.endJob();
  coming.stream.write('2026-11-21T10:02:11.0000000Z Run it\n');
  // Until all of it is there, what was taken down stays.
  await expect.poll(() => lab.asked).toEqual([7]);
  expect(lab.named).toEqual(['build']);
  coming.stream.end('2026-11-21T10:02:12.0000000Z Then that\nDone');
  const whole = await until((state) => state.complete);
  expect(whole).toMatchObject({ lines: 3, fetched: null });
  expect(whole.logId).not.toBe(live.logId);
  expect(whole.tail.at(-1)).toBe('Done');
  expect(lab.shifts.get('s1000')).toMatchObject({ jobId: 7, url: 'https://example.com/7' });

  // The next job begins anew.
  lab.runJob(5000);
  await writeFile(lab.page('u_a_1.log'), 'Another\n');
  await until((state) => state.tail.includes('Another') && !state.complete);
});

test('any job: told why it cannot be read along, fetched when it has ended, kept for the next time', async () => {
  lab.board.set('jobs', 'j', { ...job, status: 'queued', runnerName: null });
  const first = lab.follow(ofJob);
  expect((await first.until((state) => state.empty !== null)).empty).toMatch(/has not begun/);
  lab.board.set('jobs', 'j', { ...job, runnerName: 'somebody-else' });
  expect((await first.until((state) => /runs on somebody-else/.test(state.empty ?? ''))).lines).toBe(0);
  expect(lab.asked).toEqual([]);
  lab.answer = async () => download('a\r\nb\n');
  lab.board.delete('jobs', 'j');
  const whole = await first.until((state) => state.complete);
  expect(whole).toMatchObject({ lines: 2, tail: ['a', 'b'], empty: null });
  await first.close();
  await lab.reopen();
  expect(await lab.cached()).toEqual(['x-7.log']);
  const again = lab.follow(ofJob);
  expect((await again.until((state) => state.complete)).tail).toEqual(['a', 'b']);
  expect(lab.asked).toEqual([7]);
});

test('a job that runs here is read along by whoever asks for it by its number', async () => {
  await writeFile(lab.page('t_a_1.log'), 'Run it\n');
  lab.runJob();
  lab.board.set('jobs', 'j', job);
  const { until } = lab.follow(ofJob);
  await until((state) => state.tail.includes('Run it'));
  expect(lab.asked).toEqual([]);
  lab.answer = async () => download('Run it\nDone\n');
  lab.endJob();
  lab.board.delete('jobs', 'j');
  expect((await until((state) => state.complete)).tail).toEqual(['Run it', 'Done']);
});

test('a fetch is shown as it comes; one that breaks off says so and leaves nothing', async () => {
  const coming = { ...download(), sizeBytes: 2000 };
  lab.answer = async () => coming;
  const { until, failed } = lab.follow(ofJob);
  await expect.poll(() => lab.asked).toEqual([7]);
  const feeding = setInterval(() => coming.stream.write(`${'x'.repeat(99)}\n`), 20);
  const half = await until((state) => state.lines >= 4);
  clearInterval(feeding);
  expect(half.complete).toBe(false);
  expect(half.fetched).toBeGreaterThan(0.1);
  coming.stream.destroy(new Error('reset'));
  await expect(failed).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
    data: { remedy: 'Open it again.' },
  });
  await expect.poll(lab.cached).toEqual([]);
});

test('a disk without room for a log is told in one sentence', async () => {
  lab.answer = async () => ({ ...download('x'), sizeBytes: 10 ** 18 });
  const { failed } = lab.follow(ofJob);
  await expect(failed).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(/^The disk has no room for the log of a job\. It needs .* are free in /),
  });
  expect(await lab.cached()).toEqual([]);
});

test('what an earlier engine left half-made goes', async () => {
  await mkdir(join(lab.cacheFolder, 'logs'), { recursive: true });
  await writeFile(join(lab.cacheFolder, 'logs/1-1.partial-log'), 'x');
  await writeFile(join(lab.cacheFolder, 'logs/x-7.log'), 'kept\n');
  await lab.reopen();
  const { until } = lab.follow(ofJob);
  await until((state) => state.complete);
  expect(await lab.cached()).toEqual(['x-7.log']);
});

test('words are found in a log that is followed', async () => {
  await writeFile(lab.listenerPath, 'an error\nfine\nERROR, error\n');
  const { until } = lab.follow(listener);
  const { logId } = await until((state) => state.lines === 3);
  const told = await all(lab.logs.search({ logId, query: 'error' }));
  expect(told.flatMap(({ hits }) => hits)).toEqual([
    { line: 0, start: 3 },
    { line: 2, start: 0 },
    { line: 2, start: 7 },
  ]);
  expect(told.at(-1)).toMatchObject({ searched: 3, done: true });
  const rest = await all(lab.logs.search({ logId, query: 'error', from: 1 }));
  expect(rest.flatMap(({ hits }) => hits)).toHaveLength(2);
});
