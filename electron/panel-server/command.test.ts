import { resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { parsePanelCommand } from './command.ts';

const parse = (args: string[], lenient = false) =>
  parsePanelCommand({
    name: 'serve',
    description: 'Serves.',
    version: '1.2.3',
    args,
    env: { TRACKSIDE_DATA_DIR: '/data', TRACKSIDE_CACHE_DIR: '/cache' },
    lenient,
  });

/** What a refused command line prints, and the code it exits with. */
function refusal(args: string[]): { code: unknown; text: string } {
  let text = '';
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw Object.assign(new Error('exit'), { exitCode: code });
  });
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  try {
    parse(args);
    return { code: null, text };
  } catch (error) {
    return { code: (error as { exitCode?: unknown }).exitCode, text };
  } finally {
    exit.mockRestore();
    write.mockRestore();
  }
}

test('without options nothing is wished for', () => {
  expect(parse([])).toEqual({
    port: null,
    demo: false,
    open: null,
    folders: { dataFolder: resolve('/data'), cacheFolder: resolve('/cache') },
  });
});

test('every option is read', () => {
  const command = parse(['--port', '8000', '--demo', '--no-open', '--data-folder', '/mine']);
  expect(command).toMatchObject({ port: 8000, demo: true, open: false });
  expect(command.folders.dataFolder).toBe(resolve('/mine'));
  expect(parse(['--open']).open).toBe(true);
});

test.each(['0', '65536', '-1', '80x', 'http', '1e3', '8000.5'])(
  'port %s is refused with a sentence',
  (port) => {
    const { code, text } = refusal([`--port=${port}`]);
    expect(code).toBe(1);
    expect(text).toContain('A port is a whole number from 1 to 65535.');
  },
);

test('an option nobody knows is refused, except where Chromium’s switches come along', () => {
  expect(refusal(['--prot', '1'])).toMatchObject({ code: 1, text: expect.stringContaining('--prot') });
  expect(parse(['--inspect=0', '--remote-debugging-port=0', '--demo', 'trackside://x'], true).demo).toBe(
    true,
  );
});
