import { expect, test } from 'vitest';
import { apiRootOf } from './registration.ts';

test.each([
  ['https://github.com/octo/forge', 'https://api.github.com'],
  ['https://www.github.com/octo', 'https://api.github.com'],
  ['https://corp.ghe.com/octo/forge', 'https://api.corp.ghe.com'],
  ['http://github.localhost:8080/octo/forge', 'http://api.github.localhost:8080'],
  ['https://git.example.com/octo/forge', 'https://git.example.com/api/v3'],
  ['http://127.0.0.1:8080/octo/forge', 'http://127.0.0.1:8080/api/v3'],
])('the API of %s is at %s', (url, root) => {
  expect(apiRootOf(url)).toBe(root);
});
