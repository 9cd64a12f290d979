import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { fileOfAddress, isOwnPage, pageAddress } from './page-address.ts';

const folder = resolve('/app/out/renderer');

test.each([
  [pageAddress, 'index.html'],
  ['trackside://panel/', 'index.html'],
  ['trackside://panel/assets/main-1a.js?v=1#top', 'assets/main-1a.js'],
  ['trackside://panel/a/../assets/x.css', 'assets/x.css'],
  ['trackside://panel/%61ssets/x.css', 'assets/x.css'],
])('%s is a file of the page', (address, file) => {
  expect(fileOfAddress(address, folder)).toBe(join(folder, file));
});

test.each([
  'trackside://panel/..%2f..%2fsecret',
  'trackside://panel/%2e%2e%2f%2e%2e%2fsecret',
  'trackside://panel/..%2frenderer-evil/x',
  'trackside://panel/..%5c..%5csecret',
  'trackside://panel/a%00.js',
  'trackside://panel/%zz',
  'trackside://elsewhere/index.html',
  'trackside://panel.evil/index.html',
  'trackside://panel:99/index.html',
  'trackside://user@elsewhere/index.html',
  'https://panel/index.html',
  'file:///app/out/renderer/index.html',
  'nonsense',
])('%s is nothing', (address) => {
  expect(fileOfAddress(address, folder)).toBeNull();
});

test('a path that leads out of the folder never leaves it', () => {
  expect(fileOfAddress('trackside://panel/../../etc/passwd', folder)).toBe(join(folder, 'etc/passwd'));
});

test('only the whole scheme and host are our page', () => {
  expect(isOwnPage(pageAddress)).toBe(true);
  expect(isOwnPage('trackside://panel.evil/')).toBe(false);
  expect(isOwnPage('trackside-evil://panel/')).toBe(false);
  expect(isOwnPage('about:blank')).toBe(false);
});
