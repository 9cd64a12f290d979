/** From the link that the served panel prints to the first paint that shows what the engine knows, in a real Chromium. */
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from '@playwright/test';
import { browserArguments, ensureBrowser } from '../browser.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './benchmark.ts';
import { openEngine, runnerName } from './engine-deploy.ts';
import { buildPanel, startPanel } from './served-panel.ts';
import { type Stage, setUpStage } from './stage.ts';

const rounds = 7;
const timeoutMs = 30_000;

interface Opening {
  /** From the printed link to the paint. */
  paintMs: number;
  /** From the start of the program to the printed link. */
  linkMs: number;
  scriptBytes: number;
  scriptGzipBytes: number;
}

/** What the page notes about itself: epoch milliseconds at which the awaited words had been painted. */
declare global {
  interface Window {
    paintedAt?: number;
  }
}

/** Runs in the page before anything of it: notes the first frame after the words have appeared. */
function watchForPaint(words: string): void {
  const observer = new MutationObserver(() => {
    if (!document.body?.textContent?.includes(words)) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        window.paintedAt = performance.timeOrigin + performance.now();
      };
      channel.port2.postMessage(null);
    });
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
}

/** The scripts that had arrived by the time of the paint, and what they weigh. */
async function weighScripts(page: Page, bodies: Map<string, Promise<Buffer>>, paintedAt: number) {
  const names = await page.evaluate(
    (until) =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => performance.timeOrigin + entry.startTime < until)
        .map(({ name }) => name),
    paintedAt,
  );
  const contents = await Promise.all(names.flatMap((name) => bodies.get(name) ?? []));
  return {
    scriptBytes: contents.reduce((total, content) => total + content.length, 0),
    scriptGzipBytes: contents.reduce((total, content) => total + gzipSync(content).length, 0),
  };
}

async function openOnce(stage: Stage, browser: Browser): Promise<Opening> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(watchForPaint, runnerName(1));
  const bodies = new Map<string, Promise<Buffer>>();
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.set(response.url(), response.body());
  });
  const { panel, link, printedAt, linkMs } = await startPanel(stage);
  try {
    await page.goto(link, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.paintedAt !== undefined, undefined, { timeout: timeoutMs });
    const paintedAt = await page.evaluate(() => window.paintedAt ?? Number.NaN);
    return { paintMs: paintedAt - printedAt, linkMs, ...(await weighScripts(page, bodies, paintedAt)) };
  } finally {
    await context.close();
    panel.kill('SIGTERM');
    if (panel.exitCode === null) await once(panel, 'exit');
  }
}

/** Leaves four stopped runners in the data folder, so that the panel has something to show. */
async function fill(stage: Stage): Promise<void> {
  const engine = await openEngine(stage);
  await engine.deploy(4);
  await engine.stopAll();
  await engine.close();
}

export const panelBenchmark: Benchmark = {
  name: 'panel',
  description:
    'from the printed link of the served panel to the first paint with data, and the JavaScript it takes',
  async run(tell) {
    buildPanel();
    const executablePath = ensureBrowser();
    const stage = await setUpStage(tell, { realisticSize: false });
    try {
      await fill(stage);
      const browser = await chromium.launch({ executablePath, args: browserArguments() });
      const openings: Opening[] = [];
      try {
        for (let round = 1; round <= rounds; round += 1) {
          const opening = await openOnce(stage, browser);
          openings.push(opening);
          tell(
            `Round ${round}: link after ${opening.linkMs} ms, painted ${opening.paintMs.toFixed(0)} ms later`,
          );
        }
      } finally {
        await browser.close();
      }
      const middle = (key: keyof Opening): number => median(openings.map((opening) => opening[key]));
      return {
        figures: {
          rounds,
          paintMs: Math.round(middle('paintMs')),
          slowestPaintMs: Math.round(Math.max(...openings.map(({ paintMs }) => paintMs))),
          linkMs: middle('linkMs'),
          scriptBytes: middle('scriptBytes'),
          scriptGzipBytes: middle('scriptGzipBytes'),
        },
        targets: { paintMs: { below: 1500 }, scriptGzipBytes: { below: 250_000 } },
      };
    } finally {
      await stage.dispose();
    }
  },
};
