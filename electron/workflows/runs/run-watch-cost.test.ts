/** What watching runs costs: a simulated hour of runs that change all the time, on the budget that all watches share. */
import { expect, test } from 'vitest';
import { defaultSettings } from '../../../shared/pool-defaults.ts';
import { createBoard } from '../../board.ts';
import type { Forge, RequestMeter, RunSight } from '../../forges/forge.ts';
import { createWatchBudget } from '../../forges/watch-budget.ts';
import { createManualClock } from '../../platform/clock.ts';
import { createRunWatch } from './run-watch.ts';

const hourlyLimit = 5000;

test.each([1, 10])(
  '%i busy runs, watched for three hours, stay within a quarter of the quota',
  async (count) => {
    const clock = createManualClock();
    const panel = { now: 0, version: '', demo: false, host: null, load: null, tokenStore: 'memory' } as const;
    const more = { dataFolder: '', settings: defaultSettings, surroundings: null, quitting: null };
    const charges: number[] = [];
    const budget = createWatchBudget({
      connectionId: 'c',
      board: createBoard({ ...panel, ...more }, clock),
      clock,
      connections: {
        forge: () =>
          ({
            budget: () => ({ limit: hourlyLimit, remaining: hourlyLimit, resetsAt: clock.now() + 3_600_000 }),
          }) as unknown as Forge,
      },
    });
    /** Each look asks for the run and its jobs; both changed. */
    const reader = (meter?: RequestMeter) => ({
      async look(): Promise<RunSight> {
        for (const _request of ['run', 'jobs']) {
          meter?.sent();
          meter?.charged();
          charges.push(clock.now());
        }
        const run = { id: 1, status: 'in_progress', updatedAt: clock.now() } as RunSight['run'];
        const jobs = [{ id: 1, name: 'a', status: 'in_progress', steps: [] }] as unknown as RunSight['jobs'];
        return { run, jobs, artifacts: [], gates: [], isNews: true };
      },
    });
    const abort = new AbortController();
    const followers = Array.from({ length: count }, (_, runId) => {
      const watch = createRunWatch({
        ...{ repositoryId: 'r', runId, asked: false, budget, clock },
        forgeOf: () => ({
          forge: {
            runReader: (_repository: string, _run: number, meter?: RequestMeter) => reader(meter),
          } as Forge,
          fullName: 'octo/forge',
        }),
        workflowOf: async () => null,
        runnerIdOf: () => null,
        note() {},
        onStop() {},
      });
      return (async () => {
        let details = 0;
        for await (const _detail of watch.follow(abort.signal)) details += 1;
        return details;
      })();
    });
    for (let second = 0; second < 3 * 3600; second += 1) await clock.advance(1000);
    abort.abort();
    const details = await Promise.all(followers);
    for (let from = 0; from <= 2 * 3600; from += 60) {
      const start = (charges[0] ?? 0) + from * 1000;
      const inHour = charges.filter((at) => at >= start && at < start + 3_600_000).length;
      expect(inHour).toBeLessThanOrEqual(hourlyLimit / 4);
    }
    // Nobody is left out.
    expect(Math.min(...details)).toBeGreaterThan(60);
    budget.dispose();
  },
);
