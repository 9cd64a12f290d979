import { afterEach, expect, test, vi } from 'vitest';
import { createManualClock, type ManualClock } from '../../../platform/clock.ts';
import { send } from '../common/http.ts';
import { openSmallServer, type SmallServer } from '../testing/small-server.ts';
import { createReports, type Reports, type StepState } from './reports.ts';

let server: SmallServer;
afterEach(() => server.close());

const errors: unknown[] = [];
const trace = { info: () => {}, error: (_: string, error: unknown) => void errors.push(error) };

async function setUp(answer: Parameters<typeof openSmallServer>[0] = () => ({ status: 204 })) {
  server = await openSmallServer(answer);
  const clock = createManualClock();
  const runServiceUrl = `${server.url}/_runner/run`;
  const reports = createReports({ jobId: 'job', planId: 'plan', runServiceUrl, call: send, clock, trace });
  return { clock, reports };
}

const logs = () =>
  server.asked.filter(({ path }) => path === '/_runner/results/logs/job').map(({ body }) => body);
const step = (number: number, status: StepState['status']): StepState => ({
  number,
  name: `step ${number}`,
  status,
  conclusion: null,
  started_at: null,
  completed_at: null,
});

/** Moves the clock until a request that is awaited has come: answers travel over real sockets. */
const advanceUntil = (clock: ManualClock, isThere: () => boolean) =>
  vi.waitFor(
    async () => {
      await clock.advance(250);
      expect(isThere()).toBe(true);
    },
    { interval: 5, timeout: 10_000 },
  );

test('lines are sent together, within half a second, while the job runs', async () => {
  const { clock, reports } = await setUp();
  reports.line('one');
  reports.line('two');
  await clock.advance(499);
  expect(logs()).toEqual([]);
  await clock.advance(1);
  await vi.waitFor(() => expect(logs()).toEqual(['one\ntwo\n']));
});

test('a step is told at once, and its latest state counts', async () => {
  const { reports } = await setUp();
  reports.step(step(1, 'in_progress'));
  reports.step(step(1, 'completed'));
  reports.step(step(2, 'in_progress'));
  await reports.flush();
  const told = server.asked.map(({ body }) => JSON.parse(body));
  expect(told[0].jobId).toBe('job');
  const states = told.flatMap(({ steps }) => steps).map(({ number, status }) => `${number} ${status}`);
  expect(states).toEqual(['1 completed', '2 in_progress']);
});

test('what a silent server did not take is sent again, in order and once', async () => {
  let failures = 3;
  const { clock, reports } = await setUp(() => {
    failures -= 1;
    if (failures === 1) return { status: 502 };
    return failures >= 0 ? null : { status: 204 };
  });
  reports.line('one');
  await advanceUntil(clock, () => server.asked.length > 0);
  reports.line('two');
  await advanceUntil(
    clock,
    () => logs().length > 3 || (failures < 0 && logs().at(-1)?.includes('two') === true),
  );
  await reports.flush();
  const taken = logs().slice(3).join('');
  expect(taken).toBe('one\ntwo\n');
});

test('a job that the service has given away wants no reports', async () => {
  const { reports } = await setUp(() => ({ status: 404 }));
  reports.line('one');
  await reports.flush();
  await reports.complete('success');
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/_runner/results/logs/job',
    '/_runner/run/completejob',
  ]);
});

test('at the end it tries five times, then gives up', async () => {
  const { clock, reports } = await setUp(() => ({ status: 500 }));
  const hasFailed = vi.fn();
  const ended: Promise<void> = (async (given: Reports) => {
    given.line('lost');
    await given.flush();
    await given.complete('failure');
  })(reports).catch(hasFailed);
  await advanceUntil(clock, () => hasFailed.mock.calls.length > 0);
  await ended;
  const paths = server.asked.map(({ path }) => path);
  expect(paths.filter((path) => path.endsWith('completejob'))).toHaveLength(5);
});
