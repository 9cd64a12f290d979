/** A log of 200 MB in the served panel, in a real Chromium: opened, followed while it grows fast, searched. */
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { listenerLogPath } from '../../electron/runners/control-folder.ts';
import { controlFolderOf } from '../../electron/runners/deploy.ts';
import { browserArguments, ensureBrowser } from '../browser.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './benchmark.ts';
import { openEngine, runnerName } from './engine-deploy.ts';
import { buildPanel, startPanel } from './served-panel.ts';
import { type Stage, setUpStage } from './stage.ts';

const rounds = 5;
const timeoutMs = 60_000;
const logBytes = 200 * 1000 ** 2;
const linesPerSecond = 20_000;
const followedMs = 10_000;
/** Stands in the first line, in the middle and in the last one. */
const needle = 'Needle in the hay';

/** What the page notes about itself. */
declare global {
  interface Window {
    /** Durations in milliseconds of what held the page up for more than 50 ms. */
    longTasks?: number[];
  }
}

interface BigLog {
  path: string;
  runnerId: string;
  lines: number;
}

/** Leaves a stopped runner in the data folder whose listener wrote much. */
async function writeBigLog(stage: Stage): Promise<BigLog> {
  const engine = await openEngine(stage);
  await engine.deploy(1);
  await engine.stopAll();
  const [runnerId = ''] = Object.keys(engine.engine.board.current().runners);
  await engine.close();
  const path = listenerLogPath(controlFolderOf(join(stage.dataFolder, 'runners', runnerId)));
  const file = await open(path, 'w');
  let lines = 0;
  let bytes = 0;
  const write = async (text: string, count: number): Promise<void> => {
    await file.appendFile(text);
    lines += count;
    bytes += Buffer.byteLength(text);
  };
  await write(`${needle}, at the start\n`, 1);
  for (let block = 0; bytes < logBytes; block += 1) {
    await write(hay(lines, 10_000), 10_000);
    if (block === 100) await write(`${needle}, in the middle\n`, 1);
  }
  await write(`${needle}, at the end\n`, 1);
  await file.close();
  return { path, runnerId, lines };
}

/** Lines as a build prints them: one in twenty with colours. */
function hay(from: number, count: number): string {
  let text = '';
  for (let line = from; line < from + count; line += 1) {
    const words = `compiled module ${line} of the application in ${line % 1000} ms, nothing to be said about it`;
    text += `2026-11-21 10:02:11Z: ${line % 20 === 0 ? `\u001b[32m${words}\u001b[0m` : words}\n`;
  }
  return text;
}

const counted = (lines: number): string => `of ${lines.toLocaleString('en')}`;

/** Goes from the list of runners to the log and resolves, in milliseconds, when lines and the count of all of them have been painted. */
function openLog(page: Page, { runnerId, lines }: BigLog): Promise<number> {
  return page.evaluate(
    ({ address, words }) =>
      new Promise<number>((resolve) => {
        const startedAt = performance.now();
        const isShown = (): boolean =>
          document.body.textContent.includes(words) &&
          [...document.querySelectorAll('[data-line]')].some(({ textContent }) => textContent !== '');
        const look = (): void => {
          if (!isShown()) return void requestAnimationFrame(look);
          // After the paint that this frame ends with.
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedAt)));
        };
        location.hash = address;
        look();
      }),
    { address: `#/runners/${runnerId}?log=listener`, words: counted(lines) },
  );
}

/** Writes at the pace that is followed. @returns lines and the time they took, in milliseconds */
async function grow(log: BigLog): Promise<{ lines: number; durationMs: number }> {
  const file: FileHandle = await open(log.path, 'a');
  const startedAt = performance.now();
  let written = 0;
  for (;;) {
    const elapsed = Math.min(followedMs, performance.now() - startedAt);
    const due = Math.floor((elapsed / 1000) * linesPerSecond) - written;
    if (due > 0) await file.appendFile(hay(log.lines + written, due));
    written += Math.max(0, due);
    if (elapsed >= followedMs) break;
    await sleep(20);
  }
  await file.close();
  return { lines: written, durationMs: performance.now() - startedAt };
}

const shows = (page: Page, words: string): Promise<unknown> =>
  page.waitForFunction((wanted) => document.body.textContent.includes(wanted), words, { timeout: timeoutMs });

/** What Chromium notes in a trace: durations in microseconds, `tdur` of them on the processor. */
const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      tdur: z.number().optional(),
      args: z.object({ name: z.unknown() }).partial().optional(),
    }),
  ),
});

/** The longest that a task of the page was on a processor, in milliseconds: what a busy machine does not lengthen. */
function longestOnProcessor(trace: Buffer): number {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString('utf8')));
  const mains = traceEvents.filter(({ args }) => args?.name === 'CrRendererMain');
  const isMain = ({ pid, tid }: { pid: number; tid: number }): boolean =>
    mains.some((main) => main.pid === pid && main.tid === tid);
  const durations = traceEvents.filter(isMain).map(({ tdur = 0 }) => tdur / 1000);
  return durations.reduce((longest, duration) => Math.max(longest, duration), 0);
}

async function followLog(browser: Browser, page: Page, log: BigLog) {
  await browser.startTracing(page, { categories: ['toplevel'] });
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      window.longTasks?.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
  });
  const startedAt = performance.now();
  const { lines, durationMs } = await grow(log);
  log.lines += lines;
  await shows(page, counted(log.lines));
  const shownMs = performance.now() - startedAt;
  const longTasks = await page.evaluate(() => window.longTasks ?? []);
  const trace = await browser.stopTracing();
  return {
    followedLinesPerSecond: Math.round((lines * 1000) / shownMs),
    followLagMs: Math.round(shownMs - durationMs),
    longTasks: longTasks.length,
    longestTaskMs: Math.round(Math.max(0, ...longTasks)),
    longestTaskProcessorMs: Math.round(longestOnProcessor(trace)),
  };
}

/** Types words and waits for the count of all their hits. */
async function searchLog(page: Page) {
  const startedAt = performance.now();
  await page.getByRole('searchbox', { name: 'Search in this log' }).fill(needle);
  const count = page.locator('search [role="status"]');
  await page.waitForFunction(
    () => /^\S+ hits?$/.test(document.querySelector('search [role="status"]')?.textContent ?? ''),
    undefined,
    { timeout: timeoutMs },
  );
  return {
    searchMs: Math.round(performance.now() - startedAt),
    hits: (await count.textContent()) ?? '',
  };
}

/** Opens the log in a new panel and a new page. @param then what is measured besides */
async function openOnce<T>(
  stage: Stage,
  browser: Browser,
  log: BigLog,
  then: (page: Page) => Promise<T>,
): Promise<{ openMs: number; rest: T }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const { panel, link } = await startPanel(stage);
  try {
    await page.goto(link);
    await page.getByRole('link', { name: 'Runners' }).first().click();
    await page
      .getByRole('link', { name: runnerName(1) })
      .first()
      .waitFor();
    await page.waitForLoadState('networkidle');
    const openMs = await openLog(page, log);
    return { openMs, rest: await then(page) };
  } finally {
    await context.close();
    panel.kill('SIGTERM');
    if (panel.exitCode === null) await once(panel, 'exit');
  }
}

export const logsBenchmark: Benchmark = {
  name: 'logs',
  description: 'a log of 200 MB in the panel: opened, followed at 20,000 lines a second, searched',
  async run(tell) {
    buildPanel();
    const executablePath = ensureBrowser();
    const loadBefore = loadavg()[0] ?? 0;
    const stage = await setUpStage(tell, { realisticSize: false });
    const browser = await chromium.launch({ executablePath, args: browserArguments() });
    try {
      const log = await writeBigLog(stage);
      const openings: number[] = [];
      for (let round = 1; round < rounds; round += 1) {
        const { openMs } = await openOnce(stage, browser, log, async () => null);
        openings.push(openMs);
        tell(`Round ${round}: ${log.lines.toLocaleString('en')} lines opened in ${openMs.toFixed(0)} ms`);
      }
      const last = await openOnce(stage, browser, log, async (page) => ({
        ...(await followLog(browser, page, log)),
        ...(await searchLog(page)),
      }));
      openings.push(last.openMs);
      return {
        figures: {
          rounds,
          logBytes,
          lines: log.lines,
          openMs: Math.round(median(openings)),
          slowestOpenMs: Math.round(Math.max(...openings)),
          ...last.rest,
          loadBefore,
          loadAfter: loadavg()[0] ?? 0,
        },
        targets: {
          openMs: { below: 1000 },
          followedLinesPerSecond: { atLeast: 0.95 * linesPerSecond },
          longestTaskMs: { below: 100 },
          hits: { is: '3 hits' },
        },
      };
    } finally {
      await browser.close();
      await stage.dispose();
    }
  },
};
