/** The queue's screen at its size, on the built panel in a real Chromium: opened, scrolled, and kept up to date. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { benchmarkSize } from '../../electron/demo/github/seed.ts';
import { type DemoGitHub, startDemoGitHub } from '../../electron/demo/github/server.ts';
import { connectLocally, type LocalClient } from '../../electron/doors/local-client.ts';
import type { Board } from '../../shared/board.ts';
import { applyChanges } from '../../shared/board-apply.ts';
import { browserArguments, ensureBrowser } from '../browser.ts';
import { median } from './benchmark.ts';
import { buildPanel, startPanel } from './served-panel.ts';

const rounds = 7;
const timeoutMs = 120_000;
const scrolls = 60;
const changes = 5;

declare global {
  interface Window {
    gaps?: number[];
    shownAt?: number;
  }
}

export interface QueueScreenFigures {
  queuedJobs: number;
  openMs: number;
  slowestOpenMs: number;
  longestFrameMs: number;
  changeMs: number;
  slowestChangeMs: number;
}

/** Connects the panel's engine to every repository of the demo. */
async function connectAll(client: LocalClient, github: DemoGitHub): Promise<void> {
  const credentials = { token: github.token, apiUrl: `${github.url}/api/v3`, repository: github.repository };
  const { id: connectionId } = await client.connections.add(credentials);
  const choices = await client.repositories.choices({ connectionId, search: '' });
  const names = choices
    .map(({ fullName }) => fullName)
    .filter((name) => /^octo\/(forge|workshop-)/.test(name));
  for (const fullName of names) await client.repositories.connect({ connectionId, fullName });
}

/** Follows the board as a panel does. */
async function followBoard(client: LocalClient) {
  let board: Board | null = null;
  const waiting = new Set<() => void>();
  void (async () => {
    for await (const event of await client.board.watch()) {
      board = event.kind === 'snapshot' ? event.board : board && applyChanges(board, event.changes);
      for (const look of waiting) look();
    }
  })().catch(() => {});
  return (condition: (board: Board) => boolean): Promise<number> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The board did not get there.')), timeoutMs);
      const look = (): void => {
        if (!board || !condition(board)) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(Date.now());
      };
      waiting.add(look);
      look();
    });
}

const queuedOf = ({ jobs }: Board): number =>
  Object.values(jobs).filter(({ status }) => status === 'queued').length;

/** Goes to the queue and resolves, in milliseconds, when its rows have been painted. */
function openQueue(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const startedAt = performance.now();
        const look = (): void => {
          if (performance.now() - startedAt > 30_000)
            return void reject(
              new Error(`The queue does not show: ${document.body.textContent.slice(0, 500)}`),
            );
          if (document.querySelectorAll('[role="table"] [role="row"]').length < 2)
            return void requestAnimationFrame(look);
          // After the paint that this frame ends with.
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedAt)));
        };
        location.hash = '#/queue';
        look();
      }),
  );
}

/** Scrolls from the top to the bottom. @returns the longest time between two frames, in milliseconds */
async function scrollQueue(page: Page): Promise<number> {
  await page.evaluate(() => {
    window.gaps = [];
    let before = performance.now();
    const note = (now: number): void => {
      window.gaps?.push(now - before);
      before = now;
      if (window.gaps) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await page.mouse.move(700, 500);
  for (let step = 0; step < scrolls; step += 1) await page.mouse.wheel(0, 700);
  const gaps = await page.evaluate(() => {
    const noted = window.gaps ?? [];
    window.gaps = undefined;
    return noted;
  });
  return Math.max(0, ...gaps.slice(1));
}

/**
 * A hundred jobs leave the queue at once, with their repository: from the engine telling of it to the paint of what is
 * left. Nothing is asked of the forge for that, whose budget a queue of this size uses up.
 */
async function changeOnce(
  page: Page,
  client: LocalClient,
  when: Awaited<ReturnType<typeof followBoard>>,
): Promise<number> {
  let repositoryId = '';
  let left = 0;
  await when((board) => {
    repositoryId = Object.keys(board.repositories).at(-1) ?? '';
    left = Object.values(board.jobs).filter(
      (job) => job.status === 'queued' && job.repositoryId !== repositoryId,
    ).length;
    return true;
  });
  await page.evaluate((words) => {
    window.shownAt = undefined;
    const look = (): void => {
      if (!document.querySelector('h1')?.textContent.includes(words)) return void requestAnimationFrame(look);
      requestAnimationFrame(() =>
        setTimeout(() => {
          window.shownAt = performance.timeOrigin + performance.now();
        }),
      );
    };
    look();
  }, left.toLocaleString('en'));
  const told = when((board) => queuedOf(board) <= left);
  await client.repositories.disconnect({ repositoryId });
  const toldAt = await told;
  await page.waitForFunction(() => window.shownAt !== undefined, undefined, { timeout: 30_000 });
  return Math.max(0, (await page.evaluate(() => window.shownAt ?? 0)) - toldAt);
}

async function measureIn(
  browser: Browser,
  stage: { folder: string; dataFolder: string },
  github: DemoGitHub,
  tell: (line: string) => void,
): Promise<QueueScreenFigures> {
  const { panel, link } = await startPanel(stage);
  const { client, close } = await connectLocally(stage.dataFolder);
  try {
    const when = await followBoard(client);
    await connectAll(client, github);
    let queued = 0;
    await when((board) => {
      queued = queuedOf(board);
      return queued >= benchmarkSize.queuedJobs;
    });
    tell(`The engine knows of ${queued.toLocaleString('en')} queued jobs`);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(link);
    await page.getByRole('link', { name: /^Settings/ }).waitFor();
    const openings: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await page.evaluate(() => (location.hash = '#/settings'));
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      openings.push(await openQueue(page));
    }
    const longestFrameMs = await scrollQueue(page);
    tell(
      `Opened in ${median(openings).toFixed(0)} ms; the longest frame of scrolling took ${longestFrameMs.toFixed(0)} ms`,
    );
    const delays: number[] = [];
    for (let change = 0; change < changes; change += 1) delays.push(await changeOnce(page, client, when));
    tell(`A change was painted ${median(delays).toFixed(0)} ms after the engine told of it`);
    return {
      queuedJobs: queued,
      openMs: Math.round(median(openings)),
      slowestOpenMs: Math.round(Math.max(...openings)),
      longestFrameMs: Math.round(longestFrameMs),
      changeMs: Math.round(median(delays)),
      slowestChangeMs: Math.round(Math.max(...delays)),
    };
  } finally {
    close();
    panel.kill('SIGTERM');
    if (panel.exitCode === null) await once(panel, 'exit');
  }
}

/** Measures the screen with twenty repositories, ten thousand runs and two thousand queued jobs of the demo GitHub. */
export async function measureQueueScreen(tell: (line: string) => void): Promise<QueueScreenFigures> {
  buildPanel();
  const folder = await mkdtemp(join(tmpdir(), 'trackside-bench-queue-'));
  const archiveFolder = join(folder, 'archives');
  const github = await startDemoGitHub({
    archiveFolder,
    seed: benchmarkSize,
    buildArchive() {
      throw new Error('No runner is deployed here.');
    },
  });
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: browserArguments() });
  try {
    return await measureIn(browser, { folder, dataFolder: join(folder, 'data') }, github, tell);
  } finally {
    await browser.close();
    await github.close();
    await rm(folder, { recursive: true, force: true });
  }
}
