import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { findResources } from './resources.ts';

const root = join(import.meta.dirname, '..', '..');
const builder = z
  .object({ extraResources: z.array(z.object({ from: z.string(), to: z.string() })) })
  .parse(parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')));
const placeOf = (from: string): string =>
  builder.extraResources.find((resource) => resource.from === from)?.to ?? 'nowhere';

/** electron-builder fills in the braces; they are no template of ours. */
const nodeSource = ['dist/node/', '{os}-', '{arch}'].join('$');

test('a packaged application finds what electron-builder put into it', () => {
  const options = { isPackaged: true, resourcesFolder: '/r', outFolder: '/r/app.asar/out' };
  const node = join('/r', placeOf(nodeSource), 'bin');
  expect(findResources({ ...options, platform: 'linux' })).toEqual({
    nodePath: join(node, 'node'),
    practiceRunnerFolder: join('/r', placeOf('out'), 'practice-runner'),
  });
  expect(findResources({ ...options, platform: 'win32' }).nodePath).toBe(join(node, 'node.exe'));
});

test('a checkout uses its own pinned Node', () => {
  const resources = findResources({
    isPackaged: false,
    resourcesFolder: '/elsewhere',
    outFolder: '/checkout/out',
    platform: 'linux',
  });
  expect(resources).toEqual({
    nodePath: join('/checkout', 'node_modules', 'node', 'bin', 'node'),
    practiceRunnerFolder: join('/checkout', 'out', 'practice-runner'),
  });
});
