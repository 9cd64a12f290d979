import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findFolders } from './folders.ts';

const env = { TRACKSIDE_DATA_DIR: '/srv/data', TRACKSIDE_CACHE_DIR: '/srv/cache' };

test('the demo keeps its things apart', () => {
  const real = findFolders({ demo: false, env });
  const demo = findFolders({ demo: true, env });
  expect(real).toEqual({ dataFolder: resolve('/srv/data'), cacheFolder: resolve('/srv/cache') });
  expect(demo.dataFolder).not.toBe(real.dataFolder);
  expect(demo.cacheFolder).not.toBe(real.cacheFolder);
});

test('a folder named on the command line is taken as it is', () => {
  expect(findFolders({ demo: true, dataFolder: '/mine', env }).dataFolder).toBe(resolve('/mine'));
  expect(findFolders({ demo: false, dataFolder: 'here', env }).dataFolder).toBe(resolve('here'));
});

test('without any wish the platform’s places are used', () => {
  const { dataFolder, cacheFolder } = findFolders({ demo: false, env: {} });
  expect(dataFolder).toContain('trackside');
  expect(cacheFolder).toContain('trackside');
  expect(cacheFolder).not.toBe(dataFolder);
});
