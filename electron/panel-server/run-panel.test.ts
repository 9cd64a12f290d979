import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestRouter } from '../doors/test-router.ts';
import { usualPort } from './command.ts';
import { type RunningPanel, runPanel } from './run-panel.ts';

let folder: string;
let panel: RunningPanel | null;
beforeEach(async () => {
  panel = null;
  folder = await mkdtemp(join(tmpdir(), 'run-panel-'));
  await writeFile(join(folder, 'index.html'), '<title>Panel</title>');
});
afterEach(async () => {
  await panel?.close();
  await rm(folder, { recursive: true });
});

function setup(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough({ encoding: 'utf8' });
  const engine = { opened: 0, disposed: 0 };
  const run = async (port: number | null): Promise<RunningPanel> => {
    panel = await runPanel({
      command: { port },
      staticFolder: folder,
      open: false,
      terminal: { input, output },
      env: {},
      openEngine: async () => {
        engine.opened += 1;
        const { router } = createTestRouter();
        return {
          router,
          dispose: async () => {
            engine.disposed += 1;
          },
        };
      },
    });
    return panel;
  };
  const nextLine = async (): Promise<string> => {
    let text: string = output.read() ?? '';
    while (!text.endsWith('\n')) {
      await once(output, 'readable');
      text += output.read() ?? '';
    }
    return text;
  };
  return { run, input, output, nextLine, engine };
}

/** Takes a port of this machine; resolves with it and a function that frees it. */
async function occupy(port: number) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  const taken = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    free: async () => {
      if (!taken) return;
      server.close();
      await once(server, 'close');
    },
  };
}

const linkIn = (line: string): string => /http:\S+/.exec(line)?.[0] ?? '';

test('one line with a link that opens the panel is printed', async () => {
  const { run, nextLine } = setup(false);
  await run(0);
  const line = await nextLine();
  expect(line.trimEnd().split('\n')).toHaveLength(1);
  const answer = await fetch(linkIn(line), { redirect: 'manual' });
  expect(answer.status).toBe(303);
  expect(line).not.toContain('Enter');
});

test('Enter in a terminal prints a new link, and the one before it is no longer good', async () => {
  const { run, input, nextLine } = setup(true);
  await run(0);
  const first = linkIn(await nextLine());
  input.write('\n');
  const second = linkIn(await nextLine());
  expect(second).not.toBe(first);
  expect((await fetch(first, { redirect: 'manual' })).status).toBe(403);
  expect((await fetch(second, { redirect: 'manual' })).status).toBe(303);
});

test('a port that was asked for and is in use is refused, and the engine is closed again', async () => {
  const other = await occupy(0);
  const { run, engine } = setup(false);
  await expect(run(other.port)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(engine).toEqual({ opened: 1, disposed: 1 });
  await other.free();
});

test('when no port was asked for and the usual one is in use, a free one is taken', async () => {
  const other = await occupy(usualPort);
  const { run } = setup(false);
  const { port } = await run(null);
  expect(port).not.toBe(usualPort);
  expect(port).toBeGreaterThan(0);
  await other.free();
});

test('closing stops the server and the engine', async () => {
  const { run, nextLine, engine } = setup(true);
  const { close } = await run(0);
  const link = linkIn(await nextLine());
  await close();
  panel = null;
  await expect(fetch(link)).rejects.toThrow();
  expect(engine).toEqual({ opened: 1, disposed: 1 });
});
