/**
 * What watching costs, counted by the demo GitHub while simulated time passes: a few minutes here, whole hours with
 * `TRACKSIDE_SIMULATED_MINUTES=60 npx vitest run electron/forges/watch-cost.test.ts`.
 */
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Repository } from '../../shared/model.ts';
import { type StartedDemo, startForTest } from '../demo/github/testing/started.ts';
import { createManualClock, type ManualClock } from '../platform/clock.ts';
import type { ForgeJob } from './forge.ts';
import { makeTestFolder, openTestDesk, removeTestFolders, type TestDesk, testPool } from './testing.ts';

const minutes = Number(process.env.TRACKSIDE_SIMULATED_MINUTES ?? 4);
const timeoutMs = 60_000 + minutes * 60_000;
const minuteMs = 60_000;
const hourCeiling = 1250;

const opened: { desk: TestDesk; started: StartedDemo }[] = [];
afterEach(async () => {
  for (const { desk, started } of opened.splice(0)) {
    desk.dispose();
    await started.stop();
  }
});
afterAll(removeTestFolders);

const told = (title: string, figures: object): void =>
  console.log(`${title}, ${minutes} simulated minutes: ${JSON.stringify(figures)}`);

/** What a person does on the forge, and how many requests that took. */
function createHand({ rest }: StartedDemo) {
  let requests = 0;
  const ask = <Body>(method: string, path: string, body?: unknown) => {
    requests += 1;
    return rest<Body>(method, path, { body });
  };
  return {
    requests: () => requests,
    async queue(fullName: string): Promise<void> {
      const root = `/repos/${fullName}/actions/workflows`;
      const { body } = await ask<{ workflows: { id: number; path: string }[] }>('GET', root);
      const quick = body.workflows.find(({ path }) => path.endsWith('quick.yml'));
      await ask('POST', `${root}/${quick?.id}/dispatches`, { ref: 'main' });
    },
    async cancel(fullName: string, runId: number): Promise<void> {
      await ask('POST', `/repos/${fullName}/actions/runs/${runId}/cancel`);
    },
  };
}

/** Lets time pass look by look, and notes how many requests the demo got in each second. */
function createCourse(desk: TestDesk, clock: ManualClock, sent: () => number) {
  const perSecond: number[] = [];
  return {
    async pass(durationMs: number): Promise<void> {
      for (let passedMs = 0; passedMs < durationMs; passedMs += 1000) {
        const before = sent();
        for (let half = 0; half < 2; half++) {
          await clock.advance(500);
          await desk.settled();
        }
        perSecond.push(sent() - before);
      }
    },
    worstMinute: (): number =>
      Math.max(...perSecond.map((_, at) => perSecond.slice(at, at + 60).reduce((sum, n) => sum + n, 0))),
  };
}

/** Repositories of a GitHub whose hours pass as quickly as this machine can, each with a pool that manages itself. */
async function watching(count: number) {
  const clock = createManualClock(Date.UTC(2026, 10, 24));
  const names = Array.from({ length: count }, (_, index) => `work-${index + 1}`);
  const started = await startForTest({ clock, moreRepositories: names });
  const jobsOf = new Map<string, ForgeJob[]>();
  /** When each job was told of first. */
  const toldAt = new Map<number, number>();
  const onJobs = (id: string, jobs: ForgeJob[]): void => {
    for (const job of jobs) if (!toldAt.has(job.id)) toldAt.set(job.id, clock.now());
    jobsOf.set(id, jobs);
  };
  const desk = await openTestDesk({ folder: await makeTestFolder(), clock, onJobs });
  opened.push({ desk, started });
  const { demo } = started;
  const { id: connectionId } = await desk.connections.add({
    token: demo.token,
    apiUrl: demo.url,
    repository: null,
  });
  const repositories: Repository[] = [];
  for (const name of names) {
    const row = await desk.repositories.connect({ connectionId, fullName: `octo/${name}` });
    desk.board.set('pools', row.id, testPool({ id: row.id, repositoryId: row.id }));
    repositories.push(row);
  }
  const before = demo.counters();
  const hand = createHand(started);
  const sent = () => demo.counters().total - before.total - hand.requests();
  const course = createCourse(desk, clock, sent);
  return {
    ...course,
    hand,
    repositories,
    jobsOf: (id: string) => jobsOf.get(id) ?? [],
    figures: () => ({
      requests: sent(),
      charged: demo.counters().charged - before.charged - hand.requests(),
      worstMinute: course.worstMinute(),
    }),
    spending: () => desk.board.current().connections[connectionId]?.spending,
    watchOf: (id: string) => desk.board.current().repositories[id]?.watch,
    /** Queues a job in each repository; how many seconds it took until the watch told of each, in order. */
    async waits(): Promise<number[]> {
      const since = clock.now();
      for (const { fullName } of repositories) await hand.queue(fullName);
      const waitsOf = (id: string) =>
        (jobsOf.get(id) ?? []).map((job) => (toldAt.get(job.id) ?? 0) - since).filter((ms) => ms >= 0);
      while (repositories.some(({ id }) => waitsOf(id).length === 0)) await course.pass(1000);
      return repositories.map(({ id }) => (waitsOf(id)[0] ?? 0) / 1000);
    },
  };
}

test(
  'a repository with a pool that manages itself costs next to nothing while idle, and a job is seen at once',
  async () => {
    const { pass, figures, repositories, waits, watchOf } = await watching(1);
    await pass(minutes * minuteMs);
    const idle = figures();
    const [wait] = await waits();
    told('one repository, idle', { ...idle, wait });
    expect(watchOf(repositories[0]?.id ?? '')?.intervalMs).toBe(2000);
    expect(wait).toBeLessThanOrEqual(2);
    expect(idle.charged).toBeLessThanOrEqual((120 * minutes) / 60);
    expect(idle.worstMinute).toBeLessThanOrEqual(75);
  },
  timeoutMs,
);

test(
  'twenty repositories with a job each every few minutes keep to the minute and to the hour',
  async () => {
    const { pass, figures, repositories, hand, jobsOf, waits, spending, watchOf } = await watching(20);
    await pass(minuteMs);
    const idle = watchOf(repositories[0]?.id ?? '');
    expect(idle?.reason).toBe('budget');
    const all: number[] = [];
    const roundMinutes = Math.min(10, minutes);
    for (let minute = 0; minute < minutes; minute += roundMinutes) {
      all.push(...(await waits()));
      await pass((roundMinutes * minuteMs) / 2);
      for (const { id, fullName } of repositories) {
        for (const { runId } of jobsOf(id)) await hand.cancel(fullName, runId);
      }
      await pass((roundMinutes * minuteMs) / 2);
    }
    all.sort((a, b) => a - b);
    const seen = {
      median: all[Math.floor(all.length / 2)],
      p95: all[Math.floor(all.length * 0.95)],
      most: all.at(-1),
    };
    told('twenty repositories, at work', { ...figures(), idle, seen, spending: spending() });
    expect(figures().worstMinute).toBeLessThanOrEqual(300);
    expect(figures().charged).toBeLessThanOrEqual(hourCeiling);
    expect(spending()).toMatchObject({ minuteCeiling: 300, hourCeiling });
  },
  timeoutMs,
);
