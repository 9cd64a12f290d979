import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { builderProblems } from './builder-rules.ts';

const root = join(import.meta.dirname, '..');
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const schemaFile = join(dirname(builder.resolve('app-builder-lib/package.json')), 'scheme.json');
const validate = new Ajv({ strict: false, allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
);
const text = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
const check = (changed: string): string[] =>
  builderProblems({ configuration: parse(changed), validate, exists: () => true });

test('the configuration is good', () => {
  expect(check(text)).toEqual([]);
});

test.each([
  ['an unknown key', text.replace('npmRebuild: false', 'npmRebuilt: false'), /additional properties/],
  ['a wrong type', text.replace('oneClick: false', 'oneClick: maybe'), /\/nsis/],
  ['an open fuse', text.replace('runAsNode: false', 'runAsNode: true'), /runAsNode/],
  ['a missing fuse', text.replace('  onlyLoadAppFromAsar: true\n', ''), /onlyLoadAppFromAsar/],
  ['a missing target', text.replace('target: rpm', 'target: snap'), /must build AppImage, deb, rpm/],
  ['a missing architecture', text.replace('[x64, arm64]', '[x64]'), /must build x64 and arm64/],
  ['a publishing host', text.replace('publish: null', 'publish: github'), /\/publish/],
])('%s is found', (_name, changed, expected) => {
  expect(changed).not.toBe(text);
  expect(check(changed).join('\n')).toMatch(expected);
});

test('a hook that is not there is found', () => {
  expect(builderProblems({ configuration: parse(text), validate, exists: () => false })).toEqual([
    './scripts/before-pack.ts does not exist',
  ]);
});
