import { expect, test } from 'vitest';
import { isAllowedOutside } from './external-links.ts';

const connections = [
  { webUrl: 'https://github.example.org', demo: false },
  { webUrl: 'http://127.0.0.1:8123', demo: true },
  { webUrl: 'http://plain.example', demo: false },
];

test.each([
  'https://github.com/settings/personal-access-tokens/new?name=x',
  'https://docs.github.com/actions',
  'https://github.example.org/o/r',
  'http://127.0.0.1:8123/o/r/actions/runs/1',
])('%s may be opened', (address) => {
  expect(isAllowedOutside(address, connections)).toBe(true);
});

test.each([
  'http://github.com/',
  'https://github.com.evil.example/',
  'https://evil.example/https://github.com/',
  'https://github.com@evil.example/',
  'https://user:secret@github.com/',
  'https://github.com:8443/',
  'http://127.0.0.1:8124/',
  'http://plain.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'ms-settings:privacy',
  'trackside://panel/index.html',
  '',
])('%s may not', (address) => {
  expect(isAllowedOutside(address, connections)).toBe(false);
});
