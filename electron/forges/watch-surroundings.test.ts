import { expect, test } from 'vitest';
import { TracksideError } from '../../shared/errors.ts';
import { createManualClock } from '../platform/clock.ts';
import type { ForgeJob, ForgeRunner, ForgeStatus, RunnerGroup } from './forge.ts';
import { createSharedStatus, createSurroundings } from './watch-surroundings.ts';

const minuteMs = 60_000;
const startedAt = Date.UTC(2026, 10, 24);

function job(labels: string[], more: Partial<ForgeJob> = {}): ForgeJob {
  return {
    id: 1,
    runId: 1,
    runAttempt: 1,
    name: 'Check',
    workflow: 'CI',
    workflowPath: null,
    branch: 'main',
    headSha: null,
    event: 'push',
    actor: null,
    labels,
    status: 'queued',
    queuedAt: startedAt,
    startedAt: null,
    runnerName: null,
    runnerId: null,
    url: null,
    ...more,
  };
}

const runner: ForgeRunner = {
  id: 1,
  name: 'arm-1',
  os: 'Linux',
  status: 'online',
  busy: false,
  labels: ['self-hosted', 'Linux'],
  version: null,
  ephemeral: false,
};

/** Surroundings whose answers are given by hand. */
function around() {
  const clock = createManualClock(startedAt);
  const answers: { groups: RunnerGroup[] | null | Error; status: ForgeStatus | null } = {
    groups: [{ name: 'Default', excluded: null, runners: [] }],
    status: { actions: 'down', incident: 'Jobs do not start', url: 'https://www.githubstatus.com' },
  };
  const asked = { groups: 0, status: 0, news: 0 };
  const surroundings = createSurroundings({
    clock,
    async readGroups() {
      asked.groups += 1;
      if (answers.groups instanceof Error) throw answers.groups;
      return answers.groups;
    },
    async readStatus() {
      asked.status += 1;
      return answers.status;
    },
    onNews() {
      asked.news += 1;
    },
  });
  return {
    clock,
    answers,
    asked,
    surroundings,
    async seen(...jobs: ForgeJob[]) {
      surroundings.seen(jobs, [runner]);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test.each([
  { labels: ['self-hosted'], asks: 0 },
  { labels: ['SELF-HOSTED', 'linux'], asks: 0 },
  { labels: ['self-hosted', 'gpu'], asks: 1 },
  { labels: [], asks: 1 },
  { labels: ['ubuntu-latest'], asks: 0 },
  { labels: ['ubuntu-latest', 'gpu'], asks: 1 },
])('groups are asked for where no runner of the repository has $labels: $asks', async ({ labels, asks }) => {
  const { seen, asked } = around();
  await seen(job(labels));
  expect(asked).toEqual({ groups: asks, status: 0, news: asks });
});

test('jobs that run or wait for more than a runner ask for nothing', async () => {
  const { seen, asked } = around();
  await seen(job(['gpu'], { status: 'in_progress' }), job(['gpu'], { status: 'waiting' }));
  expect(asked.groups).toBe(0);
});

test('groups are read every ten minutes at most, and given up when nobody wants them', async () => {
  const { seen, asked, clock, surroundings } = around();
  await seen(job(['gpu']));
  const { groups } = surroundings.current();
  expect(groups).toMatchObject([{ name: 'Default' }]);
  await clock.advance(9 * minuteMs);
  await seen(job(['gpu']));
  await seen();
  expect(asked.groups).toBe(1);
  expect(surroundings.current().groups).toBe(groups);
  await clock.advance(minuteMs);
  await seen(job(['gpu']));
  expect(asked.groups).toBe(2);
  await clock.advance(10 * minuteMs);
  await seen();
  expect(surroundings.current().groups).toBeNull();
});

test('groups that cannot be read are not known, and not asked for at once again', async () => {
  const { seen, asked, answers, surroundings } = around();
  answers.groups = new Error('away');
  await seen(job(['gpu']));
  await seen(job(['gpu']));
  expect(asked).toEqual({ groups: 1, status: 0, news: 0 });
  expect(surroundings.current().groups).toBeNull();
});

test('the status page is asked once a hosted job has waited for three minutes', async () => {
  const { seen, asked, clock, surroundings } = around();
  await clock.advance(3 * minuteMs);
  await seen(job(['ubuntu-latest']));
  expect(asked.status).toBe(0);
  await clock.advance(1000);
  await seen(job(['ubuntu-latest']));
  await seen(job(['ubuntu-latest']));
  expect(asked).toEqual({ groups: 0, status: 1, news: 1 });
  expect(surroundings.current().status).toMatchObject({ actions: 'down' });
  await clock.advance(5 * minuteMs);
  await seen();
  expect(surroundings.current().status).toBeNull();
});

test('and while the forge fails, whatever else may go wrong', async () => {
  const { asked, surroundings } = around();
  surroundings.failed(new TracksideError('TOKEN_REFUSED', 'No.'));
  surroundings.failed(new Error('broken'));
  expect(asked.status).toBe(0);
  surroundings.failed(new TracksideError('FORGE_UNREACHABLE', 'It answered with an error of its own (503).'));
  expect(asked.status).toBe(1);
});

test('many repositories share one question about the status', async () => {
  const clock = createManualClock(startedAt);
  let asked = 0;
  const read = createSharedStatus(clock, async () => {
    asked += 1;
    return null;
  });
  await Promise.all([read(), read(), read()]);
  expect(asked).toBe(1);
  await clock.advance(5 * minuteMs);
  await read();
  expect(asked).toBe(2);
});
