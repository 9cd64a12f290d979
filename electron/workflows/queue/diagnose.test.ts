/** What holds of every diagnosis, whatever the job and the world. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runnerStateSchema, waitKindSchema } from '../../../shared/model.ts';
import { diagnose } from './diagnose.ts';
import { at, foreign, job, own, pool, world } from './testing.ts';
import type { WaitingJob, World } from './world.ts';

const label = fc.oneof(
  fc.constantFrom(
    'self-hosted',
    'Linux',
    'linux',
    'ARM64',
    'gpu',
    'GPU',
    'gppu',
    'ubuntu-latest',
    'ubuntu-25.04',
  ),
  fc.constantFrom('self-hosted, gpu', '[self-hosted]', 'arm-1', 'macos-13', '', ' ', '`', '$&'),
  fc.string({ maxLength: 12 }),
);
const labels = fc.array(label, { maxLength: 5 });
const moment = fc.integer({ min: at(0, 0) - 48 * 3_600_000, max: at(15, 0) });
const name = fc.oneof(
  fc.constantFrom('arm-1', 'box-2'),
  fc.string({ maxLength: 6 }).map((rest) => `r${rest}`),
);

const runner = fc.oneof(
  fc
    .record({
      name,
      labels,
      forge: fc.constantFrom('online' as const, 'offline' as const, 'absent' as const),
      busyOnForge: fc.boolean(),
      hasConnected: fc.option(fc.boolean()),
      group: fc.option(fc.string()),
      excluded: fc.option(fc.string()),
      job: fc.option(fc.record({ name: fc.string(), since: fc.option(moment) })),
      since: fc.option(moment),
    })
    .map((each) => foreign(each.name, each.labels, each)),
  fc
    .record({
      name,
      labels,
      state: fc.constantFrom(...runnerStateSchema.options),
      stateSince: moment,
      cause: fc.string(),
      draining: fc.boolean(),
      retryAt: fc.option(moment),
      forge: fc.constantFrom('online' as const, 'offline' as const, 'absent' as const),
    })
    .map((each) => own(each.name, each.labels, each.state, each)),
);

const anyPool = fc
  .record({
    name,
    labels,
    count: fc.nat({ max: 3 }),
    isManual: fc.boolean(),
    hold: fc.option(
      fc.record({ kind: fc.constantFrom('pool-maximum', 'paused', 'disk', 'hours'), sentence: fc.string() }),
    ),
  })
  .map((each) =>
    pool(each.name, each.labels, {
      count: each.count,
      hold: each.hold as World['pools'][number]['hold'],
      ...(each.isManual ? { lifecycle: { mode: 'manual' } } : {}),
    }),
  );

const anyWorld = fc
  .record({
    seenAt: moment,
    runnersReadAt: moment,
    runners: fc.array(runner, { maxLength: 4 }),
    pools: fc.array(anyPool, { maxLength: 2 }),
    departed: fc.array(fc.record({ name, labels, at: moment, cause: fc.string() }), { maxLength: 1 }),
    status: fc.option(
      fc.record({
        actions: fc.constantFrom('ok' as const, 'degraded' as const, 'down' as const),
        incident: fc.option(fc.string()),
        url: fc.constant('https://www.githubstatus.com'),
      }),
    ),
    trouble: fc.option(fc.string()),
    wokeAt: fc.option(moment),
    labelsIgnoreCase: fc.boolean(),
    offersHosted: fc.boolean(),
    canDeploy: fc.boolean(),
  })
  .map((each) => world(each));

const anyJob = fc
  .record({
    labels,
    isMade: fc.boolean(),
    status: fc.constantFrom<WaitingJob['status'][]>('queued', 'waiting', 'pending'),
    queuedAt: moment,
    needs: fc.option(fc.array(fc.string(), { maxLength: 3 })),
    url: fc.option(fc.webUrl()),
    run: fc.option(
      fc.record({
        gates: fc.option(
          fc.array(
            fc.record({
              environment: fc.string(),
              reviewers: fc.array(fc.string(), { maxLength: 2 }),
              canApprove: fc.boolean(),
              waitsUntil: fc.option(moment),
            }),
            { maxLength: 2 },
          ),
        ),
        environment: fc.option(fc.string()),
        concurrency: fc.option(fc.string()),
        ahead: fc.array(fc.record({ name: fc.string(), url: fc.option(fc.webUrl()) }), { maxLength: 2 }),
      }),
    ),
    runsOn: fc.option(fc.record({ path: fc.string(), line: fc.nat(), text: fc.string() })),
  })
  .map((each) => job(each.labels, each));

test('there is always one reason, in whole sentences on one line, with facts, and its heading counts', () => {
  fc.assert(
    fc.property(anyJob, anyWorld, (waiting, around) => {
      const found = diagnose(waiting, around);
      expect(waitKindSchema.options).toContain(found.kind);
      expect(found.sentence).toMatch(/^\S.*\.$/);
      expect(found.sentence).not.toMatch(/\p{Cc}|undefined|null/u);
      expect(found.title(1)).toMatch(/^1 job waits /);
      expect(found.title(1200)).toMatch(/^1,200 jobs wait /);
      expect(found.evidence.length).toBeGreaterThan(0);
      for (const { fact } of found.evidence) expect(fact).toMatch(/\.$/);
      for (const repair of found.repairs) expect(repair.title).toMatch(/^[A-Z]/);
    }),
    { numRuns: 2000 },
  );
});

test('a job whose labels are on an idle, online, allowed runner never lacks a label', () => {
  fc.assert(
    fc.property(anyJob, anyWorld, fc.boolean(), (waiting, around, isOurs) => {
      fc.pre(waiting.labels.length > 0);
      const fits = isOurs ? own('fits', waiting.labels, 'idle') : foreign('fits', waiting.labels);
      const found = diagnose(
        { ...waiting, status: 'queued', needs: null, isMade: true },
        { ...around, runners: [...around.runners, fits] },
      );
      expect(['dispatching', 'stalled', 'outage', 'unknown']).toContain(found.kind);
      expect(found.missing).toEqual([]);
      if (found.kind === 'unknown') expect(around.trouble).not.toBeNull();
    }),
  );
});

test('a label that only a stranger of another group has is not called missing while a runner of his has them all', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a1', 'b2', 'c3'), { minLength: 1 }), (asked) => {
      const org = foreign('org-1', asked, { group: 'g', excluded: 'It serves others.' });
      expect(diagnose(job(asked), world({ runners: [org] })).kind).toBe('group');
    }),
  );
});

test('only time makes another reason of the same facts, and it is known when', () => {
  fc.assert(
    fc.property(anyJob, anyWorld, fc.nat({ max: 3_600_000 }), (waiting, around, later) => {
      const found = diagnose(waiting, around);
      const now = around.now + later;
      fc.pre(found.changesAt === null || now < found.changesAt);
      const again = diagnose(waiting, { ...around, now });
      expect(again.kind).toBe(found.kind);
      expect(again.key).toBe(found.key);
    }),
  );
});
