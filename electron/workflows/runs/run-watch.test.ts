import { expect, test } from 'vitest';
import { TracksideError } from '../../../shared/errors.ts';
import type { RunDetail } from '../../../shared/model.ts';
import type { Forge, ForgeRunJob, RunSight } from '../../forges/forge.ts';
import { ForgeLimitError } from '../../forges/forge-limit.ts';
import { createManualClock } from '../../platform/clock.ts';
import { createRunWatch, type RunWatchOptions } from './run-watch.ts';

const job = (change: Partial<ForgeRunJob>): ForgeRunJob => ({
  ...{
    id: 1,
    runId: 7,
    runAttempt: 1,
    name: 'build',
    labels: [],
    url: null,
    status: 'in_progress',
    queuedAt: 0,
  },
  ...{ steps: [], ended: false, conclusion: null, runnerName: null, startedAt: 0, endedAt: null },
  ...change,
});

/** A watch on a run that is what the test says it is. */
function setup(over: Partial<RunWatchOptions> = {}) {
  const clock = createManualClock();
  const run: RunSight['run'] = {
    ...{
      id: 7,
      number: 1,
      attempt: 1,
      title: 'Build',
      workflowId: 2,
      workflow: 'Build',
      path: 'p',
      event: 'push',
    },
    ...{ branch: 'main', headSha: 'a', actor: 'ada', status: 'in_progress', conclusion: null, url: 'u' },
    ...{ createdAt: clock.now(), startedAt: clock.now(), updatedAt: clock.now() },
  };
  const world = { run, jobs: [job({})], failure: null as Error | null, looks: 0 };
  let told = '';
  const reader = {
    async look(): Promise<RunSight> {
      world.looks += 1;
      if (world.failure) throw world.failure;
      const text = JSON.stringify([world.run, world.jobs]);
      const isNews = text !== told;
      told = text;
      return { run: world.run, jobs: world.jobs, artifacts: [], gates: [], isNews };
    },
  };
  const notes: (string | null)[] = [];
  const stops = { count: 0 };
  const admissions = { count: 0 };
  const watch = createRunWatch({
    ...{ repositoryId: 'r', runId: 7, asked: false, clock },
    forgeOf: () => ({ forge: { runReader: () => reader } as unknown as Forge, fullName: 'octo/forge' }),
    budget: {
      meter: { sent() {}, charged() {} },
      async admit() {
        admissions.count += 1;
        return () => {};
      },
    },
    workflowOf: async () => null,
    runnerIdOf: () => null,
    note: (error) => void notes.push(error?.message ?? null),
    onStop: () => {
      stops.count += 1;
    },
    ...over,
  });
  const end = (): void => {
    world.run = { ...world.run, status: 'completed', conclusion: 'success', updatedAt: clock.now() };
    world.jobs = [job({ status: 'completed', ended: true, conclusion: 'success' })];
  };
  return { watch, world, clock, notes, stops, admissions, end };
}

async function next(details: AsyncGenerator<RunDetail>): Promise<RunDetail> {
  const { value } = await details.next();
  if (!value) throw new Error('It has ended');
  return value;
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a hundred followers are one reading; each gets the run as it is, and only what changed after', async () => {
  const { watch, world, clock, stops } = setup();
  const abort = new AbortController();
  const followers = Array.from({ length: 100 }, () => watch.follow(abort.signal));
  const first = await Promise.all(followers.map(next));
  expect(new Set(first).size).toBe(1);
  expect(first[0]).toMatchObject({ run: { id: 7, repositoryId: 'r' }, problem: null });
  expect(world.looks).toBe(1);
  await clock.advance(20_000);
  expect(world.looks).toBe(11);
  const waiting = followers.map((one) => one.next());
  world.run = { ...world.run, title: 'Build it' };
  await clock.advance(2000);
  const second = await Promise.all(waiting);
  expect(second.map(({ value }) => value?.run.title)).toEqual(Array(100).fill('Build it'));
  const ended = followers.map((one) => one.next());
  abort.abort();
  await Promise.all(ended);
  expect(stops.count).toBe(1);
  await clock.advance(60_000);
  expect(world.looks).toBe(12);
});

test('it is read every 2 s while a job runs, every 10 s while all only wait, and at once when something happens', async () => {
  const { watch, world, clock } = setup();
  world.jobs = [job({ status: 'queued', startedAt: null }), job({ id: 2, status: 'completed', ended: true })];
  const details = watch.follow();
  await next(details);
  // Lively at first: one thing seldom comes alone.
  await clock.advance(10_000);
  const { looks } = world;
  await clock.advance(60_000);
  expect(world.looks - looks).toBe(6);
  watch.stir(false);
  await clock.advance(500);
  expect(world.looks - looks).toBe(7);
  const before = world.looks;
  await clock.advance(9500);
  expect(world.looks - before).toBe(4);
  await details.return(null);
});

test('a person’s act does not wait for the budget; everything else does', async () => {
  const admitted = Promise.withResolvers<() => void>();
  let refused = 0;
  const { watch, world, clock, admissions } = setup({
    budget: {
      meter: { sent() {}, charged() {} },
      admit: (_expected, signal) =>
        new Promise((resolve, reject) => {
          admissions.count += 1;
          signal.addEventListener('abort', () => {
            refused += 1;
            reject(signal.reason);
          });
          void admitted.promise.then(resolve);
        }),
    },
  });
  const details = watch.follow();
  await next(details);
  expect(admissions.count).toBe(0);
  await clock.advance(10_000);
  expect([world.looks, admissions.count]).toEqual([1, 1]);
  watch.stir(true);
  await turn();
  expect([world.looks, refused]).toEqual([2, 1]);
  await details.return(null);
});

test('it ends when the run has ended and was read once more', async () => {
  const { watch, world, clock, end, stops } = setup();
  const details = watch.follow();
  await next(details);
  const second = details.next();
  end();
  await clock.advance(2000);
  expect((await second).value).toMatchObject({ run: { conclusion: 'success' } });
  const last = details.next();
  await clock.advance(2000);
  expect((await last).done).toBe(true);
  expect([stops.count, world.looks]).toEqual([1, 3]);
});

test('a run that ended long ago is read once; one that was just run again is waited for', async () => {
  const old = setup();
  old.end();
  old.world.run = { ...old.world.run, updatedAt: old.clock.now() - 3_600_000 };
  const details = old.watch.follow();
  await next(details);
  expect((await details.next()).done).toBe(true);
  expect(old.world.looks).toBe(1);

  const again = setup({ asked: true });
  again.end();
  again.world.run = { ...again.world.run, updatedAt: again.clock.now() - 3_600_000 };
  const followed = again.watch.follow();
  await next(followed);
  const second = followed.next();
  await again.clock.advance(4000);
  again.world.run = { ...again.world.run, status: 'queued', conclusion: null, attempt: 2 };
  again.world.jobs = [job({ status: 'queued' })];
  await again.clock.advance(2000);
  expect((await second).value).toMatchObject({ run: { attempt: 2, status: 'queued' } });
  await followed.return(null);
});

test('what keeps it from being read is told with what was known, with growing pauses, and goes away again', async () => {
  const { watch, world, clock, notes } = setup();
  const details = watch.follow();
  const first = await next(details);
  const second = details.next();
  world.failure = new TracksideError('FORGE_UNREACHABLE', 'GitHub does not answer.', { remedy: 'Wait.' });
  await clock.advance(2000);
  expect((await second).value).toEqual({
    ...first,
    problem: { code: 'FORGE_UNREACHABLE', message: 'GitHub does not answer.', remedy: 'Wait.' },
  });
  const { looks } = world;
  await clock.advance(300_000);
  expect(world.looks - looks).toBe(8);
  const third = details.next();
  world.failure = null;
  await clock.advance(60_000);
  expect((await third).value).toMatchObject({ problem: null });
  expect(notes.at(0)).toBe(null);
  expect(notes.at(1)).toBe('GitHub does not answer.');
  expect(notes.at(-1)).toBe(null);
  await details.return(null);
});

test('a limit is waited for to its end; a connection that can be used again is used at once', async () => {
  const { watch, world, clock } = setup();
  const details = watch.follow();
  await next(details);
  world.failure = new ForgeLimitError('github.com', clock.now() + 1_800_000, 'hourly');
  await clock.advance(2000);
  const { looks } = world;
  await clock.advance(1_790_000);
  expect(world.looks).toBe(looks);
  world.failure = null;
  watch.wake();
  await clock.advance(0);
  expect(world.looks).toBe(looks + 1);
  await details.return(null);
});

test('a run that is deleted is told, looked for once more, and then it is over', async () => {
  const { watch, world, clock } = setup();
  const details = watch.follow();
  await next(details);
  world.failure = new TracksideError('UNKNOWN', 'Run 7 of octo/forge does not exist.');
  const second = details.next();
  await clock.advance(2000);
  expect((await second).value).toMatchObject({ problem: { code: 'UNKNOWN' } });
  const last = details.next();
  await clock.advance(4000);
  expect((await last).done).toBe(true);
});

test('before there is anything to show, a failure is the end; a run just started may come a little later', async () => {
  const { watch, world, stops } = setup();
  world.failure = new TracksideError('UNKNOWN', 'Run 7 of octo/forge does not exist.');
  await expect(next(watch.follow())).rejects.toMatchObject({ code: 'UNKNOWN' });
  expect(stops.count).toBe(1);

  const late = setup({ asked: true });
  late.world.failure = world.failure;
  const details = late.watch.follow();
  const first = details.next();
  await turn();
  late.world.failure = null;
  await late.clock.advance(4000);
  expect((await first).value).toMatchObject({ run: { id: 7 } });
  await details.return(null);
});
