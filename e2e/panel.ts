/** The built product, started as a person starts it: served to a browser, or in Electron where its binary exists. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, test as base, expect, type Page } from '@playwright/test';
import type { Folders } from './folders.ts';
import { clearAway } from './world.ts';

const root = join(import.meta.dirname, '..');

export interface Engine {
  /** The one-time link it printed. */
  link: string;
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Moves its clock forward; only the stepped program's. */
  advance(durationMs: number): Promise<void>;
  /** Ends it with a signal and waits for its end; SIGINT leaves its runners at work, SIGTERM would wait for their jobs. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('No port could be had.');
  return address.port;
}

/**
 * Starts the served panel and resolves when it has printed its link.
 * @param options `stepped`: with a clock that `advance` moves
 */
export async function startEngine(
  folders: Folders,
  options: { args?: string[]; stepped?: boolean } = {},
): Promise<Engine> {
  const port = String(await freePort());
  const { args = [], stepped = false } = options;
  const command = stepped
    ? ['e2e/stepped-panel.ts', port, folders.dataFolder, folders.cacheFolder]
    : ['out/main/serve.js', '--no-open', '--port', port, ...args];
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...folders.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => printed.push(line));
  const link = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The panel ended with ${code}:\n${printed.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(line);
      const found = /http:\S+/.exec(line);
      if (found) resolve(found[0]);
    });
  });
  return {
    link,
    process: child,
    output: () => printed.join('\n'),
    advance: (durationMs) =>
      new Promise((resolve, reject) =>
        child.stdin.write(`${durationMs}\n`, (error) => (error ? reject(error) : resolve())),
      ),
    async end(signal = 'SIGINT') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

export interface Panel {
  page: Page;
  folders: Folders;
}

interface Fixtures {
  folders: Folders;
  /** The panel opened on fresh folders. */
  panel: Panel;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern.
  folders: async ({}, use) => {
    const scratch = await mkdtemp(join(tmpdir(), 'trackside-e2e-'));
    const dataFolder = join(scratch, 'data');
    const cacheFolder = join(scratch, 'cache');
    const environment = {
      TRACKSIDE_DATA_DIR: dataFolder,
      TRACKSIDE_CACHE_DIR: cacheFolder,
      XDG_CONFIG_HOME: scratch,
    };
    await use({ dataFolder, cacheFolder, environment });
    await clearAway(scratch);
  },
  panel: async ({ folders, page }, use, testInfo) => {
    const { launcher, binary } = testInfo.project.metadata as { launcher: string; binary?: string };
    if (launcher === 'electron') {
      const application = await _electron.launch({
        executablePath: binary,
        args: [join(root, 'out/main/main.js')],
        env: { ...process.env, ...folders.environment } as Record<string, string>,
      });
      await use({ page: await application.firstWindow(), folders });
      // Without a question about jobs that run.
      const closed = application.waitForEvent('close');
      application.process().kill('SIGINT');
      await closed;
      return;
    }
    const engine = await startEngine(folders);
    try {
      await page.goto(engine.link);
      await use({ page, folders });
    } finally {
      await engine.end();
    }
  },
});

export { expect };
